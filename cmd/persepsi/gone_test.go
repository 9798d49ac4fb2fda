package main_test

import (
	"io"
	"maps"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/uuid"
)

func TestNothingIsAcknowledgedOnceTheDataDirectoryIsGone(t *testing.T) {
	t.Parallel()
	for name, lose := range map[string]func(data string) error{
		"removed": os.RemoveAll,
		"moved":   func(data string) error { return os.Rename(data, data+"-old") },
		"replaced": func(data string) error {
			if err := os.Rename(data, data+"-old"); err != nil {
				return err
			}
			return os.CopyFS(data, os.DirFS(data+"-old"))
		},
	} {
		t.Run(name, func(t *testing.T) {
			data := filepath.Join(t.TempDir(), "data")
			runOK(t, "apply", city(t, crashCity(4)), "--data", data)
			v := start(t, "--data", data)
			v.becomes(http.StatusOK, `"ready":true`)
			book := newLedger()
			// 50 answers of each client; in the middle the directory goes.
			var gone atomic.Bool
			var before, after atomic.Int32
			var clients sync.WaitGroup
			for range 4 {
				clients.Go(func() {
					for after.Load() < 50 && !t.Failed() {
						a, id := book.fresh(t, 4, 0)
						late := gone.Load()
						resp, err := book.send(t, v.url, a)
						switch {
						case err != nil:
							t.Error(err)
						case !late:
							before.Add(1)
						case resp.StatusCode < 300:
							t.Errorf("answer %s was acknowledged (%d) after the directory was gone", id, resp.StatusCode)
						default:
							after.Add(1)
						}
					}
				})
			}
			for before.Load() < 50 && !t.Failed() {
				v.get("/healthz")
			}
			if err := lose(data); err != nil {
				t.Fatal(err)
			}
			gone.Store(true)
			clients.Wait()
			v.becomes(http.StatusServiceUnavailable, "the data directory is gone")

			// Nor by a retry of what was acknowledged before, nor by a form.
			list := slices.Collect(maps.Values(book.answers))
			for _, a := range list[:20] {
				if resp, err := book.send(t, v.url, a); err != nil {
					t.Error(err)
				} else if resp.StatusCode < 300 {
					t.Errorf("a retry is acknowledged with %d", resp.StatusCode)
				}
			}
			v.formComesBack(t)
		})
	}
}

// formComesBack sends the form: it must come back with what was typed, and when
// to try again.
func (v *victim) formComesBack(t *testing.T) {
	t.Helper()
	form := url.Values{"id": {uuid.Must(uuid.NewV7()).String()}, "service": {"umum"}, "consent": {"1"}, "comment": {"kursinya kurang"}}
	for _, q := range scored(t) {
		form.Set("answers."+q, "4")
	}
	resp, err := client.PostForm(v.url+"/s/TITIK0A", form)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close() // read below
	text := new(strings.Builder)
	if _, err := io.Copy(text, resp.Body); err != nil {
		t.Fatal(err)
	}
	if resp.StatusCode != http.StatusServiceUnavailable || resp.Header.Get("Retry-After") == "" || !strings.Contains(text.String(), "kursinya kurang") {
		t.Errorf("the form comes back with %d, Retry-After %q, and its comment: %v", resp.StatusCode, resp.Header.Get("Retry-After"), strings.Contains(text.String(), "kursinya kurang"))
	}
}
