package road

import (
	"math"
	"math/rand"
)

const (
	rasterSide = 2048 // cells
	rasterCell = 10.0 // metres
)

// raster is a map of heights in metres, 16 MiB of them.
type raster [rasterSide][rasterSide]float32

// raise puts a square hill on the raster, one metre higher every cell inwards.
func (r *raster) raise(row, col, radius int) {
	for y := 1; y < 2*radius; y++ {
		for x := 1; x < 2*radius; x++ {
			edge := math.Min(math.Min(float64(x), float64(2*radius-x)), math.Min(float64(y), float64(2*radius-y)))
			r[(row+y)%rasterSide][(col+x)%rasterSide] += float32(edge)
		}
	}
}

func (r *raster) height(p Point) float64 {
	return float64(r[int(p.Y/rasterCell)%rasterSide][int(p.X/rasterCell)%rasterSide])
}

// survey sets the travel time of every road. The raster never leaves this
// function; it is on the heap only because no stack frame may be that big.
func (n *Network) survey(rng *rand.Rand) {
	var hills raster // want "moved to heap: hills"
	for i := 0; i < 24; i++ {
		hills.raise(rng.Intn(rasterSide), rng.Intn(rasterSide), 40+rng.Intn(80))
	}
	for _, j := range n.junctions {
		for _, r := range j.Out {
			climb := math.Max(0, hills.height(r.To.At)-hills.height(r.From.At))
			r.Seconds = r.Meters() / r.Class.Speed() * (1 + climb/100)
		}
	}
}
