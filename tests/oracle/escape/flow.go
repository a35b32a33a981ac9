// Package escape is compiled with -m by the Go compiler and by heapwise; the answers must be equal.
package escape

import (
	"errors"
	"fmt"
	"io"
	"sort"
	"strings"
)

var sink any

type point struct{ x, y int }

func newPoint(x, y int) *point { return &point{x, y} }

func (p *point) add(q point) { p.x, p.y = p.x+q.x, p.y+q.y }

func (p point) String() string { return fmt.Sprintf("(%d, %d)", p.x, p.y) }

func local() int {
	p := newPoint(1, 2)
	p.add(point{3, 4})
	return p.x * p.y
}

func leak(p *point, m map[string]*point, s []*point, c chan *point) {
	m["p"] = p
	s[0] = p
	c <- p
	sink = *p
}

func content(s []*point) *point { return s[0] }

type node struct {
	left, right *node
	name        string
}

func (n *node) walk(f func(*node)) {
	if n == nil {
		return
	}
	n.left.walk(f)
	f(n)
	n.right.walk(f)
}

func names(n *node) (list []string) {
	n.walk(func(n *node) { list = append(list, n.name) })
	sort.Slice(list, func(i, j int) bool { return list[i] < list[j] })
	return list
}

var errLocal = errors.New("local")

func loops(words []string) (out []func() string) {
	for i, w := range words {
		if w == "" {
			continue
		}
		out = append(out, func() string { return strings.Repeat(w, i) })
	}
	for i := 0; i < 3; i++ {
		defer func() { sink = i }()
	}
	return out
}

type table [16]byte

func (t *table) at(i uint8) byte { return t[i&15] + "0123456789abcdef"[i>>4] }

func buffers(n int) ([]byte, string) {
	small := make([]byte, 10)
	big := make([]byte, 1<<17)
	some := make([]byte, n)
	copy(some, small)
	some = append(some, big[:n]...)
	return []byte("text"), string(some)
}

type stack struct{ buf []byte }

func (s *stack) pop(n int) { s.buf = s.buf[n:] }

func writes(w io.Writer, err error) (n int, _ error) {
	defer fmt.Fprintln(w, "done")
	go func(err error) { sink = err }(err)
	switch e := err.(type) {
	case nil:
		return 0, errLocal
	case interface{ Timeout() bool }:
		if e.Timeout() {
			return fmt.Fprint(w, "timeout")
		}
	case *point:
		sink = e
	}
	n, err = io.WriteString(w, "error: "+err.Error())
	return n, fmt.Errorf("writing: %w", err)
}

func values() (func() string, func(point)) {
	p := newPoint(5, 6)
	return p.String, p.add
}

type embedded struct {
	*point
	fmt.Stringer
	n int
}

func embeds(e embedded) string { e.add(point{}); return e.Stringer.String() }

var registry = map[string]func() any{
	"point":  func() any { return newPoint(0, 0) },
	"string": func() any { return "" },
}

func init() { sink = registry }

func receive(in <-chan *point, quit <-chan struct{}) *point {
	for {
		select {
		case p, ok := <-in:
			if ok {
				return p
			}
		case <-quit:
			return nil
		}
	}
}
