// Package devirt: whether two values have one concrete type is told by the address of the type.
package devirt

type Source interface{ Get() int }

type fixed struct{ n int }

func (f *fixed) Get() int { return f.n }

type plain int

func (p plain) Get() int { return int(p) }

// Two pointer types, each made where & stands.
func twice(c bool) Source {
	if c {
		return &fixed{1}
	}
	return &fixed{2}
}

func asserted(s Source) Source {
	if f, ok := s.(*fixed); ok {
		return f
	}
	return &fixed{3}
}

// One pointer type: that of the variables.
func variables(c bool) Source {
	a, b := &fixed{4}, &fixed{5}
	if c {
		return a
	}
	return b
}

func made(c bool) Source {
	if c {
		return new(fixed)
	}
	return new(fixed)
}

func named(c bool) Source {
	if c {
		return plain(1)
	}
	return plain(2)
}

func once() Source { return &fixed{6} }

func nested(c bool) Source {
	if c {
		return once()
	}
	return once()
}

func Use(c bool, s Source) int {
	return twice(c).Get() + asserted(s).Get() + variables(c).Get() + made(c).Get() +
		named(c).Get() + once().Get() + nested(c).Get()
}

type reused struct{ n int }

func (r *reused) Get() int { return r.n }

// Where nothing else mentions reused, its pointer types differ.
func Reuse(s Source) Source {
	if r, ok := s.(*reused); ok {
		return r
	}
	return &reused{s.Get()}
}

type opened struct{ n int }

func (o *opened) Get() int { return o.n }

func Open(n int) Source { return &opened{n} }
