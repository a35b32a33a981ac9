// Package shape has what main's interface calls lead to.
package shape

type Shape interface {
	Area() float64
	Name(parts ...string) string
}

type Square struct{ Side float64 }

func (s *Square) Area() float64 { return s.Side * s.Side }

func (s *Square) Name(parts ...string) string {
	name := "square"
	for _, p := range parts {
		name += p
	}
	return name
}

type hidden struct{ area float64 }

func (h hidden) Area() float64 { return h.area }

func (h hidden) Name(parts ...string) string { return "hidden" }

func New() Shape { return hidden{1} }
