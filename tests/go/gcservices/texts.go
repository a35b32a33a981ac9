package main

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"html/template"
	"strings"

	"github.com/yuin/goldmark"
	"golang.org/x/net/html"
	"gopkg.in/yaml.v3"
)

// markdown: pages made from Markdown, the newest kept.
func markdown(ops int) uint64 {
	var text strings.Builder
	for i := 0; i < 60; i++ {
		fmt.Fprintf(&text, "# Title %d\n\nSome *text* with a [link](http://example.com/%d) and `code`.\n\n- one\n- two\n\n", i, i)
	}
	pages, sum := make([][]byte, 700), uint64(0)
	for i := 0; i < ops; i++ {
		var out bytes.Buffer
		must(goldmark.Convert([]byte(text.String()), &out))
		pages[i%len(pages)] = out.Bytes()
		sum += uint64(out.Len())
	}
	return sum + held(pages)
}

// htmlPages: documents parsed into nodes that point at their neighbours; the newest kept.
func htmlPages(ops int) uint64 {
	var text strings.Builder
	text.WriteString("<html><body><table>")
	for i := 0; i < 80; i++ {
		fmt.Fprintf(&text, `<tr class="row"><td id="c%d">cell <b>%d</b></td><td><a href="/p/%d">more</a></td></tr>`, i, i, i)
	}
	text.WriteString("</table></body></html>")
	kept, sum := make([]*html.Node, 250), uint64(0)
	for i := 0; i < ops; i++ {
		n, err := html.Parse(strings.NewReader(text.String()))
		must(err)
		kept[i%len(kept)] = n
		if n.FirstChild != nil {
			sum++
		}
	}
	return sum + held(kept)
}

// goSource: files parsed into syntax trees; those of the newest packages kept.
func goSource(ops int) uint64 {
	var text strings.Builder
	text.WriteString("package p\n\nimport \"fmt\"\n\n")
	for i := 0; i < 60; i++ {
		fmt.Fprintf(&text, "// f%d does it.\nfunc f%d(a, b int) (int, error) {\n\tif a > b*%d {\n\t\treturn a, fmt.Errorf(\"too large: %%d\", a)\n\t}\n\tfor i := range b {\n\t\ta += i << 2\n\t}\n\treturn a + b, nil\n}\n\n", i, i, i)
	}
	kept, sum := make([]*ast.File, 150), uint64(0)
	for i := 0; i < ops; i++ {
		f, err := parser.ParseFile(token.NewFileSet(), "p.go", text.String(), parser.ParseComments)
		must(err)
		kept[i%len(kept)] = f
		sum += uint64(len(f.Decls))
	}
	return sum + held(kept)
}

// templates: pages rendered for users; a few hundred stay in a cache.
func templates(ops int) uint64 {
	t := template.Must(template.New("page").Parse(`<h1>{{.Title}}</h1>{{range .Rows}}<p class="{{.Kind}}">{{.Name}}: {{.Count}} <a href="/x?q={{.Name}}">go</a></p>{{end}}`))
	type row struct {
		Kind, Name string
		Count      int
	}
	type page struct {
		Title string
		Rows  []row
	}
	cached, sum, r := make([]string, 6000), uint64(0), rng(31)
	for i := 0; i < ops; i++ {
		p := page{Title: fmt.Sprint("Page ", i)}
		for k := 0; k < 25; k++ {
			p.Rows = append(p.Rows, row{"a", fmt.Sprint("name ", r.below(1000)), k})
		}
		var out strings.Builder
		must(t.Execute(&out, p))
		cached[r.below(len(cached))] = out.String()
		sum += uint64(out.Len())
	}
	return sum + held(cached)
}

// yamlConfigs: configuration files decoded into maps; the current ones kept.
func yamlConfigs(ops int) uint64 {
	var text strings.Builder
	for i := 0; i < 150; i++ {
		fmt.Fprintf(&text, "service%d:\n  image: example/app:%d\n  ports: [80, %d]\n  env:\n    LEVEL: debug\n    ID: \"%d\"\n", i, i, 8000+i, i)
	}
	kept, sum := make([]map[string]any, 150), uint64(0)
	for i := 0; i < ops; i++ {
		var v map[string]any
		must(yaml.Unmarshal([]byte(text.String()), &v))
		kept[i%len(kept)] = v
		sum += uint64(len(v))
	}
	return sum + held(kept)
}
