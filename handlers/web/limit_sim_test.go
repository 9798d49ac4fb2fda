package web

import (
	"fmt"
	"math"
	"math/rand/v2"
	"net/netip"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// rehearsal is the limiter with its real numbers and a clock that the test
// moves.
type rehearsal struct {
	l   *limiter
	now time.Time
}

func newRehearsal() *rehearsal {
	r := &rehearsal{now: time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)}
	r.l = newLimiter(DefaultLimits(), func() time.Time { return r.now })
	return r
}

// answers reports whether an answer of an address at a point passes at a time
// after the start.
func (r *rehearsal) answers(at time.Duration, addr, agent, point string) bool {
	start := time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)
	r.now = start.Add(at)
	return r.l.take(client{addr: netip.MustParseAddr(addr)}, agent, point) == nil
}

// sameName is what Chrome on every Android phone says of itself.
const sameName = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 Chrome/150.0.0.0 Mobile Safari/537.36\x00id-ID"

// phone returns the name of a visitor's phone: 7 of 10 are alike.
func phone(random *rand.Rand) string {
	if random.Float64() < 0.7 {
		return sameName
	}
	return "another phone " + strconv.Itoa(random.IntN(40))
}

// arrivals returns when people come: a Poisson process of n people on average
// within a time, weighed by rush (of 0 to 1, at a part of the time).
func arrivals(random *rand.Rand, n float64, within time.Duration, rush func(part float64) float64) []time.Duration {
	var weight float64
	const steps = 1000
	for i := range steps {
		weight += rush(float64(i)/steps) / steps
	}
	peak := n / weight / within.Seconds() // people a second at a rush of 1
	var out []time.Duration
	for at := 0.0; ; {
		at += random.ExpFloat64() / peak
		if at >= within.Seconds() {
			return out
		}
		if random.Float64() < rush(at/within.Seconds()) {
			out = append(out, time.Duration(at*float64(time.Second)))
		}
	}
}

// evenly is no rush at all, opening one that fades, as after "please take out
// your phones now".
func evenly(float64) float64       { return 1 }
func opening(part float64) float64 { return math.Exp(-part / 0.3) }

// officeDay has three times as many visitors when the doors open, and twice as
// many after lunch.
func officeDay(part float64) float64 {
	switch {
	case part < 0.15:
		return 1
	case part > 0.6 && part < 0.7:
		return 2.0 / 3
	default:
		return 1.0 / 3
	}
}

// flood is many answers of somebody.
type flood struct {
	name, words string // words are the row of docs/limits.md
	addresses   int
	agents      func(i int) string
	perSecond   int // tried by each address at first, a fifth of it later
}

func disguised(i int) string { return "name " + strconv.Itoa(i) }

func floods() []flood {
	return []flood{
		{"one device without disguise", "one device that doesn't disguise itself", 1, func(int) string { return sameName }, 50},
		{"one address with changing names", "one address, another name each time", 1, disguised, 50},
		{"eight addresses", "eight addresses, another name each time", 8, disguised, 10},
		{"fifty addresses", "fifty addresses, another name each time", 50, disguised, 5},
	}
}

// run floods a point for a time, and calls beside once a second with the
// seconds that passed. It returns how many passed in the first minute and in
// the last hour.
func (f flood) run(r *rehearsal, within time.Duration, beside func(second int)) (firstMinute, lastHour int) {
	seconds, tried := int(within.Seconds()), 0
	for second := range seconds {
		perSecond := f.perSecond
		if second >= 120 {
			perSecond /= 5
		}
		for i := range perSecond {
			at := time.Duration(second)*time.Second + time.Duration(i)*time.Second/time.Duration(perSecond)
			for a := range f.addresses {
				tried++
				if !r.answers(at, "198.51.100."+strconv.Itoa(a), f.agents(tried), "LOKET1") {
					continue
				}
				if second < 60 {
					firstMinute++
				}
				if second >= seconds-3600 {
					lastHour++
				}
			}
		}
		if beside != nil {
			beside(second)
		}
	}
	return firstMinute, lastHour
}

func TestAnOfficeOf500ADayAndAHallOf2000AreNeverHeldBack(t *testing.T) {
	t.Parallel()
	for name, crowd := range map[string]struct {
		people float64
		within time.Duration
		rush   func(float64) float64
		days   int
	}{
		"an office of 500 a day, twenty days":   {500, 7 * time.Hour, officeDay, 20},
		"a hall of 2,000 in ten minutes":        {2000, 10 * time.Minute, evenly, 1},
		"a hall of 2,000, most of them at once": {2000, 10 * time.Minute, opening, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for seed := range uint64(5) {
				random := rand.New(rand.NewPCG(seed, 8))
				r := newRehearsal()
				for day := range crowd.days {
					came := arrivals(random, crowd.people, crowd.within, crowd.rush)
					for i, at := range came {
						if !r.answers(time.Duration(day)*24*time.Hour+at, "203.0.113.7", phone(random), "LOKET1") {
							t.Fatalf("seed %d, day %d: number %d of %d, after %v, is held back", seed, day+1, i+1, len(came), at)
						}
					}
				}
			}
		})
	}
}

// TestAFloodIsHeldToItsRateAndHoldsNobodyElseBack floods a point for two hours.
// What passes is what docs/limits.md says.
func TestAFloodIsHeldToItsRateAndHoldsNobodyElseBack(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../docs/limits.md")
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(string(text), "\n")
	for _, f := range floods() {
		t.Run(f.name, func(t *testing.T) {
			t.Parallel()
			r := newRehearsal()
			random := rand.New(rand.NewPCG(1, 8))
			visitors := arrivals(random, 500, 7*time.Hour, officeDay)
			minute, hour := f.run(r, 2*time.Hour, func(second int) {
				at := time.Duration(second) * time.Second
				for len(visitors) > 0 && visitors[0] <= at {
					visitors = visitors[1:]
					if !r.answers(at, "203.0.113.7", phone(random), "LOKET1") {
						t.Fatalf("after %v a visitor of an office elsewhere is held back", at)
					}
				}
				if second%60 == 0 && !r.answers(at, "203.0.113.8", sameName, "LOKET1") {
					t.Fatalf("after %v a citizen elsewhere is held back", at)
				}
				if second%60 == 0 && f.addresses == 1 && f.agents(1) == f.agents(2) && !r.answers(at, "198.51.100.0", "another phone", "LOKET1") {
					t.Fatalf("after %v another phone behind the same address is held back", at)
				}
			})
			want := fmt.Sprintf("| %s | %s | %s |", f.words, rounded(minute), rounded(hour))
			if !slices.Contains(lines, want) {
				t.Errorf("docs/limits.md lacks the line\n%s", want)
			}
		})
	}
}

// rounded writes a number with two digits that count, and a comma.
func rounded(n int) string {
	unit := int(math.Pow10(max(0, len(strconv.Itoa(n))-2)))
	n = (n + unit/2) / unit * unit
	if n < 1000 {
		return strconv.Itoa(n)
	}
	return fmt.Sprintf("%d,%03d", n/1000, n%1000)
}

func TestAFullMemoryForgetsNoFlood(t *testing.T) {
	t.Parallel()
	r := newRehearsal()
	l := r.l.limits
	for i := range l.Device.Burst {
		if !r.answers(0, "198.51.100.1", sameName, "LOKET"+strconv.Itoa(i%100)) {
			t.Fatalf("answer %d is held back", i+1)
		}
	}
	// Everybody else comes once, from everywhere.
	for i := range maxBuckets / 2 {
		r.answers(time.Duration(i)*time.Microsecond, netip.AddrFrom4([4]byte{100, byte(i >> 16), byte(i >> 8), byte(i)}).String(), sameName, "LOKET"+strconv.Itoa(i%5000))
		if len(r.l.buckets) > maxBuckets {
			t.Fatalf("%d buckets", len(r.l.buckets))
		}
	}
	if r.answers(110*time.Millisecond, "198.51.100.1", sameName, "LOKET1") {
		t.Error("a flood was forgotten")
	}
	// Once they are full again, a few new ones are enough to forget them.
	for i := range maxBuckets / 5 {
		r.answers(48*time.Hour+time.Duration(i)*time.Second, "203.0.113.7", disguised(i), "LOKET1")
	}
	if n := len(r.l.buckets); n > maxBuckets/2 {
		t.Errorf("%d buckets are kept, most of them full", n)
	}
}
