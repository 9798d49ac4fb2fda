package handlers_test

import (
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"persepsi/handlers/web"
	"persepsi/internal/testkit"
)

// sender is one phone: where it is and what it says of itself.
type sender struct{ forwarded, agent, language string }

// trustedHere are proxies: the peer that the test's own requests have, and a
// network.
var trustedHere = []netip.Prefix{netip.MustParsePrefix("0.0.0.0/32"), netip.MustParsePrefix("10.9.0.0/16")}

// limited makes an application with small buckets and a clock that the test
// moves.
func limited(t *testing.T, device, share, point web.Pace) (*testkit.Kit, func(time.Duration)) {
	t.Helper()
	var passed atomic.Int64
	k := testkit.New(t, testkit.City, func(d *testkit.Deps) {
		d.Limits = web.Limits{Device: device, Share: share, Point: point}
		d.Trusted = trustedHere
		d.Now = func() time.Time { return testkit.Noon().Add(time.Duration(passed.Load())) }
	})
	return k, func(d time.Duration) { passed.Add(int64(d)) }
}

func sendFrom(k *testkit.Kit, s sender, point string) *testkit.Reply {
	r := httptest.NewRequest(http.MethodPost, "/api/v1/points/"+point+"/responses", strings.NewReader(k.Response(func(b map[string]any) {
		if point == "MELATI38" {
			b["service"] = "umum"
		}
	})))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("User-Agent", s.agent)
	r.Header.Set("Accept-Language", s.language)
	if s.forwarded != "" {
		for _, line := range strings.Split(s.forwarded, "\n") {
			r.Header.Add("X-Forwarded-For", line)
		}
	}
	return k.Do(r)
}

func TestOneDeviceIsHeldBackAndNotTheOfficeBehindItsAddress(t *testing.T) {
	t.Parallel()
	k, wait := limited(t, web.Pace{Burst: 3, PerSecond: 0.5}, web.Pace{}, web.Pace{})
	flood := sender{"203.0.113.7", "flood", "id"}
	for range 3 {
		if r := sendFrom(k, flood, "KUPARI47"); r.StatusCode != http.StatusCreated {
			t.Fatalf("within the burst: %d %s", r.StatusCode, r.Text)
		}
	}
	r := sendFrom(k, flood, "KUPARI47")
	if r.StatusCode != http.StatusTooManyRequests || r.Header.Get("Retry-After") != "2" || !strings.Contains(r.Text, `"code":"rate_limited"`) {
		t.Fatalf("beyond the burst: %d, Retry-After %q, %s", r.StatusCode, r.Header.Get("Retry-After"), r.Text)
	}
	for _, other := range []sender{{"203.0.113.7", "another phone", "id"}, {"203.0.113.7", "flood", "en"}, {"203.0.113.8", "flood", "id"}} {
		if r := sendFrom(k, other, "KUPARI47"); r.StatusCode != http.StatusCreated {
			t.Errorf("%+v is held back too: %d", other, r.StatusCode)
		}
	}
	wait(2 * time.Second)
	if r := sendFrom(k, flood, "KUPARI47"); r.StatusCode != http.StatusCreated {
		t.Errorf("after the time told: %d", r.StatusCode)
	}
	if n := len(k.Stored()); n != 7 {
		t.Errorf("%d stored, want 7", n)
	}
}

func TestOneAddressIsHeldBackWhateverItsDevicesSay(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City, func(d *testkit.Deps) {
		d.Limits = web.Limits{Device: web.Pace{Burst: 2, PerSecond: 1}, Address: web.Pace{Burst: 5, PerSecond: 1}}
		d.Trusted = trustedHere
	})
	for i := range 20 {
		sendFrom(k, sender{"203.0.113.7", "phone " + strconv.Itoa(i), "id"}, "KUPARI47")
	}
	if n := len(k.Stored()); n != 5 {
		t.Errorf("%d stored from one address, want 5", n)
	}
	if r := sendFrom(k, sender{"203.0.113.8", "phone", "id"}, "KUPARI47"); r.StatusCode != http.StatusCreated {
		t.Errorf("a citizen elsewhere is held back: %d", r.StatusCode)
	}
}

func TestNobodyUsesUpAnotherAddressesShareOfAPoint(t *testing.T) {
	t.Parallel()
	k, wait := limited(t, web.Pace{}, web.Pace{Burst: 2, PerSecond: 0.1}, web.Pace{Burst: 5, PerSecond: 0.5})
	send := func(address, point string) int {
		return sendFrom(k, sender{address, "phone", "id"}, point).StatusCode
	}
	stored := 0
	for range 5 {
		for address := range 4 {
			if send("203.0.113."+strconv.Itoa(address), "KUPARI47") == http.StatusCreated {
				stored++
			}
		}
	}
	if stored != 4*2+5 {
		t.Errorf("%d stored of four addresses, want their shares and the point's own 5", stored)
	}
	for i := range 3 {
		want := http.StatusCreated
		if i == 2 {
			want = http.StatusTooManyRequests
		}
		if got := send("203.0.113.200", "KUPARI47"); got != want {
			t.Errorf("answer %d of a citizen elsewhere: %d, want %d", i+1, got, want)
		}
	}
	if got := send("203.0.113.1", "MELATI38"); got != http.StatusCreated {
		t.Errorf("another point: %d", got)
	}
	r := sendFrom(k, sender{"203.0.113.1", "phone", "id"}, "KUPARI47")
	if r.Header.Get("Retry-After") != "2" {
		t.Errorf("Retry-After %q, want 2: the point's bucket fills sooner than the share", r.Header.Get("Retry-After"))
	}
	wait(2 * time.Second)
	if got := send("203.0.113.1", "KUPARI47"); got != http.StatusCreated {
		t.Errorf("after the time told: %d", got)
	}
}

func TestWhereARequestComesFrom(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name      string
		forwarded []string // of two requests
		held      bool     // the second is held back: both are one device
	}{
		{"a proxy that says nothing", []string{"", ""}, true},
		{"the same address", []string{"203.0.113.7", "203.0.113.7"}, true},
		{"a forged hop before the true one", []string{"1.1.1.1, 203.0.113.7", "2.2.2.2, 203.0.113.7"}, true},
		{"a second trusted proxy", []string{"203.0.113.7, 10.9.1.1", "203.0.113.7, 10.9.2.2"}, true},
		{"other addresses", []string{"203.0.113.7", "203.0.113.8"}, false},
		{"a proxy that adds a line", []string{"1.1.1.1\n203.0.113.7", "2.2.2.2\n203.0.113.7"}, true},
		{"the same address in IPv6 notation", []string{"::ffff:203.0.113.7", "203.0.113.7"}, true},
		{"nonsense", []string{"unknown", "unknown"}, true},
		{"with a port", []string{"203.0.113.7:4711", "203.0.113.7:4712"}, true},
		{"one network of IPv6", []string{"2001:db8:1:2::3", "2001:db8:1:2:ffff::4"}, true},
		{"other networks of IPv6", []string{"2001:db8:1:2::3", "2001:db8:1:3::3"}, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			k, _ := limited(t, web.Pace{Burst: 1, PerSecond: 0.001}, web.Pace{}, web.Pace{})
			sendFrom(k, sender{tt.forwarded[0], "phone", "id"}, "KUPARI47")
			r := sendFrom(k, sender{tt.forwarded[1], "phone", "id"}, "KUPARI47")
			if held := r.StatusCode == http.StatusTooManyRequests; held != tt.held {
				t.Errorf("held back = %v (%d), want %v", held, r.StatusCode, tt.held)
			}
		})
	}
}

func TestAFormThatIsHeldBackKeepsWhatWasTyped(t *testing.T) {
	t.Parallel()
	k, _ := limited(t, web.Pace{Burst: 1, PerSecond: 0.001}, web.Pace{}, web.Pace{})
	send := func() *testkit.Reply {
		values := url.Values{"id": {uuid.NewString()}, "service": {"ktp"}, "consent": {"1"}, "comment": {"ruang tunggu panas"}}
		for q, v := range testkit.Answers(k.Register.Directory().Form("2026-s1"), 3) {
			values.Set("answers."+q, strconv.Itoa(v))
		}
		r := httptest.NewRequest(http.MethodPost, "/s/KUPARI47", strings.NewReader(values.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("X-Forwarded-For", "203.0.113.7")
		return k.Do(r)
	}
	if r := send(); r.StatusCode != http.StatusSeeOther {
		t.Fatalf("the first: %d %s", r.StatusCode, r.Text)
	}
	r := send()
	if r.StatusCode != http.StatusTooManyRequests || r.Header.Get("Retry-After") == "" {
		t.Errorf("the second: %d, Retry-After %q", r.StatusCode, r.Header.Get("Retry-After"))
	}
	doc := r.HTML()
	if doc.Find("textarea").Text() != "ruang tunggu panas" || doc.Find("input[checked]").Length() < 10 {
		t.Error("the form does not keep what was typed")
	}
}
