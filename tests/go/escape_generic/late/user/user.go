// Package user: instances made by inlining are compiled elsewhere; calls of them are calls of
// functions without bodies.
package user

import "example.test/escape.generic/late"

func Keep(b *late.B, names []string) *late.B {
	return b.Keep(names...)
}
