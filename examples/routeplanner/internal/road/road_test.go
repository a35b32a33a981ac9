package road

import "testing"

func TestGrid(t *testing.T) {
	net := Grid(5, 7, 1)
	if net.Len() != 35 {
		t.Fatalf("Len = %d, want 35", net.Len())
	}
	roads := 0
	for id := 0; id < net.Len(); id++ {
		j := net.Junction(int32(id))
		if net.Named(j.Name) != j {
			t.Errorf("Named(%q) is another junction", j.Name)
		}
		for _, r := range j.Out {
			if r.From != j || r.Seconds < r.Meters()/Highway.Speed() {
				t.Errorf("bad road %s to %s: %v s", r.From.Name, r.To.Name, r.Seconds)
			}
			roads++
		}
	}
	if want := 2 * (5*6 + 4*7); roads != want {
		t.Errorf("%d roads, want %d", roads, want)
	}
}

func TestVehicleTwinsAgree(t *testing.T) {
	for _, name := range []string{"car", "truck", "bike", "sledge"} {
		p := FindVehicle(name)
		v, ok := VehicleNamed(name)
		if ok != (p != nil) || ok && *p != v {
			t.Errorf("%s: pointer %v, value %v %v", name, p, v, ok)
		}
	}
}

var (
	sinkPointer *Vehicle
	sinkValue   Vehicle
)

func BenchmarkFindVehicle(b *testing.B) {
	b.ReportAllocs()
	for i := 0; i < b.N; i++ {
		sinkPointer = FindVehicle("truck")
	}
}

func BenchmarkVehicleNamed(b *testing.B) {
	b.ReportAllocs()
	for i := 0; i < b.N; i++ {
		sinkValue, _ = VehicleNamed("truck")
	}
}
