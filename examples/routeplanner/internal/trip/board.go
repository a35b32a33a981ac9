package trip

import "sync"

// Board lists the trips planned last, a bounded number of them.
type Board struct {
	mu     sync.Mutex
	limit  int
	trips  map[int64]*Trip
	leaves []func(*Trip)
}

// NewBoard returns a board for at most limit trips.
func NewBoard(limit int) *Board {
	return &Board{limit: limit, trips: make(map[int64]*Trip)} // want "&Board{...} escapes to heap" "make.map.int64..Trip. escapes to heap"
}

// OnLeave has f called for every trip that leaves the board. The board
// keeps f, and so all that f captures, as long as it lives.
func (b *Board) OnLeave(f func(*Trip)) { // want "leaking param: f$"
	b.mu.Lock()
	defer b.mu.Unlock()
	b.leaves = append(b.leaves, f)
}

// Add puts t on the board; when the board is full the oldest trip leaves.
func (b *Board) Add(t *Trip) { // want "leaking param: t$"
	b.mu.Lock()
	defer b.mu.Unlock()
	b.trips[t.ID] = t
	if len(b.trips) <= b.limit {
		return
	}
	oldest := t
	for _, other := range b.trips {
		if other.ID < oldest.ID {
			oldest = other
		}
	}
	delete(b.trips, oldest.ID)
	for _, f := range b.leaves {
		f(oldest)
	}
}

// Trip returns the trip with that ID, or nil.
func (b *Board) Trip(id int64) *Trip {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.trips[id]
}

// Len is the number of trips on the board.
func (b *Board) Len() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.trips)
}
