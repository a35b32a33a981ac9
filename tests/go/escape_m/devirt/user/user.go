// Package user knows devirt's types only from what it inlines.
package user

import "example.test/escape.x/devirt"

func Get(s devirt.Source) int {
	return devirt.Reuse(s).Get() + devirt.Open(len("x")).Get()
}
