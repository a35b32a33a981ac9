// abi_facts: type descriptors as a program's debugging information has them, compared with the lines of
// abi_facts.c on standard input: kind, size, fields and their offsets by the descriptor's address.
package main

import (
	"bufio"
	"debug/dwarf"
	"debug/elf"
	"fmt"
	"os"
	"strings"
)

const (
	kind    = dwarf.Attr(0x2900) // DW_AT_go_kind
	runtime = dwarf.Attr(0x2904) // DW_AT_go_runtime_type
)

func main() {
	said, start := map[uint64]string{}, uint64(0)
	in := bufio.NewScanner(os.Stdin)
	in.Buffer(nil, 1<<24)
	for in.Scan() {
		var addr uint64
		fmt.Sscanf(in.Text(), "types from %x", &start)
		rest, ok := strings.CutPrefix(in.Text(), "type ")
		if !ok {
			continue
		}
		hex, facts, _ := strings.Cut(rest, " ")
		fmt.Sscanf(hex, "%x", &addr)
		said[addr] = facts
	}
	f, err := elf.Open(os.Args[1])
	if err != nil {
		panic(err)
	}
	d, err := f.DWARF()
	if err != nil {
		panic(err)
	}
	checked, missing, wrong := 0, 0, 0
	for r := d.Reader(); ; {
		e, err := r.Next()
		if e == nil || err != nil {
			break
		}
		addr, _ := e.Val(runtime).(uint64)
		k, _ := e.Val(kind).(int64)
		if addr == 0 || k == 0 {
			continue
		}
		if addr < start { // an offset from runtime.types
			addr += start
		}
		have, ok := said[addr]
		if !ok {
			missing++
			continue
		}
		t, err := d.Type(e.Offset)
		if err != nil {
			continue
		}
		if td, ok := t.(*dwarf.TypedefType); ok {
			t = td.Type
		}
		want := fmt.Sprint(k, " ", t.Size())
		if s, ok := t.(*dwarf.StructType); ok && k == 25 {
			for _, m := range s.Field {
				want += fmt.Sprint(" ", m.Name, "@", m.ByteOffset)
			}
		}
		checked++
		if want != have {
			if wrong++; wrong < 10 {
				fmt.Printf("%x %v: %q, want %q\n", addr, e.Val(dwarf.AttrName), have, want)
			}
		}
	}
	fmt.Printf("%d types compared with the debugging information, %d wrong, %d not found\n", checked, wrong, missing)
	if wrong > 0 || checked < 500 || missing > checked/10 {
		os.Exit(1)
	}
}
