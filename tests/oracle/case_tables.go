// case_tables.go prints src/go/syntax/case_tables.h: go run tests/oracle/case_tables.go > src/go/syntax/case_tables.h

package main

import (
	"fmt"
	"unicode"
)

func main() {
	fmt.Printf("// go/syntax/case_tables.h: upper-case letters and their lower-case forms, Unicode %s.\n// Generated from the tables of Go's package unicode by tests/oracle/case_tables.go.\n#ifndef HEAPWISE_GO_SYNTAX_CASE_TABLES_H\n#define HEAPWISE_GO_SYNTAX_CASE_TABLES_H\n\n#include <stdint.h>\n\n// Every stride-th rune from first to last is an upper-case letter; lower is what to add to it.\ntypedef struct CaseRange {\n    uint32_t first, last;\n    uint16_t stride;\n    int32_t lower;\n} CaseRange;\n\n// clang-format off\nstatic const CaseRange upper_runes[] = {\n", unicode.Version)
	type R struct {
		f, l, s uint32
		d       int32
	}
	var out []R
	for r := rune(0x80); r <= unicode.MaxRune; r++ {
		if !unicode.IsUpper(r) {
			continue
		}
		d := int32(unicode.ToLower(r) - r)
		u := uint32(r)
		if n := len(out); n > 0 && out[n-1].d == d {
			p := &out[n-1]
			if p.f == p.l && u-p.l <= 2 {
				p.s = u - p.l
				p.l = u
				continue
			}
			if p.f != p.l && u-p.l == p.s {
				p.l = u
				continue
			}
		}
		out = append(out, R{u, u, 1, d})
	}
	for i, r := range out {
		if i%4 == 0 {
			fmt.Print("   ")
		}
		fmt.Printf(" {0x%04X, 0x%04X, %d, %d},", r.f, r.l, r.s, r.d)
		if i%4 == 3 {
			fmt.Println()
		}
	}
	fmt.Print("\n};\n// clang-format on\n\n#endif\n")
}
