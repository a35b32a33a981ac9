// Package late has a body that instantiates functions where it is inlined.
package late

import "slices"

type B struct {
	base []string
	del  []string
}

func (b *B) each(f func(string)) {
	for _, s := range b.base {
		f(s)
	}
	for _, s := range b.base {
		f(s)
	}
	for _, s := range b.base {
		f(s)
	}
}

func (b *B) Keep(ns ...string) *B {
	b.each(func(l string) {
		if slices.Contains(ns, l) {
			return
		}
		b.del = append(b.del, l)
	})
	return b
}
