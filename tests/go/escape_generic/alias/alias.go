// Package alias names an instance of a generic type.
package alias

import "sync"

type List[T any] struct {
	sync.RWMutex
	items []T
}

func (l *List[T]) Len() int { return len(l.items) }

type Marks = List[struct{}]

func New() *Marks { return &Marks{} }
