package main

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"persepsi/internal/testkit"
	"persepsi/survey"
)

// service is a running `persepsi serve` and a browser without JavaScript.
type service struct {
	t   testing.TB
	url string
	// stop ends the service as a signal does and returns the exit code.
	stop func() int
	log  *testkit.Buffer
	// more returns what the service printed after its first line, when it has ended.
	more func() string
}

// serve starts the service here, on a free port, and waits until it is ready.
func serve(t testing.TB, args ...string) *service {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	out, in := io.Pipe()
	s := &service{t: t, log: &testkit.Buffer{}}
	code := make(chan int, 1)
	go func() {
		code <- Run(ctx, append([]string{"serve", "--addr", "127.0.0.1:0"}, args...), Streams{In: strings.NewReader(""), Out: in, Err: s.log})
		_ = in.Close() // a pipe closes without error
	}()
	s.stop = sync.OnceValue(func() int {
		cancel()
		return <-code
	})
	t.Cleanup(func() { s.stop() })
	s.awaitReady(out)
	return s
}

// launch starts the service as a process of its own.
func launch(t testing.TB, args ...string) *service {
	t.Helper()
	s := &service{t: t, log: &testkit.Buffer{}}
	cmd := exec.Command("persepsi", append([]string{"serve", "--addr", "127.0.0.1:0"}, args...)...)
	cmd.Stderr = s.log
	out, in := io.Pipe()
	cmd.Stdout = in
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() {
		_ = cmd.Wait() // its exit code tells
		_ = in.Close()
		close(ended)
	}()
	s.stop = sync.OnceValue(func() int {
		_ = cmd.Process.Signal(syscall.SIGTERM) // it may be gone already
		<-ended
		return cmd.ProcessState.ExitCode()
	})
	t.Cleanup(func() { s.stop() })
	s.awaitReady(out)
	return s
}

// awaitReady reads the first line that the service prints.
func (s *service) awaitReady(out io.Reader) {
	s.t.Helper()
	lines := bufio.NewReader(out)
	first, err := lines.ReadString('\n')
	address, ok := strings.CutPrefix(strings.TrimSuffix(first, "\n"), "ready ")
	if err != nil || !ok {
		s.t.Fatalf("the service says %q, not that it is ready: %s", first, s.log)
	}
	more := make(chan string, 1)
	go func() {
		text, _ := io.ReadAll(lines) // the pipe of an ended service is but closed
		more <- string(text)
	}()
	s.url, s.more = address, func() string { return <-more }
}

// reply is what the service sent.
type reply struct {
	*http.Response
	text string
}

// patient follows no redirect: a test wants to see it.
var patient = &http.Client{
	Timeout:       30 * time.Second,
	Transport:     &http.Transport{MaxIdleConnsPerHost: 64},
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
}

// send sends a request; a key goes with it where one is given.
func (s *service) send(method, path, kind, body, key string) *reply {
	s.t.Helper()
	r, err := http.NewRequestWithContext(context.Background(), method, s.url+path, strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	if key != "" {
		r.Header.Set("Authorization", "Bearer "+key)
	}
	resp, err := patient.Do(r)
	if err != nil {
		s.t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return &reply{resp, string(text)}
}

func (s *service) get(path string) *reply {
	s.t.Helper()
	return s.send(http.MethodGet, path, "", "", "")
}

// page gets a page that must be there.
func (s *service) page(path string) *goquery.Document {
	s.t.Helper()
	r := s.get(path)
	if r.StatusCode != http.StatusOK {
		s.t.Fatalf("GET %s: %d\n%s", path, r.StatusCode, r.text)
	}
	return parsed(s.t, r.text)
}

func parsed(t testing.TB, text string) *goquery.Document {
	t.Helper()
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func (s *service) postForm(path string, values url.Values) *reply {
	s.t.Helper()
	return s.send(http.MethodPost, path, "application/x-www-form-urlencoded", values.Encode(), "")
}

// filled returns what a browser would send of a form after its reader chose the
// radio button with one value for every question, and the first service.
func filled(form *goquery.Selection, value string) url.Values {
	out := url.Values{}
	form.Find("input, select, textarea").Each(func(_ int, field *goquery.Selection) {
		name, kind := field.AttrOr("name", ""), field.AttrOr("type", "")
		own := field.AttrOr("value", "")
		switch {
		case name == "" || kind == "radio" && own != value && name != "service" || kind == "radio" && out.Has(name):
		case goquery.NodeName(field) == "select":
			out.Set(name, field.Find("option[selected]").AttrOr("value", ""))
		default:
			out.Set(name, own)
		}
	})
	return out
}

// eventually waits for what the service does by itself; the bound is far above
// the two seconds of its promise, for slow machines.
func eventually(t testing.TB, what string, done func() bool) {
	t.Helper()
	for deadline := time.Now().Add(2 * time.Minute); !done(); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("still not there: %s", what)
		}
	}
}

// declared writes an apply file, with the days around today filled in.
func declared(t testing.TB, text string) string {
	t.Helper()
	zone, err := time.LoadLocation(survey.DefaultTimeZone)
	if err != nil {
		t.Fatal(err)
	}
	today := survey.DateOf(time.Now(), zone)
	text = strings.NewReplacer("${FROM}", (today - 60).String(), "${TO}", (today + 60).String()).Replace(text)
	name := filepath.Join(t.TempDir(), "kota.yaml")
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}
