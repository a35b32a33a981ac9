package escape

import (
	"cmp"
	"iter"
	"maps"
	"slices"
	"sync/atomic"
)

type number interface{ ~int | ~float64 }

func sum[T number](list ...T) (total T) {
	for _, v := range list {
		total += v
	}
	return total
}

type list[T any] struct {
	head *element[T]
	size atomic.Int64
}

type element[T any] struct {
	next  *element[T]
	value T
}

func (l *list[T]) push(v T) *element[T] {
	e := &element[T]{l.head, v}
	l.head = e
	l.size.Add(1)
	return e
}

func (l *list[T]) all() iter.Seq2[int, T] {
	return func(yield func(int, T) bool) {
		i := 0
		for e := l.head; e != nil; e = e.next {
			if !yield(i, e.value) {
				return
			}
			i++
		}
	}
}

func find[T comparable](l *list[T], want T) (int, bool) {
	for i, v := range l.all() {
		if v == want {
			return i, true
		}
	}
	return 0, false
}

func nested(a, b *list[string]) (pairs []string, err error) {
outer:
	for i, x := range a.all() {
		for j, y := range b.all() {
			switch {
			case i == j:
				continue
			case x == "":
				continue outer
			case y == "":
				break outer
			case x == y:
				return nil, errLocal
			}
			defer func() { pairs = append(pairs, x+y) }()
		}
	}
	return pairs, nil
}

type stringer interface{ String() string }

func show[S stringer](list []S) (out []string) {
	for _, s := range list {
		out = append(out, s.String())
	}
	return out
}

func convert[T any](v T) any { return v }

func sorted[K cmp.Ordered, V any](m map[K]V) []K {
	return slices.SortedFunc(maps.Keys(m), func(a, b K) int { return cmp.Compare(a, b) })
}

type pair[K comparable, V any] struct {
	key   K
	value V
}

func pairs[K comparable, V any](m map[K]V) (out []pair[K, V]) {
	type local struct{ p pair[K, V] }
	for k, v := range m {
		l := local{pair[K, V]{k, v}}
		out = append(out, l.p)
	}
	return out
}

func use() {
	l := &list[string]{}
	l.push("a")
	_, _ = find(l, "a")
	sink = sum(1, 2, 3)
	sink = sum(1.5)
	sink = show([]*point{newPoint(1, 2)})
	sink = convert(point{})
	sink = sorted(map[string]int{"a": 1})
	sink = pairs(map[int]*point{1: nil})
	f := find[int]
	_, _ = f(&list[int]{}, 3)
	g := (*list[int]).push
	g(&list[int]{}, 1)
	h := l.push
	h("b")
}
