package account

import (
	"fmt"
	"testing"
	"time"
)

// However many addresses a flood comes from, it costs bounded memory, and who was held back
// before it is held back still.
func TestAFloodOfAddressesMakesRoomForNobodyWhoIsHeldBack(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 2, 4, 0, 0, 0, time.UTC)
	b := newBuckets(func() time.Time { return now })
	guesser := func(i int) use { return use{fmt.Sprint("guesser ", i), pairPace} }
	const guessers = 100
	for i := range guessers {
		for range pairPace.burst {
			b.take(guesser(i))
		}
	}
	for i := range maxBuckets + maxBuckets/2 {
		b.take(use{fmt.Sprint("address ", i), addressPace})
	}
	if n := len(b.full); n != maxBuckets {
		t.Errorf("%d are kept, want %d", n, maxBuckets)
	}
	for i := range guessers {
		if b.take(guesser(i)) == 0 {
			t.Errorf("guesser %d goes on", i)
		}
		b.giveBack(guesser(i)) // takes no other's room either
	}
	if n := len(b.full); n != maxBuckets {
		t.Errorf("%d are kept after one was counted that was there, want %d", n, maxBuckets)
	}
}

func TestEachFurtherTryWaitsItsTime(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 2, 4, 0, 0, 0, time.UTC)
	b := newBuckets(func() time.Time { return now })
	guess := use{"guesser", pairPace}
	for range pairPace.burst {
		b.take(guess)
	}
	now = now.Add(pairPace.every - time.Second)
	if wait := b.take(guess); wait.Round(time.Millisecond) != time.Second {
		t.Errorf("a second too early: wait %s", wait)
	}
	now = now.Add(time.Second)
	if first, second := b.take(guess), b.take(guess); first != 0 || second.Round(time.Millisecond) != pairPace.every {
		t.Errorf("in time: wait %s, and the next %s", first, second)
	}
}
