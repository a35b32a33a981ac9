package p

type Number interface{ ~int | ~int64 | ~float64 }
type List[T any] struct {
	head, tail *node[T]
	n          int
}
type node[T any] struct {
	v    T
	next *node[T]
}
type Pair[K comparable, V any] struct {
	k K
	v V
}
type Tree[K Number, V any] struct {
	l, r *Tree[K, V]
	p    Pair[K, V]
}

func (l *List[T]) Push(v T) { l.head = &node[T]{v, l.head}; l.n++ }
func (l *List[T]) All() func(yield func(int, T) bool) {
	return func(yield func(int, T) bool) {
		i := 0
		for n := l.head; n != nil; n = n.next {
			if !yield(i, n.v) {
				return
			}
			i++
		}
	}
}
func Map[T, U any](xs []T, f func(T) U) (r []U) {
	for _, x := range xs {
		r = append(r, f(x))
	}
	return
}
func Sum[T Number](xs ...T) (s T) {
	for i := range len(xs) {
		s += xs[i]
	}
	return s
}

type A[P any] = map[string]P

var l List[Pair[string, int]]
var _ = Map([]int{1, 2}, func(i int) string { return string(rune(i)) })
var _ = Sum(1, 2.5, 'a')
var _ A[int] = A[int]{"x": Sum[int](1)}

func use() {
	for i, p := range l.All() {
		_, _ = i, p.k
	}
	var t Tree[int, *Tree[float64, any]]
	t.p.v.p.v = min(1, 2)
	_ = max(len("abc"), cap([]int{}))
	clear(map[int]int{})
	switch x := any(t).(type) {
	case Tree[int, *Tree[float64, any]]:
		_ = x.l
	case interface{ M(int) (string, error) }, nil:
		_ = x
	}
}
