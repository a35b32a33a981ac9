// Package review has one heap move per category. A comment `review: RULE...` names the rules of
// the findings on its line; a line without one must have none.
package review

import (
	"errors"
	"fmt"
	"strconv"

	"example.com/review/inner"
)

type item struct {
	id   int
	next *item
}

type holder struct {
	one   *item
	many  []*item
	named map[string]*item
}

var kept *item

var table = map[string]*item{} // review: stored-in-global

func returned(id int) *item {
	return &item{id: id} // review: returned-pointer
}

func named(id int) (it *item) {
	it = &item{id: id} // review: returned-pointer
	it.id++
	return it
}

func variable(id int) *item {
	it := item{id: id} // review: returned-pointer
	return &it
}

func counter(start int) func() int {
	n := start          // review: closure-capture
	return func() int { // review: closure
		n++
		return n
	}
}

func noCapture() func() int {
	return func() int { return 42 }
}

func keepsBig(size int) func() int {
	big := []item{{id: size}, {id: 1}} // review: closure-capture closure-capture
	fill(&big)
	return func() int { return len(big) } // review: closure
}

//go:noinline
func fill(list *[]item) { (*list)[0].id++ }

func background(id int) {
	go func() { // review: goroutine
		println(id)
	}()
}

func send(c chan *item, id int) {
	c <- &item{id: id} // review: channel-send
}

func inMap(m map[string]*item, id int) {
	m["k"] = &item{id: id} // review: stored-in-map
}

func inSlice(s []*item, id int) {
	s[0] = &item{id: id} // review: stored-in-slice
}

func inStruct(h *holder, id int) {
	h.one = &item{id: id} // review: stored-in-struct
}

func global(id int) {
	kept = &item{id: id} // review: stored-in-global
}

//go:noinline
func sink(it *item) { kept = it }

func argument(id int) {
	it := item{id: id} // review: leaking-argument
	sink(&it)
}

func boxed(id int) any {
	return id // review: interface
}

func constant() any {
	return "read-only data takes no memory"
}

func method(h *holder) func(int) {
	return h.set // review: method-value
}

func (h *holder) set(id int) { h.many[0].id = id }

func large() byte {
	var buf [200 << 10]byte // review: too-large
	buf[len(table)] = 1
	buf = [200 << 10]byte{}
	touch(&buf)
	return buf[1]
}

//go:noinline
func touch(b *[200 << 10]byte) { b[0]++ }

func text(a, b string) string {
	return a + b // review: string
}

func number(id int) error {
	if id < 0 {
		panic(strconv.Itoa(id)) // review: interface
	}
	return errors.New("made by an inlined call") // review: returned-pointer
}

func Use(c chan *item, h *holder, s []*item) {
	n := inner.New(1)
	table["n"] = &item{id: n.Value} // review: stored-in-map
	h.named["x"] = returned(2)
	fmt.Println(len(s)) // review: interface
	inMap(h.named, 3)
	send(c, 4)
}
