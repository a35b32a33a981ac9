package p

import "unsafe"

const (
	a, b = iota, 1 << iota
	c, d
	e = "x" + "y"
	f = 1i * 2.5e10
	big = 1 << 500 / (1 << 498)
)

type I interface {
	J
	M(x ...int) (r error)
}
type J interface{ N() J }
type S struct {
	*T
	x, y [c + d]int `tag:"v"`
	f    func(S) *S
	ch   <-chan chan<- int
	m    map[string]struct{ z interface{} }
}
type T struct{ s *S }

func (t *T) N() J                    { return t }
func (t T) M(x ...int) (err error)   { defer func() { err, _ = recover().(error) }(); return }
func (S) String() string             { return e }

var i I = &T{}
var v, ok = i.(*T)
var arr = [...]string{2: "two", 5: "five"}
var sl = arr[1:len(arr):cap(arr[:])]
var off = unsafe.Offsetof(S{}.y) + unsafe.Sizeof(v)
var g = func(n int) int {
	if n <= 0 {
		return 0
	}
L:
	for k, w := range map[string]int{"a": 1} {
		switch {
		case k == "a" && w > n:
			continue L
		default:
			break L
		}
	}
	select {
	case x, ok := <-make(chan int, 1):
		_, _ = x, ok
	default:
	}
	goto L2
L2:
	return n*2 + complexpart(complex(1, 2))
}

func complexpart(c complex128) int { return int(real(c)) << uint(imag(c)) }
