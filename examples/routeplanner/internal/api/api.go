// Package api answers route planning requests over HTTP.
package api

import (
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"

	"example.com/routeplanner/internal/road"
	"example.com/routeplanner/internal/route"
	"example.com/routeplanner/internal/trip"
)

type endpoint int

const (
	routeEndpoint endpoint = iota
	tripEndpoint
	reachEndpoint
	statsEndpoint
	endpoints
)

// paths is initialised package state, in the data segment.
var paths = [endpoints]string{"/route", "/trip", "/reach", "/stats"}

// State of the whole process that starts as zero, in BSS: the counters are
// there at once, the map is nil until something fails.
var (
	served     [endpoints]uint64
	failuresMu sync.Mutex
	failures   map[string]int
)

// notFound is the one error value of its kind, made before main starts.
var notFound = errors.New("no such junction, vehicle or trip")

// handler holds what the endpoints share.
type handler struct {
	planner *trip.Planner
	left    uint64 // trips that have left the board
}

// New returns the service over p:
//
//	/route?from=J&to=J[&vehicle=V]   the fastest route
//	/trip?stop=J&stop=J...           a tour of all stops, put on the board
//	/trip?id=N                       a trip on the board
//	/reach?from=J&seconds=N          what can be reached in that time
//	/stats                           counters
func New(p *trip.Planner) http.Handler {
	h := &handler{planner: p}          // want "&handler{...} escapes to heap"
	p.Board.OnLeave(func(*trip.Trip) { // want "func literal escapes to heap"
		atomic.AddUint64(&h.left, 1)
	})
	mux := http.NewServeMux()
	answers := [endpoints]func(*http.Request) (any, error){h.route, h.trip, h.reach, h.stats} // want "h.route escapes to heap" "h.trip escapes to heap" "h.reach escapes to heap" "h.stats escapes to heap"
	for e, answer := range answers {
		mux.Handle(paths[e], serve(endpoint(e), answer))
	}
	return mux
}

// serve makes an HTTP handler of an answer. The closure is all that the
// multiplexer keeps.
func serve(e endpoint, answer func(*http.Request) (any, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, req *http.Request) { // want "func literal escapes to heap"
		atomic.AddUint64(&served[e], 1)
		reply, err := answer(req)
		if err != nil {
			countFailure(err)
			http.Error(w, err.Error(), http.StatusNotFound)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		json.NewEncoder(w).Encode(reply)
	}
}

func countFailure(err error) {
	failuresMu.Lock()
	defer failuresMu.Unlock()
	if failures == nil {
		failures = make(map[string]int) // want "make.map.string.int. escapes to heap"
	}
	failures[err.Error()]++
}

// junction returns the junction that a form value names.
func (h *handler) junction(name string) (*road.Junction, error) {
	if j := h.planner.Net.Named(name); j != nil {
		return j, nil
	}
	return nil, notFound
}

type routeReply struct {
	Seconds   float64  `json:"seconds"`
	Meters    float64  `json:"meters"`
	Junctions []string `json:"junctions"`
	Search    string   `json:"search"`
}

func (h *handler) route(req *http.Request) (any, error) {
	v := road.FindVehicle("car")
	if name := req.FormValue("vehicle"); name != "" {
		v = road.FindVehicle(name)
	}
	from, err := h.junction(req.FormValue("from"))
	if err != nil || v == nil {
		return nil, notFound
	}
	to, err := h.junction(req.FormValue("to"))
	if err != nil {
		return nil, err
	}
	r, err := h.planner.Route(from, to, *v)
	if err != nil {
		return nil, err
	}
	reply := routeReply{Seconds: r.Seconds, Meters: r.Meters, Search: r.Explain()}
	for _, j := range r.Junctions {
		reply.Junctions = append(reply.Junctions, j.Name)
	}
	return reply, nil // want "^reply escapes to heap"
}

type tripReply struct {
	ID      int64       `json:"id"`
	Seconds float64     `json:"seconds"`
	Stops   []stopReply `json:"stops"`
}

type stopReply struct {
	Junction string  `json:"junction"`
	Arrive   float64 `json:"arrive"`
}

func (h *handler) trip(req *http.Request) (any, error) {
	t, err := h.findOrPlan(req)
	if err != nil {
		return nil, err
	}
	reply := &tripReply{ID: t.ID, Seconds: t.Seconds} // want "&tripReply{...} escapes to heap"
	for _, s := range t.Timetable() {
		reply.Stops = append(reply.Stops, stopReply{s.Junction.Name, s.Arrive})
	}
	return reply, nil
}

func (h *handler) findOrPlan(req *http.Request) (*trip.Trip, error) {
	if text := req.FormValue("id"); text != "" {
		id, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return nil, err
		}
		if t := h.planner.Board.Trip(id); t != nil {
			return t, nil
		}
		return nil, notFound
	}
	var stops []*road.Junction
	for _, name := range req.Form["stop"] {
		j, err := h.junction(name)
		if err != nil {
			return nil, err
		}
		stops = append(stops, j)
	}
	return h.planner.Plan(stops)
}

func (h *handler) reach(req *http.Request) (any, error) {
	from, err := h.junction(req.FormValue("from"))
	if err != nil {
		return nil, err
	}
	limit, err := strconv.Atoi(req.FormValue("seconds"))
	if err != nil {
		return nil, err
	}
	car, _ := road.VehicleNamed("car")
	count, median := route.Reach(h.planner.Net, from, car, limit)
	return map[string]int{"junctions": count, "median": median}, nil // want "map.string.int{...} escapes to heap"
}

func (h *handler) stats(*http.Request) (any, error) {
	counts := make(map[string]any) // want "make.map.string.any. escapes to heap"
	for e, path := range paths {
		counts[path] = atomic.LoadUint64(&served[e]) // want "atomic.LoadUint64.* escapes to heap"
	}
	counts["routes"] = h.planner.Cache.Len()    // want "Cache.*Len.* escapes to heap"
	counts["trips"] = h.planner.Board.Len()     // want "Board.*Len.* escapes to heap"
	counts["left"] = atomic.LoadUint64(&h.left) // want "atomic.LoadUint64.* escapes to heap"
	failuresMu.Lock()
	defer failuresMu.Unlock()
	for text, n := range failures {
		counts["failed: "+text] = n // want "^n escapes to heap"
	}
	return counts, nil
}
