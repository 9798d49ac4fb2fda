package main

import (
	"context"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/valyala/fasthttp"
)

const goodBody = `{"id":"0197c0de-0000-7000-8000-00000000000N","service":"baru","lang":"id","mode":"qr","consent":true,` +
	`"answers":{"persyaratan":4,"prosedur":3},"respondent":{"sex":"P"},"started_at":"2026-03-02T08:14:11+08:00"}`

// serving serves a reference until the test ends.
func serving(t *testing.T, r *Reference) (url string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- r.Serve(ctx, l) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	return "http://" + l.Addr().String() + "/"
}

func post(t *testing.T, url, body string) int {
	t.Helper()
	request, reply := fasthttp.AcquireRequest(), fasthttp.AcquireResponse()
	request.SetRequestURI(url)
	request.Header.SetMethod(fasthttp.MethodPost)
	request.SetBodyString(body)
	if err := fasthttp.Do(request, reply); err != nil {
		t.Error(err)
	}
	return reply.StatusCode()
}

func TestHelloAnswersFiveBytes(t *testing.T) {
	t.Parallel()
	status, body, err := fasthttp.Get(nil, serving(t, NewHello()))
	if err != nil || status != fasthttp.StatusOK || string(body) != "hello" {
		t.Errorf("status %d, %q, %v", status, body, err)
	}
}

func TestTheFsyncReferenceHasEveryLineInItsFileWhenItAnswers(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "fsync.jsonl")
	r, err := NewFsync(name)
	if err != nil {
		t.Fatal(err)
	}
	url := serving(t, r)
	var wg sync.WaitGroup
	for client := range 8 {
		wg.Go(func() {
			for n := range 5 {
				body := strings.Replace(goodBody, "N", string("0123456789abcdef"[client]), 1)
				body = strings.Replace(body, "8000-0", "8000-"+string("0123456789"[n]), 1)
				if got := post(t, url, body); got != fasthttp.StatusCreated {
					t.Errorf("status %d", got)
				}
				text, err := os.ReadFile(name)
				if err != nil || !strings.Contains(string(text), body+"\n") {
					t.Errorf("answered before the line was in the file: %v", err)
				}
			}
		})
	}
	wg.Wait()
	text, err := os.ReadFile(name)
	if err != nil || strings.Count(string(text), "\n") != 40 {
		t.Errorf("%d lines, want 40 (%v)", strings.Count(string(text), "\n"), err)
	}
}

func TestTheFsyncReferenceRefusesWhatIsNoResponse(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "fsync.jsonl")
	r, err := NewFsync(name)
	if err != nil {
		t.Fatal(err)
	}
	url := serving(t, r)
	for _, tc := range []struct {
		name, old, with string
		want            int
	}{
		{"not JSON", "{", "[", fasthttp.StatusBadRequest},
		{"a text for a number", "4", `"empat"`, fasthttp.StatusBadRequest},
		{"no id", `"id"`, `"di"`, fasthttp.StatusUnprocessableEntity},
		{"no consent", "true", "false", fasthttp.StatusUnprocessableEntity},
		{"out of scale", `"prosedur":3`, `"prosedur":7`, fasthttp.StatusUnprocessableEntity},
		{"no time", "2026-03-02T08", "kemarin", fasthttp.StatusUnprocessableEntity},
	} {
		body := strings.Replace(strings.Replace(goodBody, "N", "1", 1), tc.old, tc.with, 1)
		if got := post(t, url, body); got != tc.want {
			t.Errorf("%s: status %d, want %d", tc.name, got, tc.want)
		}
	}
	if info, err := os.Stat(name); err != nil || info.Size() != 0 {
		t.Errorf("something was written: %v, %v", info, err)
	}
}

func TestAJournalThatCannotBeWrittenTellsEveryoneWhoWaits(t *testing.T) {
	t.Parallel()
	j, err := openJournal(filepath.Join(t.TempDir(), "journal"))
	if err != nil {
		t.Fatal(err)
	}
	_ = j.file.Close()
	for range 3 {
		if err := j.append([]byte("x")); err == nil {
			t.Error("a line was acknowledged that can't be on the disk")
		}
	}
	_ = j.close()
}
