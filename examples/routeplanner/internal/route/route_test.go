package route

import (
	"math"
	"testing"

	"example.com/routeplanner/internal/road"
)

var car, _ = road.VehicleNamed("car")

// settle is a slow, plain answer to compare with: relax until nothing changes.
func settle(net *road.Network, from *road.Junction, v road.Vehicle) []float64 {
	best := make([]float64, net.Len())
	for i := range best {
		best[i] = math.Inf(1)
	}
	best[from.ID] = 0
	for changed := true; changed; {
		changed = false
		for id := range best {
			for _, r := range net.Junction(int32(id)).Out {
				if s := best[id] + v.Seconds(r); s < best[r.To.ID] {
					best[r.To.ID], changed = s, true
				}
			}
		}
	}
	return best
}

func TestShortest(t *testing.T) {
	net := road.Grid(12, 10, 3)
	bike, _ := road.VehicleNamed("bike")
	for _, v := range []road.Vehicle{car, bike} {
		from := net.Named("r3c3")
		for id, want := range settle(net, from, v) {
			r, err := Shortest(net, from, net.Junction(int32(id)), v)
			if math.IsInf(want, 1) {
				if err != ErrNoRoute {
					t.Errorf("%s to %d: error %v, want %v", v.Name, id, err, ErrNoRoute)
				}
				continue
			}
			if err != nil || math.Abs(r.Seconds-want) > 1e-6 {
				t.Fatalf("%s to %d: %v, %v, want %v s", v.Name, id, r, err, want)
			}
			if r.Junctions[0] != from || r.Junctions[len(r.Junctions)-1].ID != int32(id) {
				t.Errorf("%s to %d: wrong ends", v.Name, id)
			}
		}
	}
}

func TestReach(t *testing.T) {
	net := road.Grid(12, 10, 3)
	from := net.Named("r5c5")
	want := 0
	for _, s := range settle(net, from, car) {
		if s <= 60 {
			want++
		}
	}
	count, median := Reach(net, from, car, 60)
	if count != want || median < 1 || median > 61 {
		t.Errorf("Reach = %d, %d, want %d and a median within the limit", count, median, want)
	}
	if all, _ := Reach(net, from, car, math.MaxInt32); all != net.Len() {
		t.Errorf("Reach without limit = %d, want %d", all, net.Len())
	}
}

func TestExplain(t *testing.T) {
	net := road.Grid(4, 4, 1)
	r, err := Shortest(net, net.Named("r0c0"), net.Named("r0c0"), car)
	if err != nil || r.Explain() != "settled 1 of 16 junctions" {
		t.Errorf("%v, %v", r, err)
	}
}

func TestCache(t *testing.T) {
	c := NewCache(2)
	a, b, d := &Route{}, &Route{}, &Route{}
	c.Put(Key{From: 1}, a)
	c.Put(Key{From: 2}, b)
	c.Put(Key{From: 3}, d)
	if c.Len() != 2 || c.Get(Key{From: 1}) != nil || c.Get(Key{From: 2}) != b || c.Get(Key{From: 3}) != d {
		t.Error("the oldest route was not the one forgotten")
	}
}

func BenchmarkShortest(b *testing.B) {
	net := road.Grid(40, 40, 1)
	from, to := net.Named("r2c2"), net.Named("r37c35")
	b.ReportAllocs()
	b.ResetTimer()
	for i := 0; i < b.N; i++ {
		if _, err := Shortest(net, from, to, car); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkReach(b *testing.B) {
	net := road.Grid(40, 40, 1)
	from := net.Named("r20c20")
	b.ReportAllocs()
	b.ResetTimer()
	for i := 0; i < b.N; i++ {
		Reach(net, from, car, 300)
	}
}
