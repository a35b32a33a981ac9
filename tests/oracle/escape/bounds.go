package escape

// Indexes that cannot be outside their array, in the order they are walked.

var jumps [4]func(int) int
var octets [256]int

type shuffle struct {
	s    [256]uint32
	more [2][]int
}

func (c *shuffle) swap(i, j uint8) {
	c.s[i], c.s[j] = c.s[j], c.s[i]
}

func swap(i int, j, k uint8) (c shuffle) {
	c.s[i], c.s[j] = c.s[j], c.s[i]
	c.s[k], c.s[j] = c.s[j], c.s[k]
	return c
}

func digits(b []byte, s []byte) {
	const hex = "0123456789abcdef"
	for i, x := range b {
		s[i*2], s[i*2+1] = hex[x>>4], hex[x&0xf]
	}
}

func (c *shuffle) put(gen uint, v int) {
	c.more[gen%2][v] = get(octets[uint8(v)]) + octets[uint8(v+1)]
	c.more[gen%2][get(1)], octets[uint8(v)] = octets[uint8(get(v))], get(octets[uint8(v)])
	spend(octets[uint8(v)], get(octets[uint8(v)]), jumps[gen%4](octets[uint8(gen)]))
}

//go:noinline
func get(x int) int { return x + octets[uint8(x)] }

//go:noinline
func spend(a, b, c int) {}
