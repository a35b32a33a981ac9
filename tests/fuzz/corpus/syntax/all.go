//go:build linux && go1.21

// Package p has one of everything.
package p

import (
	"fmt"
	. "math"
	_ "embed"
	m "os"
)

//go:noinline
type (
	A    = map[string][]int
	T[P any, Q ~int | *string] struct {
		a, b int `tag`
		*U
		G[P, Q]
		c chan<- int
		d <-chan (<-chan int)
	}
	I interface {
		m(x, y int, z ...string) (n int, err error)
		~[]byte | string
		E
	}
	V[P *T,] [3]P
)

const (
	x, y = iota, 0x1p-2i
	z    = 'a' + '\u00e9' + 1_000
)

var f, g = func(a, _ int) {}, [...]int{1: 2, 3}

func (r *T[P, Q]) method(x ...int) (y int) {
outer:
	for i := range 10 {
		switch v := any(i).(type) {
		case int, *string:
			continue outer
		default:
			break outer
		}
	}
	for a, b := 0, 1; a < b; a++ {
		if x := f; x != nil {
			goto end
		} else if y {
		} else {
			defer func() { recover() }()
		}
	}
	select {
	case v, ok := <-r.c:
	case r.c <- 1:
	default:
	}
	switch {
	case a[1:2:3] == nil:
		fallthrough
	case !b && ^c|d&^e<<2 > 0:
	}
	x, y = y.(T[int]), *p.q[i](T{a: {1}, b: T[int]{}}...)
	go f(new(1 + 2))
	p.x <<= 3
	var q = &[]string{`raw
string`, "q\n\x41\101\U0001F600"}
end:
	return
}

/*line other.go:10:5*/ func _[K comparable, V int|~string]()
