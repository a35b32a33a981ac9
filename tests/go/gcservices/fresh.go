package main

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"strconv"
	"strings"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/alecthomas/chroma/v2"
	"github.com/alecthomas/chroma/v2/lexers"
	"github.com/expr-lang/expr"
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/tidwall/buntdb"
	"gonum.org/v1/gonum/graph/path"
	"gonum.org/v1/gonum/graph/simple"
)

// Programs written when the collector's model stood: it was judged on them once.

// memoryDatabase: keys with an index over a field, overwritten and read in order.
func memoryDatabase(ops int) uint64 {
	db, err := buntdb.Open(":memory:")
	must(err)
	must(db.CreateIndex("age", "user:*", buntdb.IndexInt))
	r, sum := rng(3331), uint64(0)
	for i := 0; i < ops; i++ {
		must(db.Update(func(tx *buntdb.Tx) error {
			_, _, err := tx.Set("user:"+strconv.Itoa(r.below(80000)), strconv.Itoa(r.below(100000)), nil)
			return err
		}))
		if i%16 == 0 {
			must(db.View(func(tx *buntdb.Tx) error {
				n := 0
				return tx.AscendGreaterOrEqual("age", strconv.Itoa(r.below(100000)), func(k, v string) bool {
					sum += uint64(len(k) + len(v))
					n++
					return n < 10
				})
			}))
		}
	}
	return sum
}

// highlight: source files cut into tokens for a page; the newest kept.
func highlight(ops int) uint64 {
	lexer := chroma.Coalesce(lexers.Get("go"))
	var text strings.Builder
	text.WriteString("package p\n")
	for i := 0; i < 25; i++ {
		fmt.Fprintf(&text, "func f%d(a int) string { if a > %d { return \"big\" }; return fmt.Sprint(a) } // note %d\n", i, i, i)
	}
	kept, sum := make([][]chroma.Token, 400), uint64(0)
	for i := 0; i < ops; i++ {
		it, err := lexer.Tokenise(nil, text.String())
		must(err)
		kept[i%len(kept)] = it.Tokens()
		sum += uint64(len(kept[i%len(kept)]))
	}
	return sum + held(kept)
}

// rules: expressions compiled once and evaluated over records, those that match kept.
func rules(ops int) uint64 {
	program, err := expr.Compile(`age > 20 && len(filter(tags, {# startsWith "a"})) > 0 ? name + "/" + string(age) : ""`,
		expr.Env(map[string]any{"age": 0, "name": "", "tags": []string{}}))
	must(err)
	kept, r := make([]any, 200000), rng(90)
	for i := 0; i < ops; i++ {
		env := map[string]any{"age": r.below(60), "name": "user" + strconv.Itoa(i), "tags": []string{"a" + strconv.Itoa(i%9), "b", "c"}}
		out, err := expr.Run(program, env)
		must(err)
		kept[r.below(len(kept))] = out
	}
	return uint64(len(kept)) + held(kept[:10])
}

// routes: shortest ways through a road network that changes; the newest trees kept.
func routes(ops int) uint64 {
	const side = 70
	g := simple.NewWeightedUndirectedGraph(0, 1e9)
	r := rng(12)
	at := func(x, y int) simple.Node { return simple.Node(int64(y*side + x)) }
	link := func(a, b simple.Node) {
		g.SetWeightedEdge(g.NewWeightedEdge(a, b, float64(1+r.below(100))))
	}
	for y := 0; y < side; y++ {
		for x := 0; x < side; x++ {
			if x > 0 {
				link(at(x, y), at(x-1, y))
			}
			if y > 0 {
				link(at(x, y), at(x, y-1))
			}
		}
	}
	kept, sum := make([]path.Shortest, 30), uint64(0)
	for i := 0; i < ops; i++ {
		kept[i%len(kept)] = path.DijkstraFrom(at(r.below(side), r.below(side)), g)
		sum += uint64(kept[i%len(kept)].WeightTo(int64(r.below(side * side))))
		x, y := 1+r.below(side-1), r.below(side)
		link(at(x, y), at(x-1, y))
	}
	return sum + held(kept)
}

// blocks: configuration files of blocks parsed into syntax trees; the current ones kept.
func blocks(ops int) uint64 {
	var text strings.Builder
	for i := 0; i < 40; i++ {
		fmt.Fprintf(&text, "resource \"server\" \"s%d\" {\n  name = \"host-${%d + 1}\"\n  ports = [80, %d]\n  tags = { team = \"a\", id = %d }\n}\n", i, i, 8000+i, i)
	}
	kept, sum := make([]*hcl.File, 60), uint64(0)
	for i := 0; i < ops; i++ {
		f, diags := hclsyntax.ParseConfig([]byte(text.String()), "c.hcl", hcl.InitialPos)
		if diags.HasErrors() {
			must(diags)
		}
		kept[i%len(kept)] = f
		sum += uint64(len(f.Body.(*hclsyntax.Body).Blocks))
	}
	return sum + held(kept)
}

// segments: sets of row numbers, joined and cut, as a column store keeps them.
func segments(ops int) uint64 {
	sets := make([]*roaring.Bitmap, 400)
	r, sum := rng(777), uint64(0)
	fill := func() *roaring.Bitmap {
		b := roaring.New()
		for k, at := 0, uint32(0); k < 20000; k++ {
			at += uint32(1 + r.below(40))
			b.Add(at)
		}
		return b
	}
	for i := range sets {
		sets[i] = fill()
	}
	for i := 0; i < ops; i++ {
		both := roaring.And(sets[r.below(len(sets))], sets[r.below(len(sets))])
		any := roaring.Or(both, sets[r.below(len(sets))])
		sum += any.GetCardinality()
		sets[i%len(sets)] = any
		if i%4 == 0 {
			sets[r.below(len(sets))] = fill()
		}
	}
	return sum
}

// feeds: documents read from XML into structs; the newest kept.
func feeds(ops int) uint64 {
	type entry struct {
		ID    string   `xml:"id,attr"`
		Title string   `xml:"title"`
		Tags  []string `xml:"tag"`
	}
	type feed struct {
		Entries []entry `xml:"entry"`
	}
	var text bytes.Buffer
	text.WriteString("<feed>")
	for i := 0; i < 40; i++ {
		fmt.Fprintf(&text, `<entry id="e%d"><title>Entry %d of the feed</title><tag>one</tag><tag>two</tag></entry>`, i, i)
	}
	text.WriteString("</feed>")
	kept, sum := make([]*feed, 3000), uint64(0)
	for i := 0; i < ops; i++ {
		f := &feed{}
		must(xml.Unmarshal(text.Bytes(), f))
		kept[i%len(kept)] = f
		sum += uint64(len(f.Entries))
	}
	return sum + held(kept)
}
