// Package route finds shortest routes and remembers them.
package route

import (
	"container/heap"
	"errors"
	"fmt"
	"math"

	"example.com/routeplanner/internal/road"
)

// ErrNoRoute means that the vehicle cannot get there at all.
var ErrNoRoute = errors.New("no route")

// Route is the fastest way between two junctions.
type Route struct {
	Junctions []*road.Junction
	Seconds   float64
	Meters    float64
	explain   func() string
}

// Explain tells how the route was found.
func (r *Route) Explain() string { return r.explain() }

// reached is a junction that a search has seen, with the time it expects a
// route through it to take.
type reached struct {
	at   *road.Junction
	cost float64
}

// frontier is a heap.Interface with the cheapest junction first. Push and
// Pop speak of any, so every reached is boxed on its way in and out.
type frontier []reached

func (f frontier) Len() int           { return len(f) }
func (f frontier) Less(i, k int) bool { return f[i].cost < f[k].cost }
func (f frontier) Swap(i, k int)      { f[i], f[k] = f[k], f[i] }
func (f *frontier) Push(x any)        { *f = append(*f, x.(reached)) }
func (f *frontier) Pop() any {
	x := (*f)[len(*f)-1]
	*f = (*f)[:len(*f)-1]
	return x // want "^x escapes to heap"
}

// tree is a shortest-path tree, one element per junction of the network.
type tree struct {
	seconds []float64    // best known time, infinite where not reached
	via     []*road.Road // the road by which that time was reached
	closed  []bool       // the time is final
}

// grow settles junctions from from on, cheapest first, until stop says so or
// none is left. estimate must never exceed the time still to go.
func (t *tree) grow(from *road.Junction, v road.Vehicle,
	estimate func(road.Point) float64, // want "estimate does not escape"
	stop func(j *road.Junction, seconds float64) bool, // want "stop does not escape"
) {
	for i := range t.seconds {
		t.seconds[i] = math.Inf(1)
	}
	t.seconds[from.ID] = 0
	open := frontier{{from, estimate(from.At)}} // want "moved to heap: open" "frontier{...} escapes to heap"
	for len(open) > 0 {
		j := heap.Pop(&open).(reached).at
		if t.closed[j.ID] {
			continue
		}
		t.closed[j.ID] = true
		if stop(j, t.seconds[j.ID]) {
			return
		}
		for _, r := range j.Out {
			s := t.seconds[j.ID] + v.Seconds(r)
			if s < t.seconds[r.To.ID] {
				t.seconds[r.To.ID], t.via[r.To.ID] = s, r
				heap.Push(&open, reached{r.To, s + estimate(r.To.At)}) // want "reached{...} escapes to heap"
			}
		}
	}
}

// estimateTo returns a lower bound of the time to goal. The closure outlives
// the call, and goal with it; a caller that gets it inlined may still keep
// both on its stack.
func estimateTo(goal road.Point, v road.Vehicle) func(road.Point) float64 {
	perMeter := v.Pace / road.Highway.Speed()
	return func(p road.Point) float64 { // want "func literal escapes to heap"
		return p.MetersTo(goal) * perMeter
	}
}

// Shortest finds the fastest route between two junctions of net.
func Shortest(net *road.Network, from, to *road.Junction, v road.Vehicle) (*Route, error) {
	n := net.Len()
	t := tree{ // want "moved to heap: t"
		seconds: make([]float64, n),    // want "make.*float64, n. escapes to heap"
		via:     make([]*road.Road, n), // want "make.*road.Road, n. escapes to heap"
		closed:  make([]bool, n),       // want "make.*bool, n. escapes to heap"
	}
	settled := 0 // want "moved to heap: settled"

	t.grow(from, v, estimateTo(to.At, v), func(j *road.Junction, _ float64) bool { // want "func literal does not escape"
		settled++
		return j == to
	})
	if math.IsInf(t.seconds[to.ID], 1) {
		return nil, ErrNoRoute
	}
	r := Route{Seconds: t.seconds[to.ID]} // want "moved to heap: r"
	r.Junctions = append(r.Junctions, to)
	for j := to; j != from; {
		step := t.via[j.ID]
		r.Meters += step.Meters()
		j = step.From
		r.Junctions = append(r.Junctions, j)
	}
	for i, k := 0, len(r.Junctions)-1; i < k; i, k = i+1, k-1 {
		r.Junctions[i], r.Junctions[k] = r.Junctions[k], r.Junctions[i]
	}
	// This closure lives as long as the route, in the cache, and holds the
	// whole tree for the sake of one length.
	r.explain = func() string { // want "func literal escapes to heap"
		return fmt.Sprintf("settled %d of %d junctions", settled, len(t.seconds)) // want "^settled escapes to heap" "len.t.seconds. escapes to heap"
	}
	return &r, nil
}

// maxReach bounds Reach, in seconds; the histogram has a slot for each.
const maxReach = 1 << 15

// Reach tells how many junctions can be reached from one within limit
// seconds, and within how many seconds half of them are.
func Reach(net *road.Network, from *road.Junction, v road.Vehicle, limit int) (count, median int) {
	if limit >= maxReach {
		limit = maxReach - 1
	}
	n := net.Len()
	// Nothing of this tree survives, but its size is known only here. Newer
	// compilers say "does not escape" and let small ones stay on the stack;
	// a tree this long is taken from the heap all the same.
	t := tree{
		seconds: make([]float64, n),    // want "make.*float64, n. (escapes to heap|does not escape)"
		via:     make([]*road.Road, n), // want "make.*road.Road, n. (escapes to heap|does not escape)"
		closed:  make([]bool, n),       // want "make.*bool, n. (escapes to heap|does not escape)"
	}
	arrivals := make([]uint32, maxReach)  // want "make.*uint32, (32768|maxReach). escapes to heap"
	nothing := func(road.Point) float64 { // want "func literal does not escape"
		return 0
	}
	t.grow(from, v, nothing, func(_ *road.Junction, seconds float64) bool { // want "func literal does not escape"
		if seconds > float64(limit) {
			return true
		}
		arrivals[int(seconds)]++
		count++
		return false
	})
	for before := 0; before*2 < count; median++ {
		before += int(arrivals[median])
	}
	return count, median
}
