package trip

import (
	"testing"
	"unsafe"

	"example.com/routeplanner/internal/road"
)

func TestTableIs4KiB(t *testing.T) {
	if size := unsafe.Sizeof(Table{}); size != 4096 {
		t.Errorf("a Table is %d bytes, want 4096", size)
	}
}

func TestShareCopiesEveryStop(t *testing.T) {
	stops := []Stop{{Arrive: 1}, {Arrive: 2}, {Arrive: 3}}
	shared := share(stops)
	values := (&Trip{Stops: shared}).Timetable()
	stops[0].Arrive = 9
	for i := range shared {
		if want := float64(i + 1); shared[i].Arrive != want || values[i].Arrive != want {
			t.Errorf("stop %d: %v and %v, want %v", i, shared[i].Arrive, values[i].Arrive, want)
		}
	}
}

func TestPlan(t *testing.T) {
	p := NewPlanner(road.Grid(10, 10, 2), 3, 100, 2)
	defer p.Close()
	var left []int64
	p.Board.OnLeave(func(gone *Trip) { left = append(left, gone.ID) })
	stops := []*road.Junction{p.Net.Junction(11), p.Net.Junction(88), p.Net.Junction(12)}
	var ids []int64
	for i := 0; i < 3; i++ {
		trip, err := p.Plan(stops)
		if err != nil {
			t.Fatal(err)
		}
		if len(trip.Stops) != 3 || len(trip.Legs) != 2 || trip.Stops[1].Junction.ID != 12 {
			t.Errorf("wrong tour: %+v", trip)
		}
		if trip.Stops[2].Arrive != trip.Seconds {
			t.Errorf("arrives after %v s, the trip takes %v s", trip.Stops[2].Arrive, trip.Seconds)
		}
		ids = append(ids, trip.ID)
	}
	if p.Board.Len() != 2 || len(left) != 1 || left[0] != ids[0] || p.Board.Trip(ids[2]) == nil {
		t.Errorf("%d trips on the board, %v left, want the oldest, %d", p.Board.Len(), left, ids[0])
	}
	if _, err := p.Plan(stops[:1]); err == nil {
		t.Error("a trip of one stop was planned")
	}
}

var (
	sinkPointers []*Stop
	sinkValues   []Stop
)

func BenchmarkShare(b *testing.B) {
	stops := make([]Stop, 16)
	b.ReportAllocs()
	for i := 0; i < b.N; i++ {
		sinkPointers = share(stops)
	}
}

func BenchmarkTimetable(b *testing.B) {
	trip := Trip{Stops: share(make([]Stop, 16))}
	b.ReportAllocs()
	for i := 0; i < b.N; i++ {
		sinkValues = trip.Timetable()
	}
}

func BenchmarkOrder(b *testing.B) {
	var table Table
	for row := range table.Seconds {
		for col := range table.Seconds[row] {
			table.Seconds[row][col] = uint32((row*31 + col*17) % 101)
		}
	}
	b.ReportAllocs()
	for i := 0; i < b.N; i++ {
		table.Order(MaxStops)
	}
}
