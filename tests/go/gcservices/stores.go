package main

import (
	"strconv"
	"time"

	"github.com/allegro/bigcache/v3"
	"github.com/google/btree"
	iradix "github.com/hashicorp/go-immutable-radix/v2"
	memdb "github.com/hashicorp/go-memdb"
	lru "github.com/hashicorp/golang-lru/v2"
)

// tables: rows with three indexes, read three times as often as replaced.
func tables(ops int) uint64 {
	const rows = 20000
	type row struct{ ID, Group, Mail string }
	index := func(name, f string, unique bool) *memdb.IndexSchema {
		return &memdb.IndexSchema{Name: name, Unique: unique, Indexer: &memdb.StringFieldIndex{Field: f}}
	}
	db, err := memdb.NewMemDB(&memdb.DBSchema{Tables: map[string]*memdb.TableSchema{"t": {Name: "t",
		Indexes: map[string]*memdb.IndexSchema{"id": index("id", "ID", true), "Group": index("Group", "Group", false),
			"Mail": index("Mail", "Mail", true)}}}})
	must(err)
	put := func(i, salt int) {
		x := db.Txn(true)
		k := strconv.Itoa(i)
		must(x.Insert("t", &row{k, "g" + strconv.Itoa(i%100), k + "@example.com" + strconv.Itoa(salt)}))
		x.Commit()
	}
	for i := 0; i < rows; i++ {
		put(i, 0)
	}
	r, found := rng(88172645463325252), uint64(0)
	for i := 0; i < ops; i++ {
		k := r.below(rows)
		if i%4 == 0 {
			put(k, i)
		}
		if got, _ := db.Txn(false).First("t", "id", strconv.Itoa(k)); got != nil {
			found++
		}
	}
	return found
}

// orderedSet: an ordered set of events; old ones leave as new ones come, with range queries between.
func orderedSet(ops int) uint64 {
	type event struct {
		at   uint64
		name string
		tags []string
	}
	set := btree.NewG(32, func(a, b *event) bool { return a.at < b.at })
	r := rng(424243)
	make1 := func(i int) *event {
		return &event{at: r.next(), name: "event " + strconv.Itoa(i), tags: []string{strconv.Itoa(i % 7), "x"}}
	}
	for i := 0; i < 250000; i++ {
		set.ReplaceOrInsert(make1(i))
	}
	var sum uint64
	for i := 0; i < ops; i++ {
		set.DeleteMin()
		set.ReplaceOrInsert(make1(i))
		if i%8 == 0 {
			var seen []*event
			set.AscendGreaterOrEqual(&event{at: r.next()}, func(e *event) bool {
				seen = append(seen, e)
				return len(seen) < 20
			})
			sum += uint64(len(seen))
		}
	}
	return sum
}

// leastRecent: a cache that drops what was not used longest; its entries hang in one linked list.
func leastRecent(ops int) uint64 {
	type page struct {
		title string
		words []string
		hits  int
	}
	const kept = 60000
	cache, err := lru.New[string, *page](kept)
	must(err)
	r, sum := rng(77771), uint64(0)
	for i := 0; i < ops; i++ {
		key := "page/" + strconv.Itoa(r.below(kept*3/2))
		p, ok := cache.Get(key)
		if !ok {
			p = &page{title: "Title of " + key}
			for k := 0; k < 6; k++ {
				p.words = append(p.words, strconv.FormatUint(r.next()%100000, 36))
			}
			cache.Add(key, p)
		}
		p.hits++
		sum += uint64(len(p.title) + p.hits)
	}
	return sum
}

// growingIndex: an immutable radix tree that grows for the whole run.
func growingIndex(ops int) uint64 {
	tree := iradix.New[int]()
	r := rng(5577)
	for i := 0; i < ops; i++ {
		k := []byte("/host/" + strconv.Itoa(r.below(200)) + "/metric/" + strconv.FormatUint(r.next()%uint64(ops), 16))
		tree, _, _ = tree.Insert(k, i)
	}
	return uint64(tree.Len())
}

// cacheOfBytes: values kept in large byte arrays that hold no pointers.
func cacheOfBytes(ops int) uint64 {
	config := bigcache.DefaultConfig(time.Hour)
	config.Shards, config.MaxEntriesInWindow, config.MaxEntrySize = 64, 100000, 512
	config.HardMaxCacheSize, config.Verbose = 64, false
	cache, err := bigcache.NewBigCache(config)
	must(err)
	r, sum := rng(9191), uint64(0)
	for i := 0; i < ops; i++ {
		key := "user:" + strconv.Itoa(r.below(120000))
		v, err := cache.Get(key)
		if err != nil {
			v = make([]byte, 200+r.below(400))
			must(cache.Set(key, v))
		}
		sum += uint64(len(v))
	}
	return sum
}
