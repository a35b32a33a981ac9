// Package bloop has every statement that a benchmark loop keeps alive.
package bloop

import "testing"

type T struct{ a, b int }

//go:noinline
func f(x int) int { return x }

//go:noinline
func g(x ...any) {}

//go:noinline
func two() (int, string) { return 1, "" }

func h(p *int) { *p++ }

func BenchmarkA(b *testing.B) {
	var t T
	var s []int
	p := new(int)
	x := 0
	for b.Loop() {
		f(3)
		f(x)
		_ = f(4)
		t.a = f(x)
		s = append(s, x)
		g(x, 3, t)
		two()
		_, q := two()
		_ = q
		*p = 5
		h(p)
		h(&x)
		x++
		x += 3
		for i := range 3 {
			f(i)
		}
		if x > 3 {
			f(2)
		} else {
			println(x, 3)
		}
		switch x {
		case 1:
			f(5)
		}
		func() { f(x) }()
		s[0], t.b = 1, 2
	}
}
