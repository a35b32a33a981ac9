// Livegraph is what tests/oracle/live_graph.sh looks into: package variables that keep known shapes of
// memory, and on its standard input the names of those to let go; it answers with its heap's size.
package main

import (
	"bufio"
	"container/list"
	"fmt"
	"net/http"
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
	"unsafe"
)

type tree struct {
	left, right *tree
	key         string
}

type session struct {
	user  string
	cache map[string][]byte
	next  *session
}

type shape interface{ area() float64 }
type square struct{ side float64 }
type polygon struct {
	points []struct{ x, y float64 }
	name   *string
}

func (s square) area() float64   { return s.side * s.side }
func (p *polygon) area() float64 { return float64(len(p.points)) }

type large struct {
	head [100]*tree
	tail [40]any
}

var (
	byName   map[string]*session
	root     *tree
	shapes   []shape
	chain    *session
	handlers []func() int
	queue    chan *tree
	blob     []byte
	short    string // keeps a large array alive
	wide     []*large
	numbers  map[int]int
	shrunk   map[int]string // only grew
	lists    *list.List
	final    *session // what it leads to waits for its finalizer
	pool     sync.Pool
	mux      = http.NewServeMux()
	shared   *tree // of both:
	one, two *struct{ t *tree }
)

func grow(depth int) *tree {
	if depth == 0 {
		return nil
	}
	return &tree{grow(depth - 1), grow(depth - 1), strconv.Itoa(depth * 1000)}
}

func fill(n int) {
	byName = map[string]*session{}
	for i := range n {
		s := &session{user: "user " + strconv.Itoa(i), cache: map[string][]byte{}}
		for k := range 1 + i%5 {
			s.cache["key "+strconv.Itoa(k)] = make([]byte, 100*k)
		}
		byName[s.user] = s
		chain = &session{user: "link", next: chain}
		shapes = append(shapes, square{float64(i)}, &polygon{points: make([]struct{ x, y float64 }, i%40), name: &s.user})
		local := grow(3)
		handlers = append(handlers, func() int { return len(local.key) + i })
	}
	root = grow(14)
	queue = make(chan *tree, 64)
	for range 40 {
		queue <- grow(8)
	}
	blob = make([]byte, 3<<20)
	short = strings.Repeat("long text ", 100_000)[5:10]
	for range n / 20 {
		l := &large{}
		l.head[7], l.head[99] = grow(3), grow(2)
		l.tail[3], l.tail[39] = n, grow(2)
		wide = append(wide, l)
	}
	numbers = map[int]int{}
	for i := range n * 60 { // its directory is large enough for a header
		numbers[i] = i
	}
	shrunk = map[int]string{}
	for i := range 5000 {
		shrunk[i] = "x"
	}
	for i := range 4990 {
		delete(shrunk, i)
	}
	final = &session{user: "last", cache: map[string][]byte{"x": make([]byte, 20_000)}}
	runtime.SetFinalizer(final, func(*session) {})
	lists = list.New()
	for i := range n {
		lists.PushBack(i)
	}
	mux.HandleFunc("GET /items/{id}", func(http.ResponseWriter, *http.Request) {})
	shared = nil
	t := grow(10)
	one, two = &struct{ t *tree }{t}, &struct{ t *tree }{t}
}

// What waits holds a tree on its stack alone.
func wait(stop chan bool) {
	mine := grow(12)
	<-stop
	runtime.KeepAlive(mine)
}

func drop(name string) bool {
	switch name {
	case "byName":
		byName, shapes = nil, nil // a polygon's name is a session's user
	case "root":
		root = nil
	case "chain":
		chain = nil
	case "handlers":
		handlers = nil
	case "queue":
		queue = nil
	case "blob":
		blob = nil
	case "short":
		short = ""
	case "wide":
		wide = nil
	case "numbers":
		numbers = nil
	case "lists":
		lists = nil
	case "one":
		one = nil
	default:
		return false
	}
	return true
}

func heap() uint64 {
	for range 3 {
		runtime.GC()
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

func main() {
	debug.SetGCPercent(-1) // collections only when asked
	stop := make(chan bool)
	n, _ := strconv.Atoi(os.Args[1])
	fill(n)
	go wait(stop)
	in := bufio.NewScanner(os.Stdin)
	for in.Scan() {
		switch word := in.Text(); {
		case word == "heap":
			fmt.Println(heap())
		case word == "address":
			fmt.Println(unsafe.Pointer(root))
		case word == "check":
			fmt.Println(len(byName), cap(queue), len(blob), len(short), two.t.key)
		case word == "stop":
			close(stop)
			fmt.Println("done")
		case drop(word):
			fmt.Println(heap())
		default:
			fmt.Println("what?")
		}
	}
}
