package route

import "sync"

// Key names a route: from, to and the vehicle.
type Key struct {
	From, To int32
	Vehicle  string
}

// entry is a cached route, and points to the one cached after it.
type entry struct {
	key   Key
	route *Route
	next  *entry
}

// Cache keeps the routes found last. It is safe for concurrent use.
type Cache struct {
	mu             sync.Mutex
	limit          int
	entries        map[Key]*entry
	oldest, newest *entry
}

// NewCache returns a cache of at most limit routes.
func NewCache(limit int) *Cache {
	return &Cache{limit: limit, entries: make(map[Key]*entry)} // want "&Cache{...} escapes to heap" "make.map.Key..entry. escapes to heap"
}

// Get returns the route under key, or nil.
func (c *Cache) Get(key Key) *Route {
	c.mu.Lock()
	defer c.mu.Unlock()
	if e := c.entries[key]; e != nil {
		return e.route
	}
	return nil
}

// Put keeps r under key and forgets the oldest route when there are too
// many. The entry is pointed to by a map and by the entry before it: it has
// to be on the heap.
func (c *Cache) Put(key Key, r *Route) { // want "leaking param: r$"
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.entries[key] != nil {
		return // another worker was faster
	}
	e := &entry{key: key, route: r} // want "&entry{...} escapes to heap"
	c.entries[key] = e
	if c.oldest == nil {
		c.oldest = e
	} else {
		c.newest.next = e
	}
	c.newest = e
	if len(c.entries) > c.limit {
		delete(c.entries, c.oldest.key)
		c.oldest = c.oldest.next
	}
}

// Len is the number of routes kept.
func (c *Cache) Len() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.entries)
}
