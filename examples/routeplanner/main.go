// Routeplanner is a small service that plans routes over a made-up city. It
// exists to be reviewed: CASES.md lists what each place in it shows.
package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	"net"
	"net/http"
	"net/http/pprof"
	"os"
	"os/signal"
	"time"

	"example.com/routeplanner/internal/api"
	"example.com/routeplanner/internal/road"
	"example.com/routeplanner/internal/trip"
)

func main() {
	addr := flag.String("addr", "127.0.0.1:8077", "listen on this `address`; port 0 takes any free one")
	side := flag.Int("side", 60, "the city has this many junctions to a side")
	workers := flag.Int("workers", 4, "number of route workers")
	routes := flag.Int("routes", 500, "number of routes to cache")
	trips := flag.Int("trips", 100, "number of trips to keep on the board")
	flag.Parse()

	planner := trip.NewPlanner(road.Grid(*side, *side, 1), *workers, *routes, *trips)
	mux := http.NewServeMux()
	mux.Handle("/", api.New(planner))
	mux.HandleFunc("/debug/pprof/", pprof.Index)
	mux.HandleFunc("/debug/pprof/cmdline", pprof.Cmdline)
	mux.HandleFunc("/debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("/debug/pprof/symbol", pprof.Symbol)
	mux.HandleFunc("/debug/pprof/trace", pprof.Trace)

	listener, err := net.Listen("tcp", *addr)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("listening on http://%s\n", listener.Addr())
	server := &http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second}
	stopped := make(chan struct{})
	go func() { // want "func literal escapes to heap"
		defer close(stopped)
		interrupt := make(chan os.Signal, 1)
		signal.Notify(interrupt, os.Interrupt)
		<-interrupt
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		server.Shutdown(ctx)
	}()
	if err := server.Serve(listener); err != http.ErrServerClosed {
		log.Fatal(err)
	}
	<-stopped
	planner.Close()
}
