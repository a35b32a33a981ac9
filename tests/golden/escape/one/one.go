package one

type box struct{ v int }

func New(v int) *box {
	return &box{v}
}
