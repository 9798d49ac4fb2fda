package main

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/uuid"
	"github.com/valyala/fasthttp"
)

// counting is a server that answers by what handle does and counts.
func counting(t *testing.T, handle func(n int64, w http.ResponseWriter, r *http.Request)) (addr string, count *atomic.Int64) {
	t.Helper()
	count = new(atomic.Int64)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { handle(count.Add(1), w, r) }))
	t.Cleanup(s.Close)
	return strings.TrimPrefix(s.URL, "http://"), count
}

func plain() func(int) func(*fasthttp.Request) { return gets([]string{"/a", "/b"}, "") }

func TestEveryReplyIsCountedAsRightOrByWhatWasWrong(t *testing.T) {
	t.Parallel()
	addr, count := counting(t, func(n int64, w http.ResponseWriter, _ *http.Request) {
		switch n % 4 {
		case 0:
			w.WriteHeader(http.StatusInternalServerError)
		case 1:
			w.WriteHeader(http.StatusAccepted) // also 2xx, but not what was asked for
		case 2:
			panic(http.ErrAbortHandler) // cuts the connection
		default:
			_, _ = w.Write([]byte("hello"))
		}
	})
	got := load{addr: addr, clients: 3, warmUp: 100 * time.Millisecond, during: 300 * time.Millisecond, client: plain(), check: status(http.StatusOK)}.run(t.Context())
	cut := int64(0)
	for what, n := range got.faults {
		if !strings.HasPrefix(what, "status ") {
			cut += n
		}
	}
	faults := got.faults["status 500 instead of 200"] + got.faults["status 202 instead of 200"] + cut
	if got.right == 0 || cut == 0 || got.faults["status 500 instead of 200"] == 0 || got.faults["status 202 instead of 200"] == 0 {
		t.Errorf("right = %d, faults = %v, want some of each", got.right, got.faults)
	}
	if got.right+faults != count.Load() {
		t.Errorf("%d right and %d wrong, but the server was asked %d times", got.right, faults, count.Load())
	}
	if got.latency.n == 0 || got.latency.n > got.right || got.bytes != 5*got.latency.n {
		t.Errorf("%d latencies, %d bytes of %d right replies", got.latency.n, got.bytes, got.right)
	}
}

func TestTheWarmUpIsNotMeasuredButItsFaultsAre(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	addr, _ := counting(t, func(n int64, w http.ResponseWriter, _ *http.Request) {
		switch n {
		case 1:
			w.WriteHeader(http.StatusServiceUnavailable)
		case 9:
			cancel()
		}
	})
	got := load{addr: addr, clients: 1, warmUp: time.Minute, during: time.Minute, client: plain(), check: status(http.StatusOK)}.run(ctx)
	if got.latency.n != 0 || got.right == 0 || got.faults["status 503 instead of 200"] != 1 || got.rate() != 0 {
		t.Errorf("measured %d, right %d, faults %v, rate %v", got.latency.n, got.right, got.faults, got.rate())
	}
}

func TestAVisitAsksForEveryPathOnce(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	asked := map[string]int{}
	addr, _ := counting(t, func(_ int64, w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		asked[r.URL.Path]++
		if r.URL.Path == "/c" {
			w.WriteHeader(http.StatusNotFound)
		}
	})
	got := visit(t.Context(), addr, 3, gets([]string{"/a", "/b", "/c"}, ""), status(http.StatusOK))
	if len(asked) != 3 || asked["/a"] != 1 || asked["/b"] != 1 || got.right != 2 || got.faults["status 404 instead of 200"] != 1 {
		t.Errorf("asked %v, right %d, faults %v", asked, got.right, got.faults)
	}
}

func TestAServerThatIsAwayIsOneFaultAfterTheOther(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := l.Addr().String()
	_ = l.Close()
	got := load{addr: addr, clients: 2, during: 100 * time.Millisecond, client: plain(), check: status(http.StatusOK)}.run(t.Context())
	if len(got.faults) == 0 || got.right != 0 {
		t.Errorf("right = %d, faults = %v", got.right, got.faults)
	}
}

func TestAPageThatIsNotCompressedIsWrong(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	addr, _ := counting(t, func(n int64, w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Accept-Encoding") != browser {
			w.WriteHeader(http.StatusBadRequest)
		}
		if n == 9 {
			cancel()
		}
		if n%2 == 0 {
			w.Header().Set("Content-Encoding", "br")
		}
	})
	got := load{addr: addr, clients: 1, during: time.Minute, client: gets([]string{"/"}, browser), check: compressed}.run(ctx)
	if got.right == 0 || got.faults["the reply is not compressed"] == 0 || len(got.faults) != 1 {
		t.Errorf("right = %d, faults = %v", got.right, got.faults)
	}
}

func TestRequestsOfARateAreDueInTurnAndLateOnesCountFromThen(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l, start := load{clients: 4, rate: 100}, time.Now()
		const step = 10 * time.Millisecond // of all clients
		for _, tc := range []struct{ client, n, steps int }{{0, 0, 0}, {1, 0, 1}, {3, 0, 3}, {0, 1, 4}, {2, 5, 22}} {
			if got, want := l.due(start, tc.client, tc.n), start.Add(time.Duration(tc.steps)*step); !got.Equal(want) {
				t.Errorf("request %d of client %d is due after %s, want %d steps", tc.n, tc.client, got.Sub(start), tc.steps)
			}
		}
		if from := l.wait(l.due(start, 3, 0)); from.Sub(start) != 3*step || time.Since(start) != 3*step {
			t.Errorf("an early client sends after %s and counts from %s", time.Since(start), from.Sub(start))
		}
		time.Sleep(7 * step)
		if from := l.wait(l.due(start, 0, 1)); from.Sub(start) != 4*step || time.Since(start) != 10*step {
			t.Errorf("a late client sends after %s and counts from %s, want at once and from when it was due", time.Since(start), from.Sub(start))
		}
		l.rate = 0
		if from := l.wait(l.due(start, 2, 9)); !from.Equal(time.Now()) || time.Since(start) != 10*step {
			t.Errorf("without a rate a client waits until %s and counts from %s", time.Since(start), from.Sub(start))
		}
	})
}

func TestEverySubmissionHasAFreshIDInItsBody(t *testing.T) {
	t.Parallel()
	for version, newID := range map[uuid.Version]func(a, b uint64) uuid.UUID{7: timedID, 4: randomID} {
		t.Run(version.String(), func(t *testing.T) {
			t.Parallel()
			freshIDs(t, version, newID)
		})
	}
}

func freshIDs(t *testing.T, version uuid.Version, newID func(a, b uint64) uuid.UUID) {
	t.Helper()
	list := []submission{
		{"/one", []byte(`{"id":"00000000-0000-0000-0000-000000000000","a":1}`)},
		{"/two", []byte(`{"id":"00000000-0000-0000-0000-000000000000","bb":2}`)},
	}
	var mu sync.Mutex
	seen, paths := map[uuid.UUID]bool{}, map[string]bool{}
	addr, _ := counting(t, func(_ int64, w http.ResponseWriter, r *http.Request) {
		var body [100]byte
		n, _ := r.Body.Read(body[:])
		text := string(body[:n])
		id, err := uuid.Parse(text[idAt : idAt+36])
		mu.Lock()
		defer mu.Unlock()
		if err != nil || id.Version() != version || id.Variant() != uuid.RFC4122 || seen[id] || text[:idAt] != `{"id":"` || text[idAt+36] != '"' || r.Method != http.MethodPost {
			t.Errorf("%s %s: %v", r.Method, text, err)
		}
		seen[id], paths[r.URL.Path] = true, true
		w.WriteHeader(http.StatusCreated)
	})
	got := load{addr: addr, clients: 4, during: 200 * time.Millisecond, client: posts(list, "", newID), check: status(http.StatusCreated)}.run(t.Context())
	if len(got.faults) > 0 || int64(len(seen)) != got.right || !paths["/one"] || !paths["/two"] {
		t.Errorf("%d ids of %d submissions at %v, faults %v", len(seen), got.right, paths, got.faults)
	}
	if string(list[0].body[idAt:idAt+8]) != "00000000" {
		t.Error("the bodies of all clients were written to")
	}
}
