// Package callee has functions whose parameters leak in every way a tag can say.
package callee

import "unsafe"

type Node struct {
	Next  *Node
	Value *int
	Buf   []byte
}

var sink any

//go:noinline
func Keep(p *int) { sink = p }

//go:noinline
func KeepContent(n *Node) { sink = n.Value }

//go:noinline
func Same(p *int) *int { return p }

//go:noinline
func Inner(n *Node) (*int, []byte) { return n.Value, n.Buf }

//go:noinline
func Many(a, b, c, d, e, f *int) (r0, r1, r2, r3, r4, r5 *int) { return a, b, c, d, e, f }

//go:noinline
func Read(p *int) int { return *p }

//go:noinline
func Write(b []byte) { b[0] = 1 }

//go:noinline
func Call(f func() *int) *int { return f() }

//go:noinline
func Each(f func(*int)) {
	x := 1
	f(&x)
}

func External(p *int, n uintptr, _ *int, named *Node) *int

//go:noescape
func Quiet(p *int, b []byte)

//go:uintptrescapes
func Escaping(n uintptr, more ...uintptr) {}

func (n *Node) Cut(k int) { n.Buf = n.Buf[k:] }

func (n *Node) Link() { n.Next = n.Next.Next }

func (n Node) Get() *int { return n.Value }

func Address(p *int) uintptr { return uintptr(unsafe.Pointer(p)) }
