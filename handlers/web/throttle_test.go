package web

import (
	"context"
	"encoding/binary"
	"errors"
	"net/netip"
	"strings"
	"testing"
	"time"

	"persepsi/survey"
)

// clock stands until it is set on.
type clock struct{ time.Time }

func (c *clock) now() time.Time { return c.Time }

func (c *clock) pass(d time.Duration) { c.Time = c.Add(d) }

func numberedAddress(n int) netip.Addr {
	var b [4]byte
	binary.BigEndian.PutUint32(b[:], 0x0a000000+uint32(n))
	return netip.AddrFrom4(b)
}

func TestWhoGuessesWaitsAndNobodyElseDoes(t *testing.T) {
	t.Parallel()
	c := &clock{time.Unix(1000, 0)}
	th := newThrottle(Pace{Burst: 3, PerSecond: 0.1}, c.now)
	one, other := numberedAddress(1), numberedAddress(2)
	for i := range 3 {
		if wait := th.take(one); wait != 0 {
			t.Errorf("try %d waits %s", i+1, wait)
		}
	}
	for range 5 { // what had to wait is not counted
		if wait := th.take(one); wait != 10*time.Second {
			t.Errorf("the fourth waits %s, want 10 s", wait)
		}
	}
	if wait := th.take(other); wait != 0 {
		t.Errorf("another address waits %s", wait)
	}
	c.pass(10 * time.Second)
	if first, second := th.take(one), th.take(one); first != 0 || second != 10*time.Second {
		t.Errorf("after ten seconds it waits %s, then %s", first, second)
	}
}

// Beyond so many addresses those are forgotten that wait for nothing; where all wait, all are.
func TestAThrottleForgetsWhoWaitsForNothing(t *testing.T) {
	t.Parallel()
	c := &clock{time.Unix(1000, 0)}
	th := newThrottle(Pace{Burst: 1, PerSecond: 1}, c.now)
	for i := range maxThrottled - 1 {
		th.take(numberedAddress(i))
	}
	c.pass(time.Second) // they are as new
	guesses := numberedAddress(maxThrottled)
	th.take(guesses)
	if len(th.buckets) != maxThrottled {
		t.Fatalf("%d addresses are known", len(th.buckets))
	}
	th.take(numberedAddress(maxThrottled + 1))
	if wait := th.take(guesses); len(th.buckets) != 2 || wait != time.Second {
		t.Errorf("%d addresses are known, and who guesses waits %s", len(th.buckets), wait)
	}
	for i := len(th.buckets); i < maxThrottled; i++ {
		th.take(numberedAddress(2*maxThrottled + i))
	}
	if th.take(numberedAddress(1)); len(th.buckets) != 1 {
		t.Errorf("%d addresses are known where all of them wait", len(th.buckets))
	}
}

func TestWhatIsReadWholeIsRememberedForHalfASecond(t *testing.T) {
	t.Parallel()
	c := &clock{time.Unix(1000, 0)}
	reads, away := 0, error(nil)
	m := newReadCache(c.now, func(context.Context) (int, error) { reads++; return reads, away })
	get := func(want int) {
		t.Helper()
		if got, err := m.get(t.Context()); err != nil || got != want {
			t.Errorf("it reads %d, err = %v, want %d", got, err, want)
		}
	}
	get(1)
	c.pass(rememberFor - 1)
	get(1)
	c.pass(1)
	get(2)
	c.pass(rememberFor)
	away = errors.New("away")
	if _, err := m.get(t.Context()); !errors.Is(err, away) {
		t.Errorf("without a store: %v", err)
	}
	away = nil
	get(4)
	if got, err := m.read(t.Context()); got != 5 || err != nil {
		t.Errorf("asked for anew: %d, %v", got, err)
	}
	get(5)
}

// The wait that is told is that of the slowest bucket, and of a point's own share only where what
// is beyond it would take longer.
func TestWhoIsHeldBackIsToldWhenToComeAgain(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		limits Limits
		pass   int
		wait   time.Duration
	}{
		"nothing holds back":           {Limits{}, 50, 0},
		"the device":                   {Limits{Device: Pace{4, 0.5}, Address: Pace{100, 1}}, 4, 2 * time.Second},
		"the address":                  {Limits{Device: Pace{100, 1}, Address: Pace{3, 0.25}}, 3, 4 * time.Second},
		"the slower of both":           {Limits{Device: Pace{3, 0.5}, Address: Pace{3, 0.25}}, 3, 4 * time.Second},
		"share, then what is left":     {Limits{Share: Pace{2, 0.1}, Point: Pace{3, 0.5}}, 5, 2 * time.Second},
		"what is left takes longer":    {Limits{Share: Pace{2, 0.5}, Point: Pace{3, 0.1}}, 5, 2 * time.Second},
		"a share, and no bound beyond": {Limits{Share: Pace{2, 0.5}}, 50, 0},
	} {
		c := &clock{time.Unix(1000, 0)}
		l := newLimiter(tc.limits, c.now)
		from := client{addr: numberedAddress(1)}
		for i := range tc.pass {
			if err := l.take(from, "agent", "point"); err != nil {
				t.Fatalf("%s: answer %d: %v", name, i+1, err)
			}
		}
		if tc.wait == 0 {
			continue
		}
		var held *survey.Error
		for range 3 { // what is refused uses up nothing
			if err := l.take(from, "agent", "point"); !errors.As(err, &held) || held.Code != survey.RateLimited || held.RetryAfter != tc.wait {
				t.Fatalf("%s: %v, want to wait %s", name, err, tc.wait)
			}
		}
		c.pass(tc.wait - time.Millisecond)
		if l.take(from, "agent", "point") == nil {
			t.Errorf("%s: it passes too soon", name)
		}
		c.pass(time.Millisecond)
		if err := l.take(from, "agent", "point"); err != nil {
			t.Errorf("%s: then it waits: %v", name, err)
		}
	}
}

// Of the buckets that are kept each is found by its own mark, whichever is forgotten.
func TestABucketThatIsForgottenTakesNoOtherWithIt(t *testing.T) {
	t.Parallel()
	for gone := range 5 {
		c := &clock{time.Unix(1000, 0)}
		l := newLimiter(Limits{}, c.now)
		var taps []bucketRef
		for i := range 5 {
			taps = append(taps, l.tap(string(rune('a'+i)), Pace{Burst: i + 1, PerSecond: 1}))
			for range i + 1 {
				l.draw(taps[i], c.now())
			}
		}
		if l.wait(taps[gone], c.now()) != time.Second {
			t.Error("a bucket that was emptied holds nobody back")
		}
		l.forget(gone)
		for i, one := range taps {
			at, kept := l.places[one.mark]
			if kept != (i != gone) || kept && (l.buckets[at].mark != one.mark || l.buckets[at].Burst() != i+1) || (l.wait(one, c.now()) > 0) != kept {
				t.Errorf("after bucket %d was forgotten, bucket %d is at %d: %v", gone, i, at, kept)
			}
		}
		if len(l.buckets) != 4 || len(l.places) != 4 {
			t.Errorf("%d buckets in %d places are left of 5", len(l.buckets), len(l.places))
		}
	}
}

func TestAForwardedAddressIsReadWithOrWithoutAPort(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"203.0.113.7": "203.0.113.7", "203.0.113.7:8080": "203.0.113.7", "[2001:db8::1]": "2001:db8::1", "[2001:db8::1]:443": "2001:db8::1",
		"2001:db8::1": "2001:db8::1", "::ffff:203.0.113.7": "203.0.113.7", "": "", "unknown": "", "203.0.113": "", "203.0.113.7:x": "",
	} {
		a, ok := hop(" " + text + " ") // as it stands between commas
		if ok != (want != "") || ok && a.String() != want {
			t.Errorf("%q is read as %s, %v", text, a, ok)
		}
	}
	for host, want := range map[string]bool{
		"survei.kota.go.id": true, "Survei-2_a.id:8080": true, "[::1]:80": true, "azAZ09": true, "": false, "a/b": false, "a b": false, "a@b": false, "é.id": false,
		strings.Repeat("a", maxHost): true, strings.Repeat("a", maxHost+1): false,
	} {
		if got := validHost(host); got != want {
			t.Errorf("%.20q: %v, want %v", host, got, want)
		}
	}
}

func TestAProxyThatIsNotNamedIsToldOfForADay(t *testing.T) {
	t.Parallel()
	c := &clock{time.Unix(1000, 0)}
	p := &Peers{now: c.now}
	if p.Unnamed() {
		t.Error("one is told of where there was none")
	}
	p.unnamed = c.now()
	c.pass(unnamedFor)
	if !p.Unnamed() {
		t.Error("it is forgotten within the day")
	}
	c.pass(1)
	if p.Unnamed() {
		t.Error("it is told of after the day")
	}
}
