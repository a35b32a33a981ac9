package p

import "nowhere"

type R struct{ R }
type C [len(x)]int
var x C
type L1 L2
type L2 L1
type Inf[T any] struct{ f *Inf[Inf[T]] }
type Cons interface{ int | Cons }

func (r R) m() {}
func (r *R) m() {}
func dup(a int, a string) (a bool) { return }
func f[T any](x T) { f[*T](nil) }

var y = z
var z = y + undefined.Name
var _ = nowhere.F(1, "a"...)
var _ int = "s" + 1
var _ = 1 << 1.5 << x
var w = [3]int{1, 2, 3, 4, 0: 5}
var _ = struct{ a int }{b: 1}
var _ = map[[]int]int{}

func g() int {
	for {
		break
	}
	a, a := 1
	b := func() { goto missing }
	if b := 3; b {
	}
	switch a.(type) {
	case int, int, error:
	}
	return 1, 2
}
