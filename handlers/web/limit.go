package web

import (
	"hash/maphash"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"
	"golang.org/x/time/rate"

	"persepsi/survey"
)

// Pace is a token bucket: so many at once, then so many a second. One without a
// burst holds nothing back.
type Pace struct {
	Burst     int
	PerSecond float64
}

// Limits hold back what sends more than people can: docs/limits.md has what
// they stop and what they can't.
type Limits struct {
	// Device is for what looks alike behind one address: browser and language.
	// Most phones of a hall look alike.
	Device Pace
	// Address is for all that comes from one address.
	Address Pace
	// Share is what each address has at each point. Nobody else uses it up.
	Share Pace
	// Point is what all addresses together have at one point beyond their
	// shares.
	Point Pace
}

// DefaultLimits let an office of 500 visitors a day and a hall of 2,000 that
// answers within ten minutes pass behind one address.
func DefaultLimits() Limits {
	return Limits{Device: Pace{1000, 1}, Address: Pace{2000, 2}, Share: Pace{100, 0.1}, Point: Pace{1500, 2}}
}

// limiter keeps the buckets, in memory only.
type limiter struct {
	limits Limits
	now    func() time.Time
	seed   maphash.Seed // marks mean nothing outside this process

	mu      sync.Mutex
	buckets []bucket
	places  map[uint64]int // of each bucket, by its mark
}

type bucket struct {
	mark uint64
	*rate.Limiter
}

func newLimiter(l Limits, now func() time.Time) *limiter {
	return &limiter{limits: l, now: now, seed: maphash.MakeSeed(), places: map[uint64]int{}}
}

// bucketRef is a bucket that an answer takes a token of.
type bucketRef struct {
	mark uint64
	pace Pace
}

// allow lets one answer to a point pass or tells, as RateLimited, when to try
// again. What is refused uses up nothing.
func (l *limiter) allow(c *fiber.Ctx, from client, point string) error {
	if from.local {
		return nil
	}
	return l.take(from, c.Get(fiber.HeaderUserAgent)+"\x00"+c.Get(fiber.HeaderAcceptLanguage), point)
}

// take is allow for a device that says agent of itself.
func (l *limiter) take(from client, agent, point string) error {
	addr := from.addr.String()
	device := l.tap("device\x00"+addr+"\x00"+from.forwarded+"\x00"+agent, l.limits.Device)
	address := l.tap("address\x00"+addr, l.limits.Address)
	place := l.tap("share\x00"+addr+"\x00"+point, l.limits.Share)
	now := l.now()
	l.mu.Lock()
	defer l.mu.Unlock()
	wait := max(l.wait(device, now), l.wait(address, now))
	if own := l.wait(place, now); own > 0 {
		shared := l.tap("point\x00"+point, l.limits.Point)
		wait = max(wait, min(own, l.wait(shared, now)))
		place = shared
	}
	if wait > 0 {
		return &survey.Error{Code: survey.RateLimited, Message: "too many answers came from here at once; try again later", RetryAfter: wait}
	}
	for _, t := range []bucketRef{device, address, place} {
		l.draw(t, now)
	}
	return nil
}

func (l *limiter) tap(key string, p Pace) bucketRef { return bucketRef{maphash.String(l.seed, key), p} }

// wait returns how long it takes until a bucket has a token.
func (l *limiter) wait(t bucketRef, now time.Time) time.Duration {
	i, ok := l.places[t.mark]
	if !ok || t.pace.Burst <= 0 {
		return 0
	}
	tokens := l.buckets[i].TokensAt(now)
	if tokens >= 1 {
		return 0
	}
	return time.Duration((1 - tokens) / t.pace.PerSecond * float64(time.Second))
}

// draw takes a token that is there.
func (l *limiter) draw(t bucketRef, now time.Time) {
	if t.pace.Burst <= 0 {
		return
	}
	i, ok := l.places[t.mark]
	if !ok {
		l.makeRoom(now)
		i = len(l.buckets)
		l.buckets = append(l.buckets, bucket{t.mark, rate.NewLimiter(rate.Limit(t.pace.PerSecond), t.pace.Burst)})
		l.places[t.mark] = i
	}
	l.buckets[i].AllowN(now, 1)
}

const (
	maxBuckets = 50_000 // some 10 MB
	// lookAt is how many buckets are looked at when one is added: enough to
	// find what is full again, at a cost that doesn't grow with their number.
	lookAt = 8
)

// makeRoom forgets buckets that are full again, a few at a time, for they mean
// what no bucket means. Beyond maxBuckets the fullest of those looked at goes:
// it forgives least, and a flood's is empty.
func (l *limiter) makeRoom(now time.Time) {
	fullest, most, gone := 0, -1.0, false
	for range min(lookAt, len(l.buckets)) {
		i := rand.IntN(len(l.buckets))
		full := l.buckets[i].TokensAt(now) / float64(l.buckets[i].Burst())
		if full >= 1 {
			l.forget(i)
			gone = true
		} else if full > most {
			fullest, most = i, full
		}
	}
	if !gone && len(l.buckets) >= maxBuckets {
		l.forget(fullest)
	}
}

// forget removes a bucket; the last one takes its place.
func (l *limiter) forget(i int) {
	last := len(l.buckets) - 1
	delete(l.places, l.buckets[i].mark)
	if i < last {
		l.buckets[i] = l.buckets[last]
		l.places[l.buckets[i].mark] = i
	}
	l.buckets[last] = bucket{}
	l.buckets = l.buckets[:last]
}
