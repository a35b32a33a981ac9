package main

import "sync"

type treeNode struct{ left, right *treeNode }

func grow(depth int) *treeNode {
	if depth == 0 {
		return &treeNode{}
	}
	return &treeNode{grow(depth - 1), grow(depth - 1)}
}

func (t *treeNode) count() uint64 {
	if t.left == nil {
		return 1
	}
	return 1 + t.left.count() + t.right.count()
}

// tree: one long-lived tree and many short-lived ones.
func tree(ops, liveMB int) uint64 {
	depth := 10
	for (16<<uint(depth+2))>>20 <= liveMB {
		depth++
	}
	long := grow(depth)
	var sum uint64
	for i := 0; i < ops; i++ {
		sum += grow(10).count()
	}
	return sum + long.count()
}

type link struct {
	next *link
	key  uint64
}

// list: a linked list in shuffled order, which marks badly, beside small garbage.
func list(ops, liveMB int) uint64 {
	n := liveMB << 20 / 24
	nodes := make([]*link, n)
	r := rng(99991)
	for i := range nodes {
		nodes[i] = &link{key: r.next()}
	}
	for i := range nodes {
		j := int(r.next() % uint64(n))
		nodes[i], nodes[j] = nodes[j], nodes[i]
	}
	for i := 1; i < n; i++ {
		nodes[i-1].next = nodes[i]
	}
	head := nodes[0]
	nodes = nil
	var sum uint64
	for i := 0; i < ops; i++ {
		garbage := make([]*link, 64)
		for k := range garbage {
			garbage[k] = &link{key: uint64(i)}
		}
		sum += garbage[i%64].key + head.key
	}
	return sum
}

// small: hardly any live heap, much garbage.
func small(ops, liveMB int) uint64 {
	type point struct {
		x, y, z int
		next    *point
	}
	var sum uint64
	table := make([]*point, 64)
	for i := 0; i < ops; i++ {
		p := &point{x: i, y: i * 2, next: table[i%64]}
		if p.next != nil {
			p.next.next = nil
		}
		table[i%64] = p
		sum += uint64(p.y) + uint64(len(make([]byte, 200+i%300)))
		buf := make([]int64, 20+i%20)
		buf[0] = int64(i)
		table[i%64].z = int(buf[0])
	}
	return sum
}

// queue: buffers pass from producers to a consumer through a channel; pointer-free payloads.
func queue(ops, liveMB int) uint64 {
	type message struct {
		body []byte
		hops []*int
	}
	ch := make(chan *message, 256)
	keep := make([]*message, liveMB<<20/4300+1)
	var wg sync.WaitGroup
	for g := 0; g < 2; g++ {
		wg.Add(1)
		go func(g int) {
			defer wg.Done()
			for i := 0; i < ops/2; i++ {
				hop := i
				m := &message{body: make([]byte, 4096), hops: []*int{&hop}}
				for k := 0; k < len(m.body); k += 64 {
					m.body[k] = byte(i + k)
				}
				ch <- m
			}
		}(g)
	}
	go func() { wg.Wait(); close(ch) }()
	var sum uint64
	i := 0
	for m := range ch {
		for k := 0; k < len(m.body); k += 64 {
			sum += uint64(m.body[k])
		}
		keep[i%len(keep)] = m
		i++
	}
	return sum
}

// matrix: rows of numbers, computed and replaced; large pointer-free objects.
func matrix(ops, liveMB int) uint64 {
	const width = 2048
	rows := make([][]float64, liveMB<<20/(width*8)+1)
	for i := range rows {
		rows[i] = make([]float64, width)
	}
	for i := 0; i < ops; i++ {
		fresh := make([]float64, width)
		a, b := rows[i%len(rows)], rows[(i*7+1)%len(rows)]
		for k := range fresh {
			fresh[k] = a[k]*0.5 + b[k]*0.25 + float64(k)
		}
		rows[i%len(rows)] = fresh
	}
	return uint64(rows[0][1])
}

// growth: an index that grows for the whole run, as a batch job does.
func growth(ops, liveMB int) uint64 {
	type entry struct {
		key  string
		hits []uint32
	}
	index := map[uint64]*entry{}
	r := rng(31337)
	limit := uint64(liveMB) << 20 / 200
	var sum uint64
	for i := 0; i < ops; i++ {
		id := r.next() % (1 + limit*uint64(i+1)/uint64(ops))
		e := index[id]
		if e == nil {
			e = &entry{key: string([]byte{byte(id), byte(id >> 8), byte(id >> 16), 'k', 'e', 'y'})}
			index[id] = e
		}
		if len(e.hits) > 8 {
			e.hits = nil
		}
		e.hits = append(e.hits, uint32(i))
		scratch := make([]uint32, 24)
		scratch[i%24] = uint32(id)
		sum += uint64(scratch[i%24]) + uint64(len(e.key))
	}
	return sum
}
