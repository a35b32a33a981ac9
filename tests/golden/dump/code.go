package code

type shape interface{ area() int }

type square struct{ side int }

func (s *square) area() int { return s.side * s.side }

type cube struct{ square }

func half(x, y int) (int, int) { return x / 2, y / 2 }

// Loops, closures, several results, a switch on types, labels.
func Total(shapes []shape, limit int) (sum int) {
	add := func(n int) { sum += n }
outer:
	for i, s := range shapes {
		switch v := s.(type) {
		case *square:
			add(v.side)
		case nil:
			continue outer
		default:
			if s.area() > limit {
				break outer
			}
			i, sum = half(i, sum)
		}
	}
	return sum
}

// A concrete type behind an interface.
func Known() int {
	var s shape = &square{side: 3}
	return s.area()
}

func Largest[T int | string](xs ...T) (largest T) {
	for _, x := range xs {
		largest = max(largest, x)
	}
	return
}

func Largests() (int, string) { return Largest(1, 2), Largest("a") }

// Loops over functions.
func Evens(seq func(func(int) bool)) []int {
	var out []int
	for n := range seq {
		if n < 0 {
			return nil
		}
		out = append(out, n)
	}
	return out
}

// A variable for each turn, kept.
func Keep() (keep []*int) {
	for i := 0; i < 3; i++ {
		keep = append(keep, &i)
	}
	return
}
