// Command gcload is a set of small services for measuring the collector: each does a fixed number
// of operations on a live heap of a stated size and then ends, so that two runs under different
// settings do the same work. Standard library only; it builds with every Go since 1.18.
package main

import (
	"flag"
	"fmt"
	_ "net/http/pprof"
	"os"
	"runtime"
	"runtime/pprof"
	"sort"
	"time"
)

// A workload does ops operations on a heap of about liveMB, and returns a number nobody can predict
// so that nothing is optimised away.
type workload func(ops int, liveMB int) uint64

var workloads = map[string]workload{
	"sess":   sess,
	"tree":   tree,
	"list":   list,
	"json":   jsonAny,
	"http":   httpLoop,
	"small":  small,
	"queue":  queue,
	"matrix": matrix,
	"words":  words,
	"growth": growth,
	"idle":   idle,
	"log":    logFlood,
}

func main() {
	name := flag.String("w", "sess", "workload")
	ops := flag.Int("ops", 100000, "operations")
	live := flag.Int("live", 48, "live heap in MB")
	serve := flag.String("http", "", "serve /debug/pprof on this address meanwhile")
	secure := flag.Bool("tls", false, "serve https, with a certificate nobody vouches for")
	profile := flag.String("memprofile", "", "write a heap profile to this file at the end")
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
		fmt.Fprintln(os.Stderr, "gcload: no workload named", *name)
		os.Exit(2)
	}
	if *serve != "" {
		go func() { fmt.Fprintln(os.Stderr, listen(*serve, *secure)) }()
	}
	start := time.Now()
	sum := w(*ops, *live)
	if *profile != "" {
		f, err := os.Create(*profile)
		if err == nil {
			err = pprof.Lookup("allocs").WriteTo(f, 0)
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, "gcload:", err)
			os.Exit(1)
		}
		f.Close()
	}
	var ms runtime.MemStats
	runtime.ReadMemStats(&ms)
	fmt.Printf("{\"workload\":%q,\"ops\":%d,\"wall_s\":%.3f,\"sum\":%d,\"num_gc\":%d,\"total_alloc\":%d,\"sys\":%d,\"released\":%d,\"heap_inuse\":%d,\"heap_alloc\":%d,\"mallocs\":%d}\n",
		*name, *ops, time.Since(start).Seconds(), sum, ms.NumGC, ms.TotalAlloc, ms.Sys, ms.HeapReleased, ms.HeapInuse, ms.HeapAlloc, ms.Mallocs)
}

// rng is a small deterministic generator, so that every run does the same work.
type rng uint64

func (r *rng) next() uint64 {
	*r ^= *r << 13
	*r ^= *r >> 7
	*r ^= *r << 17
	return uint64(*r)
}
