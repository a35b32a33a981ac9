package fine

// Max is generic.
func Max[T ~int | ~string](x, y T) T {
	for range 3 {
		continue
	}
	return max(x, y)
}
