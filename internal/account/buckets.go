package account

import (
	"hash/maphash"
	"sync"
	"time"
)

// pace is how many wrong passwords are let through at once, and how long each further
// one must wait.
type pace struct {
	burst int
	every time.Duration
}

// The paces. Right passwords are not counted.
var (
	// pairPace is for one account from one address, of browsers that never signed in
	// to it.
	pairPace = pace{10, time.Minute}
	// accountPace is for one account from everywhere, of such browsers.
	accountPace = pace{50, time.Minute}
	// addressPace is for all accounts from one address, of such browsers.
	addressPace = pace{100, 3 * time.Second}
	// devicePace is for one account by one browser that signed in to it before. What
	// others do uses nothing of it up.
	devicePace = pace{10, time.Minute}
)

// buckets count wrong passwords, in memory alone.
type buckets struct {
	now  func() time.Time
	seed maphash.Seed // marks mean nothing outside this process

	mu   sync.Mutex
	full map[uint64]bucket
}

// bucket is how many were counted and not yet waited for, at a moment.
type bucket struct {
	pace pace
	used float64
	at   time.Time
}

const (
	maxBuckets = 50_000 // some 5 MB
	// lookAt is how many are looked at for one that may go when one is added.
	lookAt = 8
)

func newBuckets(now func() time.Time) *buckets {
	return &buckets{now: now, seed: maphash.MakeSeed(), full: map[uint64]bucket{}}
}

// use is a bucket that a try counts in.
type use struct {
	key  string
	pace pace
}

// take counts a try in each bucket and returns 0; or counts it in none and returns how
// long the one that is fullest makes it wait.
func (b *buckets) take(uses ...use) time.Duration {
	now := b.now()
	b.mu.Lock()
	defer b.mu.Unlock()
	var wait time.Duration
	for _, u := range uses {
		over := b.level(u, now).used + 1 - float64(u.pace.burst)
		wait = max(wait, time.Duration(over*float64(u.pace.every)))
	}
	if wait > 0 {
		return wait
	}
	for _, u := range uses {
		l := b.level(u, now)
		l.used++
		b.put(u, l)
	}
	return 0
}

// giveBack takes a try out of each bucket again: it was no wrong one.
func (b *buckets) giveBack(uses ...use) {
	now := b.now()
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, u := range uses {
		l := b.level(u, now)
		l.used = max(0, l.used-1)
		b.put(u, l)
	}
}

// level returns a bucket as it is now.
func (b *buckets) level(u use, now time.Time) bucket {
	l, ok := b.full[b.mark(u)]
	if !ok {
		return bucket{u.pace, 0, now}
	}
	return bucket{u.pace, l.left(now), now}
}

func (l bucket) left(now time.Time) float64 {
	return max(0, l.used-float64(now.Sub(l.at))/float64(l.pace.every))
}

func (b *buckets) mark(u use) uint64 { return maphash.String(b.seed, u.key) }

// put keeps a bucket. Where there is no room, the emptiest of a few goes: it forgives
// least.
func (b *buckets) put(u use, l bucket) {
	mark := b.mark(u)
	if _, ok := b.full[mark]; !ok && len(b.full) >= maxBuckets {
		var emptiest uint64
		least, seen := 0.0, 0
		for m, other := range b.full { // in an order that is chance
			if left := other.left(l.at); seen == 0 || left < least {
				emptiest, least = m, left
			}
			if seen++; seen == lookAt {
				break
			}
		}
		delete(b.full, emptiest)
	}
	b.full[mark] = l
}
