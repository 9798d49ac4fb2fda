package cache

import (
	"errors"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"pgregory.net/rapid"
)

type pageKey struct{ name string }

type textKey struct{ name string }

func TestAValueIsMadeOnceForAllWhoAskMeanwhile(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := New(1 << 20)
		finish := make(chan struct{})
		var made atomic.Int64
		var wg sync.WaitGroup
		for range 10 {
			wg.Go(func() {
				got, err := Get(c, pageKey{"a"}, func() (string, int, error) {
					made.Add(1)
					<-finish
					return "page", 4, nil
				})
				if got != "page" || err != nil {
					t.Errorf("got %q, err = %v", got, err)
				}
			})
		}
		synctest.Wait() // one makes it, nine wait
		if got, err := Get(c, pageKey{"b"}, func() (string, int, error) { return "other", 5, nil }); got != "other" || err != nil {
			t.Errorf("another page waits: %q, %v", got, err)
		}
		close(finish)
		wg.Wait()
		if made.Load() != 1 {
			t.Errorf("made %d times, want once", made.Load())
		}
		if s := c.Stats(); s.Entries != 2 || s.Misses != 11 {
			t.Errorf("stats = %+v", s)
		}
	})
}

type twoParts struct{ address, scopes string }

// Addresses are whatever a request says. One that reads as another key does, written out,
// would get what is just made for somebody else.
func TestWhoAsksForAKeyThatReadsAlikeGetsTheirOwn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := New(1 << 20)
		finish := make(chan struct{})
		var wg sync.WaitGroup
		wg.Go(func() {
			_, _ = Get(c, twoParts{"/meja", "city scopes:mine"}, func() (string, int, error) {
				<-finish
				return "theirs", 6, nil
			})
		})
		synctest.Wait()
		got := ""
		wg.Go(func() {
			got, _ = Get(c, twoParts{"/meja scopes:city", "mine"}, func() (string, int, error) { return "mine", 4, nil })
		})
		synctest.Wait()
		close(finish)
		wg.Wait()
		if got != "mine" {
			t.Errorf("what is handed out is %q", got)
		}
	})
}

func TestWhatFailedIsMadeAgain(t *testing.T) {
	t.Parallel()
	c := New(1 << 20)
	broken := errors.New("broken")
	if _, err := Get(c, pageKey{"a"}, func() (int, int, error) { return 0, 8, broken }); !errors.Is(err, broken) {
		t.Errorf("err = %v", err)
	}
	if got, err := Get(c, pageKey{"a"}, func() (int, int, error) { return 7, 8, nil }); got != 7 || err != nil {
		t.Errorf("got %d, err = %v", got, err)
	}
	if got, ok := c.find(pageKey{"a"}, true); got != 7 || !ok {
		t.Errorf("found %d, %v", got, ok)
	}
}

func TestEveryQuestionIsCountedAsAHitOrAMiss(t *testing.T) {
	t.Parallel()
	c := New(1 << 20)
	get := func() (string, int, error) { return "page", 4, nil }
	for range 3 { // a miss and two hits
		if _, err := Get(c, pageKey{"a"}, get); err != nil {
			t.Fatal(err)
		}
	}
	c.find(pageKey{"a"}, true)
	c.find(pageKey{"b"}, true)
	if s := c.Stats(); s.Hits != 3 || s.Misses != 2 {
		t.Errorf("stats = %+v, want 3 hits and 2 misses", s)
	}
}

func TestKeysOfTwoUsersAreApart(t *testing.T) {
	t.Parallel()
	c := New(1 << 20)
	c.Put(pageKey{"a"}, "page", 4)
	if _, ok := c.find(textKey{"a"}, true); ok {
		t.Error("one user's key finds another's value")
	}
}

func TestWhatWasUsedLastIsKeptWithinTheBound(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		most := rapid.IntRange(0, 20).Draw(t, "most") * overhead
		c := New(most)
		var used []int // keys, used last first
		sizes := map[int]int{}
		use := func(k int) {
			for i, o := range used {
				if o == k {
					used = append(used[:i], used[i+1:]...)
					break
				}
			}
			used = append([]int{k}, used...)
		}
		for range rapid.IntRange(1, 60).Draw(t, "steps") {
			k := rapid.IntRange(0, 8).Draw(t, "key")
			if rapid.IntRange(0, 30).Draw(t, "clear") == 0 {
				c.Clear()
				used = nil
				continue
			}
			if rapid.Bool().Draw(t, "put") {
				sizes[k] = rapid.IntRange(0, 3).Draw(t, "size") * overhead
				c.Put(k, strconv.Itoa(k), sizes[k])
				if use(k); sizes[k]+overhead > most/2 { // it would have half of the rest leave
					used = used[1:]
				}
			}
			// What a bounded list would hold now.
			sum, held := 0, 0
			for _, u := range used {
				if sum += sizes[u] + overhead; sum > most {
					break
				}
				held++
			}
			used = used[:held]
			got, ok := c.find(k, true)
			want := false
			for _, u := range used {
				want = want || u == k
			}
			if ok != want || ok && got != strconv.Itoa(k) {
				t.Fatalf("key %d: %q, %v; want %v", k, got, ok, want)
			}
			if ok {
				use(k)
			}
			if s := c.Stats(); s.Entries != len(used) || s.Bytes > most {
				t.Fatalf("stats = %+v, want %d entries and at most %d bytes", s, len(used), most)
			}
		}
	})
}
