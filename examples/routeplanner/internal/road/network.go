package road

import (
	"fmt"
	"math/rand"
)

// Spacing is the distance between neighbouring junctions of a Grid.
const Spacing = 250.0

// Junction is a node of the network. It keeps its roads as pointers because
// the road is shared with every search that crosses it.
type Junction struct {
	ID   int32
	Name string
	At   Point
	Out  []*Road
}

// Road leads one way from one junction to another.
type Road struct {
	From, To *Junction
	Class    Class
	Seconds  float64
}

// Meters is the length of the road.
func (r *Road) Meters() float64 { return r.From.At.MetersTo(r.To.At) }

// Network is a road graph, read only once it is built.
type Network struct {
	junctions []*Junction
	byName    map[string]*Junction
}

// roadsBuilt counts roads by class over the life of the process. It starts
// as zero, so it costs address space in BSS and no bytes in the file.
var roadsBuilt [Highway + 1]uint64

// Grid builds a city of rows times cols junctions on hilly ground, the same
// one for the same seed. A highway runs along every eighth row and column.
func Grid(rows, cols int, seed int64) *Network {
	rng := rand.New(rand.NewSource(seed))
	net := Network{ // want "moved to heap: net"
		junctions: make([]*Junction, 0, rows*cols),       // want "make.*Junction, 0, rows . cols. escapes to heap"
		byName:    make(map[string]*Junction, rows*cols), // want "make.map.string..Junction, rows . cols. escapes to heap"
	}
	for i := 0; i < rows*cols; i++ {
		net.add(Point{X: float64(i%cols) * Spacing, Y: float64(i/cols) * Spacing},
			fmt.Sprintf("r%dc%d", i/cols, i%cols))
	}
	for i, j := range net.junctions {
		if i%cols+1 < cols {
			link(j, net.junctions[i+1], classOf(i/cols, rng))
		}
		if i+cols < len(net.junctions) {
			link(j, net.junctions[i+cols], classOf(i%cols, rng))
		}
	}
	net.survey(rng)
	return &net
}

// add puts a junction into the slice and into the map: two pointers to one
// object, which therefore has to outlive this call.
func (n *Network) add(at Point, name string) {
	j := &Junction{ID: int32(len(n.junctions)), Name: name, At: at} // want "&Junction{...} escapes to heap"
	n.junctions = append(n.junctions, j)
	n.byName[name] = j
}

// link joins a and b in both directions.
func link(a, b *Junction, c Class) { // want "leaking param: a$" "leaking param: b$"
	a.Out = append(a.Out, &Road{From: a, To: b, Class: c}) // want "&Road{...} escapes to heap"
	b.Out = append(b.Out, &Road{From: b, To: a, Class: c}) // want "&Road{...} escapes to heap"
	roadsBuilt[c] += 2
}

func classOf(line int, rng *rand.Rand) Class {
	switch {
	case line%8 == 0:
		return Highway
	case rng.Intn(4) == 0:
		return Lane
	}
	return Street
}

// Len is the number of junctions; their IDs are 0 to Len()-1.
func (n *Network) Len() int { return len(n.junctions) }

// Junction returns the junction with that ID.
func (n *Network) Junction(id int32) *Junction { return n.junctions[id] }

// Named finds a junction by name; it is nil when there is none.
func (n *Network) Named(name string) *Junction { return n.byName[name] }
