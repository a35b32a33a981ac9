// Loadgen puts a bounded load on the route planner.
//
// With -url it asks a running server, on this machine only. Without, it runs
// the service itself, and with -profile it then writes a heap profile of it:
//
//	go run ./cmd/loadgen -seconds 2 -profile heap.pb.gz
package main

import (
	"flag"
	"fmt"
	"io"
	"log"
	"math/rand"
	"net"
	"net/http"
	"net/url"
	"os"
	"runtime"
	"runtime/pprof"
	"sync"
	"sync/atomic"
	"time"

	"example.com/routeplanner/internal/api"
	"example.com/routeplanner/internal/road"
	"example.com/routeplanner/internal/trip"
)

func main() {
	target := flag.String("url", "", "load the server at this loopback `URL` instead of an own one")
	profile := flag.String("profile", "", "write the heap profile of the own service to this `file`")
	rate := flag.Int("rate", 4096, "sample one allocation in this many `bytes`")
	seconds := flag.Float64("seconds", 2, "stop after this time, at most 60")
	requests := flag.Int64("requests", 20000, "stop after this many requests, at most a million")
	clients := flag.Int("clients", 2, "number of requests under way at once, at most 64")
	side := flag.Int("side", 60, "the city has this many junctions to a side, at most 80")
	flag.Parse()
	if *seconds > 60 || *requests > 1000000 || *clients < 1 || *clients > 64 || *side < 2 || *side > 80 {
		log.Fatal("a flag is out of range; see -help")
	}
	runtime.MemProfileRate = *rate // before the service allocates anything

	l := loader{base: *target, side: *side, left: *requests} // want "moved to heap: l"
	var planner *trip.Planner
	if *target == "" {
		planner = trip.NewPlanner(road.Grid(*side, *side, 1), 2, 500, 100)
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		check(err)
		l.base = "http://" + listener.Addr().String()
		go http.Serve(listener, api.New(planner))
	} else if *profile != "" || !loopback(*target) {
		log.Fatal("-url is http:// with a loopback address, and goes without -profile")
	}
	check(l.run(*clients, time.Duration(*seconds*float64(time.Second))))
	fmt.Printf("%d requests, %d of them refused\n", l.done, l.refused) // want "l.done escapes to heap" "l.refused escapes to heap"
	if *profile != "" {
		check(writeProfile(*profile))
	}
	runtime.KeepAlive(planner) // so that the profile shows what it holds
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

// loopback tells whether the URL names this machine by a loopback address.
func loopback(target string) bool {
	u, err := url.Parse(target)
	if err != nil {
		return false
	}
	ip := net.ParseIP(u.Hostname())
	return u.Scheme == "http" && ip != nil && ip.IsLoopback()
}

// loader counts down the requests that its clients make.
type loader struct {
	base                string
	side                int
	left, done, refused int64
}

// run loads the server until time or requests are used up.
func (l *loader) run(clients int, limit time.Duration) error { // want "leaking param: l$"
	deadline := time.Now().Add(limit)
	failed := make(chan error, clients)
	var running sync.WaitGroup // want "moved to heap: running"
	for i := 0; i < clients; i++ {
		running.Add(1)
		go func(seed int64) { // want "func literal escapes to heap"
			defer running.Done()
			rng := rand.New(rand.NewSource(seed))
			for time.Now().Before(deadline) && atomic.AddInt64(&l.left, -1) >= 0 {
				if err := l.get(l.base + l.request(rng)); err != nil {
					failed <- err
					return
				}
			}
		}(int64(i))
	}
	running.Wait()
	close(failed)
	return <-failed
}

// request makes up the path and query of a request.
func (l *loader) request(rng *rand.Rand) string {
	a, b, c := l.junction(rng), l.junction(rng), l.junction(rng)
	switch n := rng.Intn(100); {
	case n < 70:
		vehicle := [...]string{"car", "car", "truck", "bike"}[n%4]
		return "/route?from=" + a + "&to=" + b + "&vehicle=" + vehicle
	case n < 85:
		return "/reach?seconds=300&from=" + a
	case n < 95:
		return "/trip?stop=" + a + "&stop=" + b + "&stop=" + c
	}
	return "/stats"
}

func (l *loader) junction(rng *rand.Rand) string {
	return fmt.Sprintf("r%dc%d", rng.Intn(l.side), rng.Intn(l.side))
}

func (l *loader) get(target string) error {
	reply, err := http.Get(target)
	if err != nil {
		return err
	}
	defer reply.Body.Close()
	atomic.AddInt64(&l.done, 1)
	if reply.StatusCode != http.StatusOK {
		atomic.AddInt64(&l.refused, 1)
	}
	_, err = io.Copy(io.Discard, reply.Body)
	return err
}

// writeProfile writes the "allocs" profile, which holds the live objects too.
func writeProfile(name string) error {
	file, err := os.Create(name)
	if err != nil {
		return err
	}
	runtime.GC() // the live part of the profile is as of the last collection
	if err := pprof.Lookup("allocs").WriteTo(file, 0); err != nil {
		file.Close()
		return err
	}
	return file.Close()
}
