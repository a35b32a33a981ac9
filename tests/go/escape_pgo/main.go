// Command escape.pgo is compiled with a profile that its test makes from edges.txt.
package main

import (
	"fmt"

	"example.test/escape.pgo/shape"
)

type op func(int) int

func double(x int) int { return x * 2 }

// Too large to be inlined but where it is called often.
func mix(x int) int {
	for i := 0; i < 10; i++ {
		x ^= x << 3
		x ^= x >> 5
		x += i * 7
		x ^= x << 11
		x = x*31 + i
		if x%17 == 0 {
			x = double(x) + double(i)
		}
		x ^= x >> 2
		x += x << 4
	}
	return x
}

func apply(f op, x int) int {
	return f(x)
}

func total(list []shape.Shape) (sum float64) {
	for _, s := range list {
		sum += s.Area()
	}
	return sum
}

func named(s shape.Shape) string {
	return s.Name("a", "b")
}

func main() {
	n := mix(3)
	n += mix(n)
	n += apply(double, n)
	list := []shape.Shape{&shape.Square{Side: float64(n)}, shape.New()}
	fmt.Println(total(list), named(list[0]), n)
}
