// Package user mentions the instance by its name alone, so its wrappers are alias's business.
package user

import "example.test/escape.generic/alias"

type holder struct {
	marks *alias.Marks
	names alias.List[string]
}

func Count(h *holder) int {
	h.marks.RLock()
	defer h.marks.RUnlock()
	return h.marks.Len() + h.names.Len()
}
