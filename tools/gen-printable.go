//go:build ignore

// Prints src/base/printable.h from the Unicode tables of the Go toolchain that runs it.
package main

import (
	"fmt"
	"strconv"
	"unicode"
)

func main() {
	fmt.Printf("// base/printable.h: runes >= 0x80 that Go's %%q shows as they are, Unicode %s.\n", unicode.Version)
	fmt.Println("// Written by tools/gen-printable.go: go run tools/gen-printable.go > src/base/printable.h")
	fmt.Println("#ifndef HEAPWISE_BASE_PRINTABLE_H\n#define HEAPWISE_BASE_PRINTABLE_H\n\n#include <stdint.h>\n")
	fmt.Println("// clang-format off\nstatic const uint32_t printable[][2] = {")
	line, start := "   ", rune(-1)
	for r := rune(0x80); r <= unicode.MaxRune+1; r++ {
		ok := r <= unicode.MaxRune && strconv.IsPrint(r)
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
	fmt.Println(line + "\n};\n// clang-format on\n\n#endif")
}
