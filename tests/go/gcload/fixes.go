package main

import (
	"bytes"
	"encoding/binary"
	"flag"
	"fmt"
	"sort"
	"strconv"
)

// fixed removes the avoidable allocations of the fix* workloads; the rest of their work stays.
var fixed = flag.Bool("fixed", false, "run the fix* workloads without their avoidable allocations")

func init() {
	workloads["fixbuffer"] = fixBuffer
	workloads["fixpointer"] = fixPointer
	workloads["fixformat"] = fixFormat
	workloads["fixmap"] = fixMap
	workloads["fixbox"] = fixBox
	workloads["fixgrow"] = fixGrow
}

// cache is the live heap the avoidable garbage is collected beside.
func cache(liveMB int) []*session {
	r := rng(88172645463325252)
	out := make([]*session, liveMB<<20/sessionBytes)
	for i := range out {
		out[i] = newSession(&r, uint64(i))
	}
	return out
}

// churn is garbage that stays whatever is fixed.
func churn(live []*session, r *rng) uint64 {
	i := r.next() % uint64(len(live))
	live[i] = newSession(r, i)
	return uint64(len(live[i].Seen))
}

//go:noinline
func avoidableBuffer(n int) []byte { return make([]byte, n) }

// fixBuffer: a scratch buffer for every request.
func fixBuffer(ops, liveMB int) uint64 {
	live, r := cache(liveMB), rng(7)
	var sum uint64
	own := make([]byte, 4096)
	for i := 0; i < ops; i++ {
		buf := own
		if !*fixed {
			buf = avoidableBuffer(1024 + i%2048)
		}
		binary.LittleEndian.PutUint64(buf, r.next())
		sum += uint64(buf[3]) + churn(live, &r)
	}
	return sum
}

type point struct{ x, y, z, w [8]uint64 }

//go:noinline
func avoidablePointer(v uint64) *point { return &point{x: [8]uint64{v}} }

func byValue(v uint64) point { return point{x: [8]uint64{v}} }

// fixPointer: a result returned by pointer that could be a value.
func fixPointer(ops, liveMB int) uint64 {
	live, r := cache(liveMB), rng(7)
	var sum uint64
	for i := 0; i < ops; i++ {
		for k := 0; k < 4; k++ {
			if *fixed {
				p := byValue(r.next())
				sum += p.x[0] + p.w[7]
			} else {
				p := avoidablePointer(r.next())
				sum += p.x[0] + p.w[7]
			}
		}
		sum += churn(live, &r)
	}
	return sum
}

//go:noinline
func avoidableFormat(a, b uint64) string {
	return strconv.FormatUint(a, 16) + "/" + strconv.FormatUint(b, 16) + "/" + strconv.FormatUint(a^b, 16)
}

// fixFormat: a key built as a string for every look-up.
func fixFormat(ops, liveMB int) uint64 {
	live, r := cache(liveMB), rng(7)
	var sum uint64
	key := make([]byte, 0, 64)
	for i := 0; i < ops; i++ {
		for k := 0; k < 6; k++ {
			a, b := r.next(), r.next()
			if *fixed {
				key = strconv.AppendUint(append(strconv.AppendUint(append(strconv.AppendUint(key[:0], a, 16), '/'), b, 16), '/'), a^b, 16)
				sum += uint64(len(key))
			} else {
				sum += uint64(len(avoidableFormat(a, b)))
			}
		}
		sum += churn(live, &r)
	}
	return sum
}

//go:noinline
func avoidableMap(n int) map[uint64]uint64 {
	m := make(map[uint64]uint64, n)
	for i := 0; i < n; i++ {
		m[uint64(i)] = uint64(i)
	}
	return m
}

// fixMap: a map made anew for every request.
func fixMap(ops, liveMB int) uint64 {
	live, r := cache(liveMB), rng(7)
	var sum uint64
	own := map[uint64]uint64{}
	for i := 0; i < ops; i++ {
		if *fixed {
			for k := range own {
				delete(own, k)
			}
			for k := 0; k < 60; k++ {
				own[uint64(k)] = uint64(k)
			}
			sum += own[r.next()%60]
		} else {
			sum += avoidableMap(60)[r.next()%60]
		}
		sum += churn(live, &r)
	}
	return sum
}

type shape interface{ area() uint64 }
type square struct{ side, id, tag, pad uint64 }

func (s square) area() uint64 { return s.side * s.side }

//go:noinline
func avoidableBox(v uint64) shape { return square{side: v & 255, id: v} }

// fixBox: values boxed in an interface.
func fixBox(ops, liveMB int) uint64 {
	live, r := cache(liveMB), rng(7)
	var sum uint64
	for i := 0; i < ops; i++ {
		for k := 0; k < 20; k++ {
			if *fixed {
				s := square{side: r.next() & 255}
				sum += s.area()
			} else {
				sum += avoidableBox(r.next()).area()
			}
		}
		sum += churn(live, &r)
	}
	return sum
}

//go:noinline
func avoidableGrow(n int, r *rng) []uint64 {
	var out []uint64
	for i := 0; i < n; i++ {
		out = append(out, r.next())
	}
	return out
}

// fixGrow: a slice that grows from nothing each time.
func fixGrow(ops, liveMB int) uint64 {
	live, r := cache(liveMB), rng(7)
	var sum uint64
	own := make([]uint64, 0, 256)
	for i := 0; i < ops; i++ {
		var xs []uint64
		if *fixed {
			xs = own[:0]
			for k := 0; k < 150; k++ {
				xs = append(xs, r.next())
			}
		} else {
			xs = avoidableGrow(150, &r)
		}
		if i%64 == 0 {
			sort.Slice(xs, func(a, b int) bool { return xs[a] < xs[b] })
		}
		sum += xs[7] + churn(live, &r)
	}
	var b bytes.Buffer
	fmt.Fprint(&b, sum)
	return sum + uint64(b.Len())
}
