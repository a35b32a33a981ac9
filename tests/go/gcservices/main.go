// Command gcservices is a set of programs around libraries from the Go module proxy, for measuring
// the collector on code that was not written for it: each does a fixed number of operations, so that
// two runs under different settings do the same work.
package main

import (
	"flag"
	"fmt"
	"os"
	"sort"
)

// A workload does ops operations and returns a number that keeps them from being optimised away.
type workload func(ops int) uint64

var workloads = map[string]workload{
	"actors":   actors,
	"bigcache": cacheOfBytes,
	"btree":    orderedSet,
	"buntdb":   memoryDatabase,
	"chroma":   highlight,
	"expr":     rules,
	"graph":    routes,
	"hcl":      blocks,
	"roaring":  segments,
	"xml":      feeds,
	"goja":     javascript,
	"goldmark": markdown,
	"goparse":  goSource,
	"html":     htmlPages,
	"lru":      leastRecent,
	"memdb":    tables,
	"proto":    messages,
	"radix":    growingIndex,
	"starlark": starlarkConfig,
	"template": templates,
	"yaml":     yamlConfigs,
}

func main() {
	name := flag.String("w", "memdb", "workload")
	ops := flag.Int("ops", 10000, "operations")
	list := flag.Bool("list", false, "list the workloads")
	flag.Parse()
	if *list {
		var names []string
		for n := range workloads {
			names = append(names, n)
		}
		sort.Strings(names)
		for _, n := range names {
			fmt.Println(n)
		}
		return
	}
	w := workloads[*name]
	if w == nil {
		fmt.Fprintln(os.Stderr, "gcservices: no workload named", *name)
		os.Exit(2)
	}
	fmt.Println(w(*ops))
}

// must ends the program: a workload that fails measures nothing.
func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "gcservices:", err)
		os.Exit(1)
	}
}

// rng is a small deterministic generator, so that every run does the same work.
type rng uint64

func (r *rng) next() uint64 {
	*r ^= *r << 13
	*r ^= *r >> 7
	*r ^= *r << 17
	return uint64(*r)
}

func (r *rng) below(n int) int { return int(r.next() % uint64(n)) }

// held reads a slice at the end of a workload: one that is only written, and small enough for the
// stack, would keep nothing alive.
func held[T any](kept []T) uint64 {
	sum := uint64(0)
	for i := range kept {
		sum += uint64(len(fmt.Sprintf("%p", &kept[i])))
	}
	return sum
}
