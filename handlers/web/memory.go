package web

import (
	"context"
	"strconv"
	"sync/atomic"
	"time"

	"golang.org/x/sync/singleflight"
)

// rememberFor is how long keys and people are remembered, from the moment at which
// reading them began: a key that is revoked, and a person whose account is closed,
// open nothing anywhere within a second, and half of it is left for the reading.
const rememberFor = 500 * time.Millisecond

// readCache remembers for a moment what is read whole, so that however many ask at once
// cost the store one reading.
type readCache[T any] struct {
	now     func() time.Time
	load    func(context.Context) (T, error)
	current atomic.Pointer[cachedValue[T]]
	reading singleflight.Group
}

// cachedValue is what was read, and when that began.
type cachedValue[T any] struct {
	at    time.Time
	value T
}

func newReadCache[T any](now func() time.Time, load func(context.Context) (T, error)) *readCache[T] {
	return &readCache[T]{now: now, load: load}
}

// get returns what is stored, as it was at most rememberFor ago.
func (m *readCache[T]) get(ctx context.Context) (T, error) {
	now := m.now()
	if got := m.remembered(now); got != nil {
		return got.value, nil
	}
	// Whoever joins a reading joins one that began in the same half second.
	slot := strconv.FormatInt(now.UnixNano()/int64(rememberFor), 10)
	v, err, _ := m.reading.Do(slot, func() (any, error) {
		if got := m.remembered(now); got != nil { // somebody else just read it
			return got.value, nil
		}
		return m.read(ctx)
	})
	out, _ := v.(T) // nothing else is returned above
	return out, err
}

// remembered returns what was read lately, else nil.
func (m *readCache[T]) remembered(now time.Time) *cachedValue[T] {
	if got := m.current.Load(); got != nil && now.Sub(got.at) < rememberFor {
		return got
	}
	return nil
}

// read reads it anew and remembers it.
func (m *readCache[T]) read(ctx context.Context) (T, error) {
	at := m.now()
	out, err := m.load(ctx)
	if err == nil {
		m.current.Store(&cachedValue[T]{at, out})
	}
	return out, err
}
