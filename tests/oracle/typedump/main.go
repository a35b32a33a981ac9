// Typedump prints what `heapwise dump --after=types` prints, from go/types. It reads what
// `heapwise list -json -deps PATTERN` wrote on standard input and dumps the packages named as arguments
// (all when there are none).
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/build"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"path/filepath"
	"sort"
	"strings"
)

type pkg struct {
	ImportPath, Dir string
	GoFiles         []string
	ImportMap       map[string]string
	Module          *struct{ GoVersion string }
}

type importer struct {
	all map[string]*types.Package
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

var sizes = types.SizesFor("gc", build.Default.GOARCH) // GOARCH of the environment

func open(t types.Type, seen map[types.Type]bool) bool {
	t = types.Unalias(t)
	if seen[t] {
		return false
	}
	seen[t] = true
	defer delete(seen, t)
	switch t := t.(type) {
	case *types.TypeParam:
		return true
	case *types.Named:
		return open(t.Underlying(), seen)
	case *types.Array:
		return open(t.Elem(), seen)
	case *types.Struct:
		for i := 0; i < t.NumFields(); i++ {
			if open(t.Field(i).Type(), seen) {
				return true
			}
		}
	}
	return false
}

func size(t types.Type) string {
	if open(t, map[types.Type]bool{}) {
		return ""
	}
	s := fmt.Sprintf(" size=%d align=%d", sizes.Sizeof(t), sizes.Alignof(t))
	if st, ok := t.Underlying().(*types.Struct); ok && st.NumFields() > 0 {
		var fields []*types.Var
		for i := 0; i < st.NumFields(); i++ {
			fields = append(fields, st.Field(i))
		}
		s += " offsets=" + strings.ReplaceAll(strings.Trim(fmt.Sprint(sizes.Offsetsof(fields)), "[]"), " ", ",")
	}
	return s
}

func methods(out *[]string, name, star string, t types.Type) {
	set := types.NewMethodSet(t)
	for i := 0; i < set.Len(); i++ {
		m := set.At(i).Obj()
		_, path, indirect := types.LookupFieldOrMethod(t, false, m.Pkg(), m.Name())
		how := "direct"
		if indirect {
			how = "indirect"
		}
		index := strings.ReplaceAll(strings.Trim(fmt.Sprint(path), "[]"), " ", ".")
		*out = append(*out, fmt.Sprintf("method %s %s %s %s %s %s\n", name, star, m.Name(), index, how,
			types.TypeString(m.Type(), nil)))
	}
}

func object(out *[]string, obj types.Object) {
	name := obj.Name()
	str := func(t types.Type) string { return types.TypeString(t, nil) }
	switch o := obj.(type) {
	case *types.Const:
		*out = append(*out, fmt.Sprintf("const %s %s = %s\n", name, str(o.Type()), o.Val().ExactString()))
	case *types.Var:
		*out = append(*out, fmt.Sprintf("var %s %s%s\n", name, str(o.Type()), size(o.Type())))
	case *types.Func:
		*out = append(*out, fmt.Sprintf("func %s %s\n", name, str(o.Type())))
	case *types.TypeName:
		t, kind, shown, generic := o.Type(), "type", o.Type().Underlying(), false
		if a, ok := t.(*types.Alias); ok {
			kind, shown, generic = "alias", a.Rhs(), a.TypeParams().Len() > 0
		}
		n, named := t.(*types.Named)
		generic = generic || named && n.TypeParams().Len() > 0
		s := fmt.Sprintf("%s %s %s", kind, name, str(shown))
		if !generic {
			s += size(t)
		}
		*out = append(*out, s+"\n")
		if generic || !named || types.IsInterface(t) {
			return
		}
		methods(out, name, "T", t)
		methods(out, name, "*T", types.NewPointer(t))
	}
}

func main() {
	want := map[string]bool{}
	for _, path := range os.Args[1:] {
		want[path] = true
	}
	w := bufio.NewWriter(os.Stdout)
	defer w.Flush()
	dec := json.NewDecoder(os.Stdin)
	fset := token.NewFileSet()
	all := map[string]*types.Package{}
	for {
		var p pkg
		if err := dec.Decode(&p); err == io.EOF {
			break
		} else if err != nil {
			fmt.Fprintln(os.Stderr, "typedump:", err)
			os.Exit(2)
		}
		if p.ImportPath == "unsafe" {
			continue
		}
		var trees []*ast.File
		for _, name := range p.GoFiles {
			f, err := parser.ParseFile(fset, filepath.Join(p.Dir, name), nil, parser.SkipObjectResolution)
			if err == nil {
				trees = append(trees, f)
			}
		}
		conf := types.Config{Importer: importer{all, p.ImportMap}, Sizes: sizes, Error: func(error) {}}
		if p.Module != nil && p.Module.GoVersion != "" {
			conf.GoVersion = "go" + p.Module.GoVersion
		}
		info := &types.Info{Types: map[ast.Expr]types.TypeAndValue{}}
		tp, _ := conf.Check(p.ImportPath, fset, trees, info)
		all[p.ImportPath] = tp
		if len(want) > 0 && !want[p.ImportPath] {
			continue
		}
		fmt.Fprintf(w, "# %s\n", p.ImportPath)
		var lines []string
		for _, name := range tp.Scope().Names() {
			object(&lines, tp.Scope().Lookup(name))
		}
		sort.Strings(lines)
		for _, line := range lines {
			w.WriteString(line)
		}
		for _, init := range info.InitOrder {
			var names []string
			for _, v := range init.Lhs {
				names = append(names, v.Name())
			}
			fmt.Fprintf(w, "init %s\n", strings.Join(names, ", "))
		}
	}
}
