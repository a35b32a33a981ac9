package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"sort"
	"strconv"
	"strings"
	"sync"
	"time"
)

type session struct {
	ID    string            `json:"id"`
	User  string            `json:"user"`
	Attrs map[string]string `json:"attrs"`
	Seen  []int64           `json:"seen"`
}

func newSession(r *rng, id uint64) *session {
	s := &session{ID: strconv.FormatUint(id, 16), User: "user" + strconv.FormatUint(r.next()%10000, 10)}
	s.Attrs = map[string]string{"lang": "en", "zone": strconv.FormatUint(r.next()%24, 10)}
	for i := 0; i < 8; i++ {
		s.Seen = append(s.Seen, int64(r.next()))
	}
	return s
}

const sessionBytes = 900 // what one session costs in the map, measured once

// sess: a sharded session cache; requests are JSON, two goroutines.
func sess(ops, liveMB int) uint64 {
	n := uint64(liveMB) << 20 / sessionBytes
	type shard struct {
		sync.Mutex
		m map[uint64]*session
	}
	shards := make([]shard, 16)
	r := rng(88172645463325252)
	for i := range shards {
		shards[i].m = map[uint64]*session{}
	}
	for id := uint64(0); id < n; id++ {
		shards[id%16].m[id] = newSession(&r, id)
	}
	var wg sync.WaitGroup
	sums := make([]uint64, 2)
	for g := 0; g < 2; g++ {
		wg.Add(1)
		go func(g int) {
			defer wg.Done()
			r := rng(1234567 + g)
			for i := 0; i < ops/2; i++ {
				id := r.next() % n
				sh := &shards[id%16]
				sh.Lock()
				s := sh.m[id]
				sh.Unlock()
				b, err := json.Marshal(s)
				if err != nil {
					log.Fatal(err)
				}
				sums[g] += uint64(len(b))
				if i%8 == 0 {
					fresh := new(session)
					if err := json.Unmarshal(b, fresh); err != nil {
						log.Fatal(err)
					}
					fresh.Seen[0] = int64(i)
					sh.Lock()
					sh.m[id] = fresh
					sh.Unlock()
				}
			}
		}(g)
	}
	wg.Wait()
	return sums[0] + sums[1]
}

// jsonAny: documents decoded into any; the newest few thousand stay alive.
func jsonAny(ops, liveMB int) uint64 {
	var doc bytes.Buffer
	doc.WriteString(`{"items":[`)
	for i := 0; i < 40; i++ {
		if i > 0 {
			doc.WriteByte(',')
		}
		fmt.Fprintf(&doc, `{"id":%d,"name":"item %d","tags":["a","b","c"],"price":%d.5}`, i, i, i)
	}
	doc.WriteString(`]}`)
	const docBytes = 28 << 10
	ring := make([]interface{}, liveMB<<20/docBytes+1)
	var sum uint64
	for i := 0; i < ops; i++ {
		var v interface{}
		if err := json.Unmarshal(doc.Bytes(), &v); err != nil {
			log.Fatal(err)
		}
		ring[i%len(ring)] = v
		sum += uint64(len(v.(map[string]interface{})["items"].([]interface{})))
	}
	return sum
}

// httpLoop: an HTTP service and its client over the loopback, with a cache of sessions behind it.
func httpLoop(ops, liveMB int) uint64 {
	n := uint64(liveMB) << 20 / sessionBytes
	r := rng(88172645463325252)
	cache := make([]*session, n)
	for i := range cache {
		cache[i] = newSession(&r, uint64(i))
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	srv := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		id, _ := strconv.ParseUint(req.URL.Query().Get("id"), 10, 64)
		body, _ := json.Marshal(cache[id%n])
		w.Write(body)
	})}
	go srv.Serve(listener)
	var sum uint64
	client := &http.Client{}
	for i := 0; i < ops; i++ {
		resp, err := client.Get("http://" + listener.Addr().String() + "/?id=" + strconv.Itoa(i))
		if err != nil {
			log.Fatal(err)
		}
		m, _ := io.Copy(io.Discard, resp.Body)
		resp.Body.Close()
		sum += uint64(m)
	}
	srv.Close()
	return sum
}

// words: text cut into fields and counted; strings are shared and maps rebuilt.
func words(ops, liveMB int) uint64 {
	r := rng(424242)
	var text strings.Builder
	for text.Len() < 32<<10 {
		text.WriteString("w" + strconv.FormatUint(r.next()%4000, 36) + " ")
	}
	const countBytes = 330 << 10
	ring := make([]map[string]int, liveMB<<20/countBytes+1)
	var sum uint64
	for i := 0; i < ops; i++ {
		counts := map[string]int{}
		for _, f := range strings.Fields(strings.ToUpper(text.String())) {
			counts[f]++
		}
		keys := make([]string, 0, len(counts))
		for k := range counts {
			keys = append(keys, k)
		}
		sort.Strings(keys)
		sum += uint64(len(keys))
		ring[i%len(ring)] = counts
	}
	return sum
}

// idle: a live heap and nothing to do, for ops milliseconds.
func idle(ops, liveMB int) uint64 {
	live := cache(liveMB)
	time.Sleep(time.Duration(ops) * time.Millisecond)
	return uint64(len(live))
}

// logFlood: allocates steadily and writes log lines to standard error as fast as it can, so that
// trace lines of the runtime get torn.
func logFlood(ops, liveMB int) uint64 {
	keep := make([][]byte, liveMB<<20/1024)
	logger := log.New(os.Stderr, "", log.LstdFlags|log.Lmicroseconds)
	var wg sync.WaitGroup
	for g := 0; g < 4; g++ {
		wg.Add(1)
		go func(g int) {
			defer wg.Done()
			for i := 0; i < ops/4; i++ {
				logger.Printf("request id=%d from 10.0.0.%d took %dms", i, g, i%97)
			}
		}(g)
	}
	var sum uint64
	for i := 0; i < ops; i++ {
		keep[i%len(keep)] = make([]byte, 1024)
		sum += uint64(i)
	}
	wg.Wait()
	return sum
}
