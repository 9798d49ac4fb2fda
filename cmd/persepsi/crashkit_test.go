package main_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"persepsi/internal/testkit"
)

// binary returns the program that TestMain put into the path.
func binary(t *testing.T) string {
	t.Helper()
	name, err := exec.LookPath("persepsi")
	if err != nil {
		t.Fatal(err)
	}
	return name
}

func runOK(t *testing.T, args ...string) {
	t.Helper()
	if out, err := exec.Command(binary(t), args...).CombinedOutput(); err != nil {
		t.Fatalf("persepsi %v: %v\n%s", args, err, out)
	}
}

func city(t *testing.T, text string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "kota.yaml")
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// victim is a server that is going to be killed.
type victim struct {
	t      *testing.T
	cmd    *exec.Cmd
	url    string
	ready  chan string
	done   chan struct{}
	stderr *testkit.Buffer
}

// spawn starts a server and doesn't wait for it.
func spawn(t *testing.T, args ...string) *victim {
	t.Helper()
	v := &victim{t: t, ready: make(chan string, 1), done: make(chan struct{}), stderr: &testkit.Buffer{}}
	v.cmd = exec.Command(binary(t), append([]string{"serve", "--addr", "127.0.0.1:0"}, args...)...)
	v.cmd.Stderr = v.stderr
	out, err := v.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := v.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		lines := bufio.NewScanner(out)
		for lines.Scan() {
			if url, ok := strings.CutPrefix(lines.Text(), "ready "); ok {
				v.ready <- url
			}
		}
		_ = v.cmd.Wait() // a killed process has an error, and that is the point
		close(v.done)
	}()
	t.Cleanup(func() {
		v.signal(syscall.SIGKILL)
		v.wait()
	})
	return v
}

// start starts a server and waits until it accepts requests.
func start(t *testing.T, args ...string) *victim {
	t.Helper()
	v := spawn(t, args...)
	select {
	case v.url = <-v.ready:
	case <-v.done:
		t.Fatalf("the server ended before it was ready: %s", v.stderr)
	case <-time.After(time.Minute):
		t.Fatalf("the server is not ready: %s", v.stderr)
	}
	return v
}

func (v *victim) signal(s syscall.Signal) { _ = v.cmd.Process.Signal(s) } // it may be gone already

func (v *victim) wait() { <-v.done }

func (v *victim) exited() bool {
	select {
	case <-v.done:
		return true
	default:
		return false
	}
}

// load sends answers from many clients until the returned function is called.
// Clients pause where nobody answers.
func (v *victim) load(book *ledger, clients, points int) (stop func()) {
	ended := make(chan struct{})
	var wg sync.WaitGroup
	for range clients {
		wg.Go(func() {
			for {
				select {
				case <-ended:
					return
				default:
				}
				a, _ := book.fresh(v.t, points, 0)
				var err error
				if rand.IntN(4) == 0 {
					err = book.sendTwice(v.t, v.url, a)
				} else {
					_, err = book.send(v.t, v.url, a)
				}
				if err != nil {
					time.Sleep(5 * time.Millisecond)
				}
			}
		})
	}
	return func() {
		close(ended)
		wg.Wait()
	}
}

// healed waits until the figures hold every acknowledged answer, and returns the
// time that took.
func (v *victim) healed(book *ledger) time.Duration {
	v.t.Helper()
	began := time.Now()
	book.mu.Lock()
	want := int64(0)
	for _, a := range book.answers {
		if a.acknowledged {
			want++
		}
	}
	book.mu.Unlock()
	for time.Since(began) < time.Minute {
		if v.shown() >= want {
			return time.Since(began)
		}
		time.Sleep(10 * time.Millisecond)
	}
	v.t.Errorf("the figures hold %d answers a minute after the start, %d were acknowledged: %s", v.shown(), want, v.stderr)
	return time.Since(began)
}

// shown returns the number of answers that the results tell.
func (v *victim) shown() int64 {
	v.t.Helper()
	resp, err := client.Get(v.url + "/api/v1/results?period=kini")
	if err != nil {
		v.t.Fatal(err)
	}
	defer resp.Body.Close() // only read
	var body struct {
		City struct {
			Responses struct {
				Valid int64 `json:"valid"`
			} `json:"responses"`
		} `json:"city"`
	}
	if err := json.NewDecoder(resp.Body).Decode(&body); err != nil {
		v.t.Fatal(err)
	}
	return body.City.Responses.Valid
}

// fill sends long answers until one is refused, and returns the refusal.
func (v *victim) fill(book *ledger, most int) *http.Response {
	v.t.Helper()
	for range most {
		a, _ := book.fresh(v.t, 4, 2000)
		resp, err := book.send(v.t, v.url, a)
		if err != nil {
			v.t.Fatal(err)
		}
		if resp.StatusCode >= 500 {
			return resp
		}
	}
	v.t.Fatalf("%d answers and none was refused", most)
	return nil
}

// acceptsAgain sends answers until one is taken.
func (v *victim) acceptsAgain(book *ledger) {
	v.t.Helper()
	for range 200 {
		a, _ := book.fresh(v.t, 4, 10)
		if resp, err := book.send(v.t, v.url, a); err == nil && resp.StatusCode < 300 {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	v.t.Errorf("no answer is taken after there is room again: %s", v.stderr)
}

// becomes waits until /readyz has a status and tells something.
func (v *victim) becomes(status int, tells string) {
	v.t.Helper()
	last := ""
	for range 1500 {
		code, text := v.get("/readyz")
		if last = fmt.Sprintf("%d %s", code, text); code == status && strings.Contains(text, tells) {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	v.t.Errorf("/readyz does not become %d with %q, it is %s", status, tells, last)
}

func (v *victim) get(path string) (status int, body string) {
	v.t.Helper()
	resp, err := client.Get(v.url + path)
	if err != nil {
		v.t.Fatal(err)
	}
	defer resp.Body.Close() // only read
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		v.t.Fatal(err)
	}
	return resp.StatusCode, string(text)
}

// poll waits for something that another process does.
func poll(t *testing.T, what string, is func() bool) {
	t.Helper()
	for range 1500 {
		if is() {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Errorf("in vain: %s", what)
}
