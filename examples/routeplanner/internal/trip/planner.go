// Package trip plans trips of many stops over a road network.
package trip

import (
	"fmt"
	"sync"
	"sync/atomic"

	"example.com/routeplanner/internal/road"
	"example.com/routeplanner/internal/route"
)

// MaxStops is the most stops a trip may have.
const MaxStops = 32

// Table holds the travel time in seconds from every stop of a trip to every
// other: 4 KiB, whatever the number of stops.
type Table struct {
	Seconds [MaxStops][MaxStops]uint32
}

// Order returns the n stops in the order of a tour that starts at stop 0
// and always goes on to the nearest one left. The table comes by pointer to
// save copying 4 KiB; it does not escape, so the caller's stays on its stack.
func (t *Table) Order(n int) (order [MaxStops]uint8) { // want "^t does not escape"
	var visited [MaxStops]bool
	visited[0] = true
	for i := 1; i < n; i++ {
		row, best := &t.Seconds[order[i-1]], -1
		for k := 1; k < n; k++ {
			if !visited[k] && (best < 0 || row[k] < row[best]) {
				best = k
			}
		}
		order[i], visited[best] = uint8(best), true
	}
	return order
}

// Stop is a place a trip calls at.
type Stop struct {
	Junction *road.Junction
	Arrive   float64 // seconds after departure
}

// Trip is a planned tour.
type Trip struct {
	ID      int64
	Stops   []*Stop
	Legs    []*route.Route
	Seconds float64
}

// lastID numbers trips. It starts as zero: BSS.
var lastID int64

// vehicle is what trips are planned for: a struct initialised at link time.
var vehicle = road.Vehicle{Name: "car", Pace: 1}

// leg asks a worker for the time between two stops of a trip.
type leg struct {
	from, to *road.Junction
	row, col int
	done     chan<- legTime
}

// legTime answers a leg. It is sent by value: the channel's buffer holds it
// and sending allocates nothing.
type legTime struct {
	row, col int
	seconds  float64
	err      error
}

// Planner answers route and trip queries over one network. Its methods are
// safe for concurrent use, but none may be called once Close is.
type Planner struct {
	Net     *road.Network
	Cache   *route.Cache
	Board   *Board
	legs    chan *leg
	workers sync.WaitGroup
}

// NewPlanner starts a planner with that many workers, a cache of that many
// routes and a board of that many trips.
func NewPlanner(net *road.Network, workers, routes, trips int) *Planner {
	p := &Planner{ // want "&Planner{...} escapes to heap"
		Net:   net,
		Cache: route.NewCache(routes),
		Board: NewBoard(trips),
		legs:  make(chan *leg, workers),
	}
	p.workers.Add(workers)
	for i := 0; i < workers; i++ {
		go p.work()
	}
	return p
}

// Close stops the workers.
func (p *Planner) Close() {
	close(p.legs)
	p.workers.Wait()
}

func (p *Planner) work() { // want "leaking param: p$|leaking param content: p$"
	defer p.workers.Done()
	for l := range p.legs {
		t := legTime{row: l.row, col: l.col}
		r, err := p.Route(l.from, l.to, vehicle)
		if err != nil {
			t.err = fmt.Errorf("%s to %s: %w", l.from.Name, l.to.Name, err) // want "l.from.Name escapes to heap" "l.to.Name escapes to heap"
		} else {
			t.seconds = r.Seconds
		}
		l.done <- t
	}
}

// Route returns the fastest route, from the cache where it is known.
func (p *Planner) Route(from, to *road.Junction, v road.Vehicle) (*route.Route, error) {
	key := route.Key{From: from.ID, To: to.ID, Vehicle: v.Name}
	if r := p.Cache.Get(key); r != nil {
		return r, nil
	}
	r, err := route.Shortest(p.Net, from, to, v)
	if err == nil {
		p.Cache.Put(key, r)
	}
	return r, err
}

// measure fills table with the times between stops, as many at once as
// there are workers.
func (p *Planner) measure(table *Table, stops []*road.Junction) error { // want "^table does not escape"
	n := len(stops)
	done := make(chan legTime, n*n)
	for row, from := range stops {
		for col, to := range stops {
			p.legs <- &leg{from, to, row, col, done} // want "&leg{...} escapes to heap"
		}
	}
	var err error
	for i := 0; i < n*n; i++ {
		t := <-done
		table.Seconds[t.row][t.col] = uint32(t.seconds)
		if t.err != nil {
			err = t.err
		}
	}
	return err
}

// Plan finds a short tour from the first of stops over all others and puts
// it on the board.
func (p *Planner) Plan(stops []*road.Junction) (*Trip, error) {
	n := len(stops)
	if n < 2 || n > MaxStops {
		return nil, fmt.Errorf("a trip has 2 to %d stops, not %d", MaxStops, n) // want "^n escapes to heap"
	}
	var table Table // on this stack: nobody keeps the pointers to it
	if err := p.measure(&table, stops); err != nil {
		return nil, err
	}
	t := Trip{ID: atomic.AddInt64(&lastID, 1)} // want "moved to heap: t"
	order := table.Order(n)
	tour := make([]Stop, n) // want "make.*Stop, n. (escapes to heap|does not escape)"
	for i := range tour {
		tour[i] = Stop{stops[order[i]], t.Seconds}
		if i+1 == n {
			break
		}
		r, err := p.Route(stops[order[i]], stops[order[i+1]], vehicle)
		if err != nil {
			return nil, err
		}
		t.Legs = append(t.Legs, r)
		t.Seconds += r.Seconds
	}
	t.Stops = share(tour) // want "moved to heap: stop"
	p.Board.Add(&t)
	return &t, nil
}

// share returns pointers to copies of stops. Each copy is a heap object of
// its own, so that holding one stop does not hold the whole tour.
func share(stops []Stop) []*Stop {
	out := make([]*Stop, 0, len(stops)) // want "make.*Stop, 0, len.stops.. escapes to heap"
	for _, stop := range stops {
		stop := stop // want "moved to heap: stop"
		out = append(out, &stop)
	}
	return out
}

// Timetable is the value twin of share: it copies the stops into one array.
func (t *Trip) Timetable() []Stop {
	out := make([]Stop, 0, len(t.Stops)) // want "make.*Stop, 0, len.t.Stops.. escapes to heap"
	for _, stop := range t.Stops {
		out = append(out, *stop)
	}
	return out
}
