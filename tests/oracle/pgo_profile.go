// Writes the CPU profile that lines of "caller offset callee weight" on standard input describe.
package main

import (
	"bufio"
	"compress/gzip"
	"encoding/binary"
	"fmt"
	"os"
)

type message []byte

func (m *message) number(field, value uint64) {
	*m = binary.AppendUvarint(binary.AppendUvarint(*m, field<<3), value)
}

func (m *message) bytes(field uint64, b []byte) {
	*m = binary.AppendUvarint(binary.AppendUvarint(*m, field<<3|2), uint64(len(b)))
	*m = append(*m, b...)
}

func main() {
	const start = 10 // the line every function begins on
	strings := []string{"", "samples", "count"}
	var profile, kind message
	kind.number(1, 1)
	kind.number(2, 2)
	profile.bytes(1, kind)
	id := uint64(0)
	frame := func(name string, line uint64) uint64 {
		id++
		strings = append(strings, name)
		var function, lines, location message
		function.number(1, id)
		function.number(2, uint64(len(strings)-1))
		function.number(5, start)
		profile.bytes(5, function)
		lines.number(1, id)
		lines.number(2, line)
		location.number(1, id)
		location.number(3, 0x1000+id)
		location.bytes(4, lines)
		profile.bytes(4, location)
		return id
	}
	for in := bufio.NewScanner(os.Stdin); in.Scan(); {
		var caller, callee string
		var offset, weight uint64
		if _, err := fmt.Sscan(in.Text(), &caller, &offset, &callee, &weight); err != nil {
			panic(err)
		}
		var sample message
		from := frame(caller, start+offset)
		sample.number(1, frame(callee, start+1))
		sample.number(1, from)
		sample.number(2, weight)
		profile.bytes(2, sample)
	}
	for _, s := range strings {
		profile.bytes(6, []byte(s))
	}
	out := gzip.NewWriter(os.Stdout)
	out.Write(profile)
	out.Close()
}
