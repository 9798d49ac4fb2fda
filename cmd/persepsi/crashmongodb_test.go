package main_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/Shopify/toxiproxy/v2"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/rs/zerolog"

	"persepsi/internal/mongodb"
	"persepsi/internal/storetest"
	"persepsi/internal/testkit"
)

// wire is a proxy before MongoDB that can be cut.
type wire struct {
	*toxiproxy.Proxy
	t   *testing.T
	uri string // through the proxy
}

func newWire(t *testing.T, uri string) *wire {
	t.Helper()
	u, err := url.Parse(uri)
	if err != nil {
		t.Fatal(err)
	}
	server := toxiproxy.NewServer(toxiproxy.NewMetricsContainer(prometheus.NewRegistry()), zerolog.Nop())
	p := toxiproxy.NewProxy(server, "mongodb", "127.0.0.1:0", u.Host)
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Stop)
	u.Host = p.Listen
	q := u.Query()
	q.Set("directConnection", "true") // a replica set would name its own address
	u.RawQuery = q.Encode()
	return &wire{Proxy: p, t: t, uri: u.String()}
}

// cut ends connections after so many bytes of a reply, for a while.
func (w *wire) cut(after int, while time.Duration) {
	w.t.Helper()
	toxic := fmt.Sprintf(`{"name": "cut", "type": "limit_data", "stream": "downstream", "attributes": {"bytes": %d}}`, after)
	if _, err := w.Toxics.AddToxicJson(strings.NewReader(toxic)); err != nil {
		w.t.Fatal(err)
	}
	time.Sleep(while)
	w.heal("cut")
}

// hang lets nothing through, for a while.
func (w *wire) hang(while time.Duration) {
	w.t.Helper()
	if _, err := w.Toxics.AddToxicJson(strings.NewReader(`{"name": "hang", "type": "timeout", "stream": "downstream", "attributes": {"timeout": 0}}`)); err != nil {
		w.t.Fatal(err)
	}
	time.Sleep(while)
	w.heal("hang")
}

func (w *wire) heal(toxic string) {
	w.t.Helper()
	if err := w.Toxics.RemoveToxic(context.Background(), toxic); err != nil {
		w.t.Fatal(err)
	}
}

// database kills and starts the server behind the URI by the script that the
// environment names; nil where nobody may.
func database(t *testing.T) func(command string) {
	script := os.Getenv("PERSEPSI_TEST_MONGODB_SERVER")
	if script == "" {
		return nil
	}
	return func(command string) {
		t.Helper()
		cmd := exec.Command(script, command)
		// The server outlives the command and would keep a pipe open.
		cmd.Stdout, cmd.Stderr = nil, nil
		if err := cmd.Run(); err != nil {
			t.Fatalf("%s %s: %v", script, command, err)
		}
	}
}

// drained waits until the spool is empty and the store takes answers.
func (v *victim) drained() {
	v.t.Helper()
	began := time.Now()
	for time.Since(began) < 2*time.Minute {
		if v.metric("persepsi_spool_waiting") == "0" && strings.Contains(v.body("/readyz"), `"spool":{"ok":true`) {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	v.t.Errorf("the spool is not drained: %s", v.body("/readyz"))
}

func (v *victim) body(path string) string {
	v.t.Helper()
	_, text := v.get(path)
	return text
}

func (v *victim) metric(name string) string {
	v.t.Helper()
	for line := range strings.Lines(v.body("/metrics")) {
		if value, ok := strings.CutPrefix(line, name+" "); ok {
			return strings.TrimSpace(value)
		}
	}
	return ""
}

func openMongoDB(t *testing.T, uri string) counted {
	t.Helper()
	s, err := mongodb.Open(context.Background(), uri)
	if err != nil {
		t.Fatal(err)
	}
	return storetest.Project(t, s)
}

// TestCrashBesideMongoDB kills the server, the database or both, and cuts or
// hangs the connection between them. Without PERSEPSI_TEST_MONGODB_SERVER the
// database itself is left alone: others may be using it.
func TestCrashBesideMongoDB(t *testing.T) {
	uri := testkit.MongoDB(t)
	kill := database(t)
	rounds := crashRounds(t, 6)
	rng := rand.New(rand.NewPCG(2, uint64(time.Now().UnixNano())))
	w := newWire(t, uri)
	data := t.TempDir()
	runOK(t, "apply", city(t, crashCity(4)), "--mongodb", uri)
	args := []string{"--mongodb", w.uri, "--data", data}
	v := start(t, args...)
	book := newLedger()
	book.spool = true
	did := map[string]int{}
	var slowest time.Duration
	answers := 0
	for round := range rounds {
		stop := v.load(book, 8, 4)
		time.Sleep(time.Duration(rng.IntN(300)) * time.Millisecond)
		actions := []string{"server killed", "connection cut", "connection hung", "server killed while draining"}
		if kill != nil {
			actions = append(actions, "wire killed", "database killed", "both killed")
		}
		action := actions[(round+rng.IntN(2))%len(actions)]
		did[action]++
		dead := false
		switch action {
		case "server killed":
			dead = true
		case "connection cut":
			w.cut(rng.IntN(3000), time.Duration(50+rng.IntN(400))*time.Millisecond)
		case "connection hung":
			w.hang(time.Duration(50+rng.IntN(1500)) * time.Millisecond)
		case "server killed while draining":
			if err := w.Update(&toxiproxy.Proxy{Listen: w.Listen, Upstream: w.Upstream, Enabled: false}); err != nil {
				t.Fatal(err)
			}
			time.Sleep(time.Duration(500+rng.IntN(500)) * time.Millisecond)
			if err := w.Update(&toxiproxy.Proxy{Listen: w.Listen, Upstream: w.Upstream, Enabled: true}); err != nil {
				t.Fatal(err)
			}
			time.Sleep(time.Duration(rng.IntN(800)) * time.Millisecond)
			dead = true
		case "wire killed":
			kill("kill-wire")
			time.Sleep(time.Duration(rng.IntN(500)) * time.Millisecond)
			kill("start")
		case "database killed":
			kill("kill")
			time.Sleep(time.Duration(rng.IntN(500)) * time.Millisecond)
			kill("start")
		case "both killed":
			kill("kill")
			v.signal(syscall.SIGKILL)
			dead = true
			kill("start")
		}
		if dead {
			v.signal(syscall.SIGKILL)
			v.wait()
			stop()
			v = start(t, args...)
		} else {
			time.Sleep(time.Duration(rng.IntN(300)) * time.Millisecond)
			stop()
		}
		v.drained()
		book.again(t, v)
		slowest = max(slowest, v.healed(book))
		s := openMongoDB(t, uri)
		answers = checkHistory(t, s, book)
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		if t.Failed() {
			t.Fatalf("round %d of %d (%s) failed: %s", round+1, rounds, action, v.stderr)
		}
	}
	t.Logf("%d rounds (%v), %d answers; figures healed within %s after the spool was empty, at the slowest; %s", rounds, did, answers, slowest.Round(time.Millisecond), book.summary())
}

func TestTwoServersOnOneMongoDBAgree(t *testing.T) {
	uri := testkit.MongoDB(t)
	runOK(t, "apply", city(t, crashCity(4)), "--mongodb", uri)
	a, b := start(t, "--mongodb", uri, "--data", t.TempDir()), start(t, "--mongodb", uri, "--data", t.TempDir())
	book := newLedger()
	book.spool = true
	stops := []func(){a.load(book, 4, 4), b.load(book, 4, 4)}
	time.Sleep(time.Second)
	for _, stop := range stops {
		stop()
	}
	slowest := max(a.healed(book), b.healed(book))
	if x, y := a.shown(), b.shown(); x != y || x == 0 {
		t.Errorf("one server tells %d answers, the other %d", x, y)
	}
	s := openMongoDB(t, uri)
	n := checkHistory(t, s, book)
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	t.Logf("%d answers through two servers; both told all of them %s after the last", n, slowest.Round(time.Millisecond))
}
