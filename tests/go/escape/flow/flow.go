// Package flow moves pointers in every way a statement can.
package flow

import (
	"reflect"
	"unsafe"

	"example.test/escape/callee"
)

var sink any

type pair struct{ a, b *int }

type getter interface{ Get() *int }

// Methods of another package's type, promoted: wrappers.
type Holder struct {
	*callee.Node
	count int
}

func calls() int {
	var a, b, c, d, e int
	callee.Keep(&a)
	callee.KeepContent(&callee.Node{Value: &b})
	p := callee.Same(&c)
	q, buf := callee.Inner(&callee.Node{Value: &d, Buf: make([]byte, 8)})
	_, _, _, _, _, r := callee.Many(&a, &b, &c, &d, &e, new(int))
	callee.Write(buf)
	callee.Quiet(&e, buf)
	return callee.Read(p) + *q + *r
}

func outside(n *callee.Node, x int) *int {
	callee.Escaping(uintptr(unsafe.Pointer(n)), uintptr(unsafe.Pointer(&x)))
	return callee.External(&x, 1, nil, n)
}

func dynamic(f func(*int) *int, g getter, x int) *int {
	y := x
	f(&x)
	return func() *int { return f(&y) }()
}

func methodValue(n *callee.Node) func() *int {
	cut := n.Cut
	cut(1)
	return n.Get
}

func captured() (func() int, int) {
	byValue, byRef, before := 1, 2, 3
	before = 4
	f := func() int {
		byRef++
		return byValue + byRef + before
	}
	return f, byRef
}

func results() (p *int, err error) {
	x := 0
	func() { p = &x }()
	u := 1
	q := func() *int { return &u }()
	*q = 2
	return
}

func loops(list []*int, m map[string]*int, ch chan *int) (last *int) {
	for i := 0; i < len(list); i++ {
		x := new(int)
		last = x
		list[i] = new(int)
	}
	for _, p := range list {
		last = p
	}
	for k, p := range m {
		_ = k
		sink = *p
	}
	for p := range ch {
		last = p
	}
	var outer *int
again:
	inner := 1
	outer = &inner
	if *outer < 10 {
		goto again
	}
	goto done
done:
	y := 2
	outer = &y
	return
}

func deferred(list []*int) {
	x := 1
	defer func() { x++ }()
	defer println(list, x)
	for range 3 {
		z := 2
		defer func() { z++ }()
	}
	go func() { sink = list }()
	go println(x)
}

func slices(in []*int, bytes []byte, n int) []*int {
	var x int
	out := append([]*int(nil), &x)
	out = append(out, in...)
	copy(out, in)
	fixed := make([]int, 10)
	known := 12
	small := make([]int, known)
	sized := make([]int, len(fixed))
	unknown := make([]byte, n)
	large := make([]int, 1<<20)
	empty := make([]struct{}, n)
	array := [3]*int{&x, nil, nil}
	list := []*int{&x}
	clear(bytes)
	_, _, _, _, _, _, _ = small, sized, unknown, large, empty, array[0], list[1:2:3]
	return out
}

func texts(s string, b []byte, r []rune) string {
	read := []byte(s)
	n := int(read[0])
	written := []byte(s)
	written[0] = 1
	t := s + string(b) + string(r) + string(rune(n))
	sink = []rune(t)
	for i, c := range []byte(s) {
		n += i + int(c)
	}
	return t
}

func boxed(n int, v any) (out []any) {
	k := 5
	sink = k
	sink = n
	sink = "text"
	sink = struct{}{}
	sink = &n
	out = append(out, n, k, v)
	switch w := v.(type) {
	case *int:
		sink = w
	case pair:
		out = append(out, w.a)
	case nil:
	}
	if p, ok := v.(*pair); ok {
		p.a = p.b
		p.b, p.a = p.a, p.b
	}
	return
}

func maps(key *int, m map[*int]*int) map[string]*int {
	m[key] = key
	delete(m, key)
	return map[string]*int{"a": key, "b": new(int)}
}

func channels(ch chan *int, v *int) *int {
	select {
	case ch <- v:
	case p, ok := <-ch:
		_ = ok
		return p
	}
	made := make(chan int)
	_ = made
	return <-ch
}

func header(s []byte, p *int) string {
	h := (*reflect.SliceHeader)(unsafe.Pointer(&s))
	h.Data = uintptr(unsafe.Pointer(p))
	q := (*byte)(unsafe.Pointer(uintptr(unsafe.Pointer(p)) + 1))
	return unsafe.String(q, 1)
}

func even(p *int, n int) *int {
	if n == 0 {
		return p
	}
	return odd(p, n-1)
}

func odd(p *int, n int) *int { return even(p, n-1) }

func huge() byte {
	var a [1 << 18]byte
	b := new([1 << 17]byte)
	return a[0] + b[1]
}

func upTo(n int) func(func(int) bool) {
	return func(yield func(int) bool) {
		for i := 0; i < n && yield(i); i++ {
		}
	}
}

// The loop that is never run has a number of its own.
func skippedLoop(n int, out []byte) {
	const debug = false
	if debug {
		for i := range upTo(n) {
			_ = i
		}
	}
	for i := range upTo(n) {
		out[i] = 1
	}
}
