// Package order: when generic types are read decides the order of their methods and wrappers.
package order

import (
	"sync"
	"sync/atomic"
)

type node[K comparable] struct {
	leaf bool
	up   *branch[K]
}

func (n *node[K]) isLeaf() bool { return n.leaf }

type branch[K comparable] struct {
	node[K]
	children [4]atomic.Pointer[node[K]]
	first    atomic.Pointer[leaf[K]]
}

func (b *branch[K]) empty() bool { return b.children[0].Load() == nil }

type leaf[K comparable] struct {
	node[K]
	key  K
	next atomic.Pointer[leaf[K]]
}

func (l *leaf[K]) is(k K) bool { return l.key == k }

type Tree[K comparable] struct {
	root atomic.Pointer[branch[K]]
	mu   sync.Mutex
}

func (t *Tree[K]) Has(k K) bool {
	b := t.root.Load()
	if b == nil || b.empty() || b.isLeaf() {
		return false
	}
	return b.first.Load().is(k)
}

var numbers Tree[int]
var shared sync.Map

type kind uint8

func (k kind) String() string { return "kind" }

// Promotes kind, and is mentioned by its own methods first.
type item struct {
	kind
	next *item
}

func (i item) patch(p *program) int { return len(p.items) }

type program struct{ items []item }

func Run(n int) (int, bool) {
	type local struct{ n int }
	list := append([]local(nil), local{n})
	_, ok := shared.Load(n)
	p := program{[]item{{kind: 1}}}
	return p.items[0].patch(&p) + grow(list, len(list))[0].n, ok && numbers.Has(n)
}

func grow[S ~[]E, E any](s S, n int) S {
	if cap(s) < n {
		s = append(make(S, 0, n), s...)
	}
	return s
}

// A pointer type with a name has no methods: nothing of item is promoted to it.
type handle *struct{ item }

func Open(n int) handle {
	h := handle(new(struct{ item }))
	h.kind = kind(n)
	return h
}
