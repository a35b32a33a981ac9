// Typecheck parses and type-checks the packages that `heapwise list -json -deps` describes on standard
// input, with go/parser and go/types, one after the other. It prints the number of packages and files
// and what went wrong; tools/bench-check compares its CPU time and memory with heapwise check.
package main

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
)

type pkg struct {
	ImportPath, Dir string
	GoFiles         []string
	ImportMap       map[string]string
	Module          *struct{ GoVersion string }
}

type program map[string]*types.Package

type importer struct {
	all program
	own map[string]string
}

func (im importer) Import(path string) (*types.Package, error) {
	if path == "unsafe" {
		return types.Unsafe, nil
	}
	if mapped := im.own[path]; mapped != "" {
		path = mapped
	}
	if p := im.all[path]; p != nil {
		return p, nil
	}
	return nil, fmt.Errorf("%s was not listed before", path)
}

func main() {
	runtime.GOMAXPROCS(1)
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(100)
	}
	dec := json.NewDecoder(os.Stdin)
	fset := token.NewFileSet()
	all := program{}
	files, failed := 0, 0
	for {
		var p pkg
		if err := dec.Decode(&p); err == io.EOF {
			break
		} else if err != nil {
			fmt.Fprintln(os.Stderr, "typecheck:", err)
			os.Exit(2)
		}
		if p.ImportPath == "unsafe" {
			continue
		}
		var trees []*ast.File
		for _, name := range p.GoFiles {
			f, err := parser.ParseFile(fset, filepath.Join(p.Dir, name), nil, parser.SkipObjectResolution)
			if err != nil {
				failed++
				continue
			}
			trees = append(trees, f)
			files++
		}
		conf := types.Config{Importer: importer{all, p.ImportMap}, Sizes: types.SizesFor("gc", "amd64"),
			Error: func(error) { failed++ }}
		if p.Module != nil && p.Module.GoVersion != "" {
			conf.GoVersion = "go" + p.Module.GoVersion
		}
		info := &types.Info{
			Types:      map[ast.Expr]types.TypeAndValue{},
			Defs:       map[*ast.Ident]types.Object{},
			Uses:       map[*ast.Ident]types.Object{},
			Selections: map[*ast.SelectorExpr]*types.Selection{},
			Instances:  map[*ast.Ident]types.Instance{},
			Implicits:  map[ast.Node]types.Object{},
		}
		tp, _ := conf.Check(p.ImportPath, fset, trees, info)
		all[p.ImportPath] = tp
	}
	fmt.Printf("%d packages, %d files, %d errors\n", len(all), files, failed)
}
