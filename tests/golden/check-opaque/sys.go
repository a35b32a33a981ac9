package sys

import "C"

type nih struct{}

type NotInHeap struct{ _ nih }

type (
	table  map[C.key]C.value
	queue  chan C.value
	tables map[NotInHeap]C.value
)

func make_() {
	a := new(C.value)
	b := make([]C.value, 2)
	b = append(b, *a, C.other(1))
	c := new(C.value)
	clear(b)
	C.free(c)
	_ = append([]C.value(nil), b...)
}
