package main_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/Shopify/toxiproxy/v2"

	"persepsi/internal/sqlite"
	"persepsi/internal/testkit"
)

// nobody is an address at which no MongoDB answers.
const nobody = "mongodb://127.0.0.1:1/kota"

// kept makes what a server that used the database at an address keeps in its
// data directory.
func kept(t *testing.T, data, address string) {
	t.Helper()
	dir := t.TempDir()
	runOK(t, "apply", city(t, crashCity(4)), "--data", dir)
	s, err := sqlite.Open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close() // only read
	c, err := s.Catalogue(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(map[string]any{"database": address, "catalogue": c})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(data, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(data, "catalogue.json"), text, 0o600); err != nil {
		t.Fatal(err)
	}
}

// refuses starts a server that must not start, and returns what it says.
func refuses(t *testing.T, args ...string) string {
	t.Helper()
	v := spawn(t, args...)
	select {
	case <-v.done:
	case <-v.ready:
		t.Fatal("it starts")
	}
	if code := v.cmd.ProcessState.ExitCode(); code != 1 {
		t.Errorf("exit code %d, want 1", code)
	}
	return v.stderr.String()
}

func TestAServerWithoutMongoDBAndWithoutItsCatalogueSaysWhyItEnds(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("not in a short run: waits nine seconds for a server that is away")
	}
	data := t.TempDir()
	if said := refuses(t, "--mongodb", nobody, "--data", data); !strings.Contains(said, "cannot be reached") || !strings.Contains(said, "no catalogue is kept in "+data) {
		t.Errorf("it says: %s", said)
	}
	kept(t, data, "mongodb://127.0.0.1:1/kota-lain")
	if said := refuses(t, "--mongodb", nobody, "--data", data); !strings.Contains(said, "belongs to mongodb://127.0.0.1:1/kota-lain") {
		t.Errorf("with another database's catalogue it says: %s", said)
	}
	if err := os.WriteFile(filepath.Join(data, "catalogue.json"), []byte(`{"database`), 0o600); err != nil {
		t.Fatal(err)
	}
	if said := refuses(t, "--mongodb", nobody, "--data", data); !strings.Contains(said, "cannot be read") {
		t.Errorf("with half a catalogue it says: %s", said)
	}
}

func TestAServerStartsWithoutMongoDBTakesAnswersAndInventsNoFigures(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("not in a short run: waits seven seconds for a server that is away")
	}
	data := t.TempDir()
	kept(t, data, nobody)
	// User and password do not tell one database from another.
	args := []string{"--mongodb", strings.Replace(nobody, "//", "//ani:rahasia@", 1), "--data", data, "--demo", "--spool-mb", "1"}
	v := start(t, args...)
	book := newLedger()
	for range 20 {
		a, _ := book.fresh(t, 4, 0)
		if resp, err := book.send(t, v.url, a); err != nil || resp.StatusCode != http.StatusCreated {
			t.Fatalf("an answer: %v %v", resp, err)
		}
	}
	for path, tells := range map[string]string{
		"/hasil/unit-0":               "Angka hasil belum dapat ditampilkan",
		"/hasil/unit-0?lang=en":       "The results cannot be shown yet",
		"/api/v1/results?period=kini": "could not be loaded",
	} {
		status, text := v.get(path)
		if want := http.StatusServiceUnavailable; status != want || !strings.Contains(text, tells) {
			t.Errorf("GET %s: %d, want %d with %q:\n%s", path, status, want, tells, text)
		}
	}
	resp, err := client.Do(testkit.FromDoor(t, v.url+"/masuk", url.Values{"email": {"siti@kota.example"}, "password": {"x"}}))
	if err != nil || resp.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("POST /masuk: %v %v, want 503", resp, err)
	}
	for _, path := range []string{"/", "/s/TITIK0A"} {
		if status, text := v.get(path); status != http.StatusOK {
			t.Errorf("GET %s: %d %s", path, status, text)
		}
	}
	v.becomes(http.StatusOK, `"figures":{"ok":false,"detail":"are not loaded yet"}`)
	v.becomes(http.StatusOK, `"store":{"ok":false,"detail":"has not been reached since the service started"}`)

	v.signal(syscall.SIGKILL)
	v.wait()
	v = start(t, args...)
	book.again(t, v) // the same receipts for the same answers, or it fails
	if n := v.metric("persepsi_spool_waiting"); n != "20" {
		t.Errorf("%s answers wait, want 20", n)
	}
	if refused := v.fill(book, 20_000); refused.StatusCode != http.StatusServiceUnavailable || refused.Header.Get("Retry-After") == "" {
		t.Errorf("a full spool: %d, Retry-After %q", refused.StatusCode, refused.Header.Get("Retry-After"))
	}
	v.becomes(http.StatusServiceUnavailable, "is full")
	v.formComesBack(t)
	if said := v.stderr.String(); strings.Contains(said, "rahasia") || !strings.Contains(said, "no demonstration is made") || strings.Count(said, "no link is made for") != 1 || strings.Contains(said, "/mulai/") {
		t.Errorf("the log says: %s", said)
	}
}

func TestWithoutMongoDBAndSpoolDirectoryNothingIsAcknowledged(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "data")
	kept(t, data, nobody)
	v := start(t, "--mongodb", nobody, "--data", data)
	book := newLedger()
	a, _ := book.fresh(t, 4, 0)
	if resp, err := book.send(t, v.url, a); err != nil || resp.StatusCode != http.StatusCreated {
		t.Fatalf("an answer: %v %v", resp, err)
	}
	if err := os.RemoveAll(data); err != nil {
		t.Fatal(err)
	}
	for range 10 {
		b, _ := book.fresh(t, 4, 0)
		for _, answer := range []*sentAnswer{b, a} {
			if resp, err := book.send(t, v.url, answer); err != nil || resp.StatusCode != http.StatusServiceUnavailable {
				t.Fatalf("an answer: %v %v, want 503", resp, err)
			}
		}
	}
	v.becomes(http.StatusServiceUnavailable, "the data directory is gone")
}

func TestWithoutMongoDBAFullDiskIsToldAndPasses(t *testing.T) {
	t.Parallel()
	data, ballast := smallDisk(t)
	kept(t, data, nobody)
	v := start(t, "--mongodb", nobody, "--data", data)
	book := newLedger()
	if refused := v.fill(book, 20_000); refused.StatusCode != http.StatusServiceUnavailable || refused.Header.Get("Retry-After") == "" {
		t.Errorf("a full disk: %d, Retry-After %q", refused.StatusCode, refused.Header.Get("Retry-After"))
	}
	v.becomes(http.StatusServiceUnavailable, "the disk is full")
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	v.becomes(http.StatusOK, `"ready":true`)
	v.acceptsAgain(book)
}

func (w *wire) enable(on bool) {
	w.t.Helper()
	if err := w.Update(&toxiproxy.Proxy{Listen: w.Listen, Upstream: w.Upstream, Enabled: on}); err != nil {
		w.t.Fatal(err)
	}
}

func TestAServerThatStartsBeforeMongoDBStoresEveryAnswerOnce(t *testing.T) {
	t.Parallel()
	uri := testkit.MongoDB(t)
	w := newWire(t, uri)
	data := t.TempDir()
	args := []string{"--mongodb", w.uri, "--data", data}
	runOK(t, "apply", city(t, crashCity(4)), "--mongodb", uri)
	start(t, args...).ends()
	w.enable(false)
	v := start(t, args...)
	book := newLedger()
	send := func() {
		for range 100 {
			a, _ := book.fresh(t, 4, 0)
			if resp, err := book.send(t, v.url, a); err != nil || resp.StatusCode != http.StatusCreated {
				t.Fatalf("an answer: %v %v", resp, err)
			}
		}
	}
	send()
	v.signal(syscall.SIGKILL)
	v.wait()
	v = start(t, args...)
	book.again(t, v)
	send()
	w.enable(true)
	v.drained()
	send()
	v.healed(book)
	v.becomes(http.StatusOK, `"figures":{"ok":true}`)
	if status, _ := v.get("/hasil/unit-0"); status != http.StatusOK {
		t.Errorf("the result page is %d after MongoDB is back", status)
	}
	// What another process declares is read, and kept for the next time.
	runOK(t, "apply", city(t, crashCity(5)), "--mongodb", uri)
	name := filepath.Join(data, "catalogue.json")
	poll(t, "the new catalogue is kept", func() bool {
		text, err := os.ReadFile(name)
		return err == nil && bytes.Contains(text, []byte("TITIK4A"))
	})
	if info, err := os.Stat(name); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode of the kept catalogue: %v %v", info, err)
	}
	v.ends()
	s := openMongoDB(t, uri)
	if n := checkStore(t, s, book); n != 300 {
		t.Errorf("%d answers are stored, want 300", n)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

func TestAMongoDBThatComesBackAndCannotBeUsedIsToldAndTheSpoolGoesOn(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		spoil func(t testing.TB, uri string)
		login string
		tells string
		said  string // where it is there at the start
	}{
		"wrong password": {login: "ani:rahasia@", tells: "refuses the user name or password", said: "refuses the user name or password"},
		"newer program":  {spoil: testkit.NewerMongoDB, tells: "was written by a newer version", said: "written by a newer version"},
	} {
		t.Run(name, func(t *testing.T) {
			uri := testkit.MongoDB(t)
			w := newWire(t, uri)
			data := t.TempDir()
			runOK(t, "apply", city(t, crashCity(4)), "--mongodb", uri)
			start(t, "--mongodb", w.uri, "--data", data).ends()
			if c.spoil != nil {
				c.spoil(t, uri)
			}
			args := []string{"--mongodb", strings.Replace(w.uri, "//", "//"+c.login, 1), "--data", data}
			if said := refuses(t, args...); !strings.Contains(said, c.said) {
				t.Errorf("while it is there, the start says: %s", said)
			}
			w.enable(false)
			v := start(t, args...)
			w.enable(true)
			v.becomes(http.StatusOK, c.tells)
			book := newLedger()
			for range 10 {
				a, _ := book.fresh(t, 4, 0)
				if resp, err := book.send(t, v.url, a); err != nil || resp.StatusCode != http.StatusCreated {
					t.Fatalf("an answer: %v %v", resp, err)
				}
			}
			if n := strings.Count(v.stderr.String(), "MongoDB is there and cannot be used"); n != 1 {
				t.Errorf("it is logged %d times, want once: %s", n, v.stderr)
			}
			if strings.Contains(v.stderr.String(), "rahasia") {
				t.Errorf("the log tells the password: %s", v.stderr)
			}
		})
	}
}

// ends stops a server as a person would.
func (v *victim) ends() {
	v.t.Helper()
	v.signal(syscall.SIGTERM)
	v.wait()
}
