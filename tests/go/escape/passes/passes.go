// Package passes holds what the passes between inlining and escape analysis change.
package passes

import (
	"errors"
	"fmt"
)

type point struct {
	x, y int
	next *point
}

func newPoint(x int) *point { return &point{x: x} }

func twice(s string) string { return s + "," + s }

func effect() int { return len(fmt.Sprint(1)) }

// Initialized by the linker: nothing runs.
var (
	errA        = errors.New("a")
	origin      = &point{1, 2, &point{}}
	copied      = origin
	table       = [...]*point{{1, 2, nil}, 3: {3, 4, origin}}
	list        = []any{1, "x", origin, nil, 2.5}
	bytes       = []byte("bytes")
	handler     = func(p *point) *point { return p.next }
	method      = (*point).sum
	inlined     = newPoint(3)
	joined      = twice("t")
	face    any = point{}
	err         = error(errA)
)

// These run.
var (
	boxed          = fmt.Sprint("x")
	partly         = &point{effect(), 2, new(point)}
	after          = partly
	names          = map[string]*point{"a": {}, "b": newPoint(1)}
	first, second  = pairOf()
	_              = effect()
	_              = point{}
	slice          = make([]int, 3)
	found, isThere = names["a"]
)

// Moved to a function of its own.
var large = map[string]int{
	"a": 1, "b": 2, "c": 3, "d": 4, "e": 5, "f": 6, "g": 7, "h": 8, "i": 9, "j": 10, "k": 11,
}

func pairOf() (*point, error) { return &point{}, nil }

func (p *point) sum() int { return p.x + p.y }

func perTurn(n int) (fs []func() int, ps []*int) {
	for i := 0; i < n; i++ {
		if i == 2 {
			continue
		}
		fs = append(fs, func() int { return i })
	}
	for i, j := 0, n; i < j; i, j = i+1, j-1 {
		ps = append(ps, &j)
	}
	for k, v := range []int{1, 2, 3} {
		ps = append(ps, &v)
		_ = k
	}
outer:
	for i := range n {
		for j := 0; ; {
			j++
			ps = append(ps, &j)
			if j > i {
				continue outer
			}
			if j > 5 {
				break outer
			}
		}
	}
	for i := 0; i < n; i++ {
		return nil, []*int{&i}
	}
	return
}

func dead(n int) int {
	add := func(x int) int { return x + n }
	unused := func() { println("never") }
	_ = unused
	kept := func() *int { return &n }
	var also func()
	also = func() {}
	_ = also
	return add(1) + *kept()
}
