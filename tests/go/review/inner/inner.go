// Package inner is inlined into its importer: what it makes is found here, not at the calls.
package inner

type Node struct {
	Value int
	Next  *Node
}

func New(value int) *Node {
	return &Node{Value: value} // review: returned-pointer
}
