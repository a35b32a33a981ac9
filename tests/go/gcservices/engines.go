package main

import (
	"fmt"
	"sync"

	"github.com/dop251/goja"
	"go.starlark.net/starlark"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/structpb"
)

// javascript: a script that keeps a table of orders and rebuilds parts of it.
func javascript(ops int) uint64 {
	vm := goja.New()
	must(vm.Set("ops", ops))
	v, err := vm.RunString(`
		var orders = [], total = 0, seed = 7;
		function next(n) { seed = (seed * 1103515245 + 12345) % 2147483648; return seed % n; }
		for (var i = 0; i < ops; i++) {
			var o = { id: i, items: [], note: "order " + i };
			for (var k = 0; k < 5; k++) o.items.push({ sku: "s" + next(1000), count: k });
			total += o.items.filter(function (x) { return x.count > 1; }).length;
			orders[next(60000)] = o;
		}
		total;`)
	must(err)
	return uint64(v.ToInteger())
}

// starlarkConfig: a configuration language evaluated again and again, the newest results kept.
func starlarkConfig(ops int) uint64 {
	const source = `
def target(name, n):
    return {"name": name, "deps": ["//lib:d%d" % i for i in range(n)], "flags": [("-O%d" % (i % 4), i) for i in range(n)]}
targets = {"t%d" % i: target("t%d" % i, 8) for i in range(60)}
total = len([1 for t in targets.values() if len(t["deps"]) > 3])
`
	kept, sum := make([]starlark.StringDict, 250), uint64(0)
	for i := 0; i < ops; i++ {
		globals, err := starlark.ExecFile(&starlark.Thread{Name: "c"}, "c.star", source, nil)
		must(err)
		kept[i%len(kept)] = globals
		sum += uint64(globals["targets"].(*starlark.Dict).Len())
	}
	return sum + held(kept)
}

// messages: requests encoded and decoded as protocol buffers by four workers; the newest kept.
func messages(ops int) uint64 {
	items := make([]any, 20)
	for i := range items {
		items[i] = map[string]any{"id": i, "name": fmt.Sprint("item ", i), "ok": i%2 == 0}
	}
	value, err := structpb.NewStruct(map[string]any{"items": items, "page": 3, "user": "u"})
	must(err)
	var wg sync.WaitGroup
	sums := make([]uint64, 4)
	for g := range sums {
		wg.Add(1)
		go func() {
			defer wg.Done()
			kept := make([]*structpb.Struct, 400)
			for i := 0; i < ops/len(sums); i++ {
				b, err := proto.Marshal(value)
				must(err)
				m := &structpb.Struct{}
				must(proto.Unmarshal(b, m))
				kept[i%len(kept)] = m
				sums[g] += uint64(len(b))
			}
			sums[g] += held(kept)
		}()
	}
	wg.Wait()
	return sums[0] + sums[1] + sums[2] + sums[3]
}

// actors: thousands of goroutines with deep stacks, woken in turn by messages.
func actors(ops int) uint64 {
	type message struct {
		from int
		body []uint64
		back chan *message
	}
	const count = 3000
	var serve func(depth int, in chan *message) uint64
	serve = func(depth int, in chan *message) uint64 {
		var local [24]uint64
		if depth > 0 {
			return serve(depth-1, in) + local[depth%24]
		}
		state := map[uint64][]uint64{}
		for m := range in {
			key := m.body[0] % 16
			state[key] = append(state[key][:0:0], m.body...)
			local[m.from%24] += m.body[0]
			m.back <- &message{from: m.from, body: append([]uint64{local[m.from%24]}, m.body...)}
		}
		return local[0]
	}
	in := make([]chan *message, count)
	for i := range in {
		in[i] = make(chan *message, 4)
		go serve(8, in[i])
	}
	var wg sync.WaitGroup
	sums := make([]uint64, 8)
	for g := range sums {
		wg.Add(1)
		go func() {
			defer wg.Done()
			r, back := rng(1000+g), make(chan *message, 1)
			for i := 0; i < ops/len(sums); i++ {
				in[r.below(count)] <- &message{from: g, body: make([]uint64, 32+r.below(32)), back: back}
				sums[g] += uint64(len((<-back).body))
			}
		}()
	}
	wg.Wait()
	var sum uint64
	for _, s := range sums {
		sum += s
	}
	return sum
}
