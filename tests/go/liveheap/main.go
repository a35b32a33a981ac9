// Liveheap is what tests/oracle/live_profile.sh looks into: it allocates at random from many places
// and, told so on standard input, writes the heap profile the endpoint would give.
package main

import (
	"bufio"
	"fmt"
	"math/rand"
	"os"
	"runtime"
	"runtime/pprof"
	"strings"
	"sync"
	"sync/atomic"
)

type node struct {
	left, right *node
	payload     []byte
}

type box[T any] struct{ values []T }

func (b *box[T]) add(n int) { b.values = append(b.values, make([]T, n)...) }

var (
	kept  [512]any
	lock  sync.Mutex
	total int
)

func grow(r *rand.Rand, depth int) *node {
	n := &node{payload: make([]byte, r.Intn(3000))}
	if depth > 0 {
		n.left, n.right = grow(r, depth-1), grow(r, depth-1)
	}
	return n
}

func keep(r *rand.Rand, v any) {
	lock.Lock()
	defer lock.Unlock()
	kept[r.Intn(len(kept))] = v
	total++
}

func step(r *rand.Rand) {
	switch r.Intn(6) {
	case 0:
		keep(r, grow(r, r.Intn(6)))
	case 1:
		keep(r, make([]int, r.Intn(40000)))
	case 2:
		m := map[string]int{}
		for i := range r.Intn(500) {
			m[fmt.Sprint(i, total)] = i
		}
		keep(r, m)
	case 3:
		b := &box[float64]{}
		b.add(r.Intn(5000))
		keep(r, b)
	case 4:
		b := &box[string]{}
		b.add(r.Intn(3000))
		keep(r, b)
	case 5:
		keep(r, strings.Repeat("x", r.Intn(100000)))
	}
}

func work(steps int, seed int64) {
	var wait sync.WaitGroup
	for g := range 4 {
		wait.Add(1)
		go func() {
			defer wait.Done()
			r := rand.New(rand.NewSource(seed + int64(g)))
			for range steps {
				step(r)
			}
		}()
	}
	wait.Wait()
}

// busy never stops allocating, and checks what it keeps.
func busy() {
	for seed := int64(0); ; seed++ {
		r := rand.New(rand.NewSource(seed))
		list := make([][]uint64, 64)
		for i := range list {
			list[i] = make([]uint64, 1+r.Intn(2000))
			list[i][0], list[i][len(list[i])-1] = uint64(i), uint64(i)
			step(r)
		}
		for i, x := range list {
			if x[0] != uint64(i) || x[len(x)-1] != uint64(i) {
				fmt.Println("damaged")
				os.Exit(1)
			}
		}
	}
}

var (
	chain      *node
	collecting atomic.Int32
)

func collect() {
	collecting.Add(1)
	runtime.GC()
	collecting.Add(-1)
}

func main() {
	runtime.MemProfileRate = 8 << 10
	in := bufio.NewScanner(os.Stdin)
	for in.Scan() {
		var what, file string
		var steps int
		fmt.Sscan(in.Text(), &what, &steps, &file)
		switch what {
		case "work":
			work(steps, int64(total))
		case "collect":
			runtime.GC()
		case "list": // long: marking it takes a while
			for range steps {
				chain = &node{left: chain}
			}
		case "collecting":
			go collect()
		case "state":
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			fmt.Println(m.NumGC, collecting.Load())
			continue
		case "busy":
			for range steps {
				go busy()
			}
		case "profile", "text":
			debug := 0
			if what == "text" {
				debug = 1
			}
			f, err := os.Create(file)
			if err == nil {
				err = pprof.Lookup("heap").WriteTo(f, debug)
			}
			if err != nil {
				fmt.Println(err)
				os.Exit(1)
			}
			f.Close()
		}
		fmt.Println("done")
	}
}
