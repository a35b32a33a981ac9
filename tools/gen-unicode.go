//go:build ignore

// Prints src/go/syntax/unicode_tables.h from the Unicode tables of the Go toolchain that runs it.
package main

import (
	"fmt"
	"unicode"
)

func table(name string, in func(rune) bool) {
	fmt.Printf("static const RuneRange %s[] = {\n", name)
	line := "   "
	start := rune(-1)
	for r := rune(0x80); r <= unicode.MaxRune+1; r++ {
		ok := r <= unicode.MaxRune && in(r)
		if ok && start < 0 {
			start = r
		}
		if !ok && start >= 0 {
			item := fmt.Sprintf(" {0x%X, 0x%X},", start, r-1)
			if len(line)+len(item) > 100 {
				fmt.Println(line)
				line = "   "
			}
			line += item
			start = -1
		}
	}
	fmt.Println(line)
	fmt.Println("};")
}

func main() {
	fmt.Printf("// go/syntax/unicode_tables.h: runes >= 0x80 by class, Unicode %s as the Go compiler has it.\n", unicode.Version)
	fmt.Println("// Written by tools/gen-unicode.go: go run tools/gen-unicode.go > src/go/syntax/unicode_tables.h")
	fmt.Println("#ifndef HEAPWISE_GO_SYNTAX_UNICODE_TABLES_H\n#define HEAPWISE_GO_SYNTAX_UNICODE_TABLES_H\n\n#include <stdint.h>\n")
	fmt.Println("typedef struct RuneRange {\n    uint32_t first, last;\n} RuneRange;\n\n// clang-format off")
	table("letters", unicode.IsLetter)
	table("digit_runes", unicode.IsDigit)
	fmt.Println("// clang-format on\n\n#endif")
}
