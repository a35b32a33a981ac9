// Liveoff is what tests/oracle/live_profile.sh switches memory profiling on in: it never asks for a profile, so
// that the linker has switched it off.
package main

import "time"

var keep [1000][]byte

func fill(i int) { keep[i%len(keep)] = make([]byte, 10000) }

func main() {
	for i := 0; ; i++ {
		fill(i)
		if i%100 == 0 {
			time.Sleep(time.Millisecond)
		}
	}
}
