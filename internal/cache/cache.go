// Package cache keeps what is dear to make and asked for again: rendered pages
// and texts, and what was read from the store for them. One value of Cache
// bounds all of it together.
package cache

import (
	"container/list"
	"fmt"
	"sync"

	"golang.org/x/sync/singleflight"
)

// Cache keeps the values that were used last, up to a number of bytes. A key
// names everything that its value depends on: what changes gets another key, so
// that nothing here is ever out of date, and what nobody asks for any more
// leaves by its age. Safe for concurrent use.
type Cache struct {
	most   int
	flight singleflight.Group

	mu      sync.Mutex
	entries map[any]*list.Element
	order   *list.List // of *entry, used last first
	stats   Stats
}

// Stats tells how full a cache is and what it was good for.
type Stats struct {
	Entries, Bytes int
	Hits, Misses   uint64 // since it was made
}

type entry struct {
	key, value any
	size       int
}

// overhead is what an entry takes beside its value, in bytes, roughly.
const overhead = 256

// Unkept as the size of a value says that it is returned and not kept.
const Unkept = -1

// New makes a cache of at most so many bytes.
func New(most int) *Cache {
	return &Cache{most: most, entries: map[any]*list.Element{}, order: list.New()}
}

// Get returns the value of a key, made by one caller while others who ask for
// it wait. make returns its size in bytes too, or Unkept; what it fails to make
// is not kept. A key is a comparable value of a type of its user's own, so that no two
// users share one.
func Get[V any](c *Cache, key any, make func() (V, int, error)) (V, error) {
	if value, ok := c.find(key, true); ok {
		return value.(V), nil
	}
	value, err, _ := c.flight.Do(fmt.Sprintf("%#v", key), func() (any, error) { // quotes texts: a web address in a key can't look like its next field
		if value, ok := c.find(key, false); ok {
			return value, nil // made since this caller looked
		}
		value, size, err := make()
		if err == nil {
			c.Put(key, value, size)
		}
		return value, err
	})
	return value.(V), err
}

// Put keeps a value of so many bytes; not one that takes more than half of the cache, for which
// everything else would have to leave.
func (c *Cache) Put(key, value any, size int) {
	if size == Unkept {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if old, ok := c.entries[key]; ok {
		c.drop(old)
	}
	if size+overhead > c.most/2 {
		return
	}
	e := &entry{key, value, size + overhead}
	c.entries[key] = c.order.PushFront(e)
	c.stats.Bytes += e.size
	for c.stats.Bytes > c.most {
		c.drop(c.order.Back())
	}
}

// Clear forgets everything.
func (c *Cache) Clear() {
	c.mu.Lock()
	defer c.mu.Unlock()
	clear(c.entries)
	c.order.Init()
	c.stats.Bytes = 0
}

// Stats returns the cache's size and use.
func (c *Cache) Stats() Stats {
	c.mu.Lock()
	defer c.mu.Unlock()
	s := c.stats
	s.Entries = len(c.entries)
	return s
}

func (c *Cache) find(key any, counted bool) (any, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	at, ok := c.entries[key]
	if ok {
		c.order.MoveToFront(at)
	}
	switch {
	case !counted:
	case ok:
		c.stats.Hits++
	default:
		c.stats.Misses++
	}
	if !ok {
		return nil, false
	}
	return at.Value.(*entry).value, true
}

// drop forgets an element. The caller holds mu.
func (c *Cache) drop(at *list.Element) {
	e := c.order.Remove(at).(*entry)
	delete(c.entries, e.key)
	c.stats.Bytes -= e.size
}
