package testkit

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
)

// Reply is an answer of the application.
type Reply struct {
	*http.Response
	Text string
	t    testing.TB
}

// replyTimeout is how long a test waits for a reply. It ends what hangs before the whole run is
// ended for it; how fast something is, no test tells by it, for the race detector on a busy
// machine makes a package of evidence in half a minute.
const replyTimeout = 5 * time.Minute

// Do sends a request. Tests send some from goroutines of their own, which may not end a test: a
// request without a reply is told, and what is returned has no status.
func (k *Kit) Do(r *http.Request) *Reply {
	k.t.Helper()
	got := &Reply{Response: &http.Response{Header: http.Header{}}, t: k.t}
	resp, err := k.App.Test(r, int(replyTimeout.Milliseconds()))
	if err != nil {
		k.t.Errorf("%s %s: %v", r.Method, r.URL.Path, err)
		return got
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		k.t.Errorf("%s %s: the reply: %v", r.Method, r.URL.Path, err)
	}
	got.Response, got.Text = resp, string(body)
	return got
}

// Get asks for a path.
func (k *Kit) Get(path string) *Reply {
	k.t.Helper()
	return k.Do(httptest.NewRequest(http.MethodGet, path, nil))
}

// GetAs asks for a path with a key.
func (k *Kit) GetAs(secret, path string) *Reply {
	k.t.Helper()
	r := httptest.NewRequest(http.MethodGet, path, nil)
	r.Header.Set("Authorization", "Bearer "+secret)
	return k.Do(r)
}

// PostJSON sends a JSON text.
func (k *Kit) PostJSON(path, body string) *Reply {
	k.t.Helper()
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	return k.Do(r)
}

// PutJSON sends a JSON text with a key.
func (k *Kit) PutJSON(secret, path, body string) *Reply {
	k.t.Helper()
	r := httptest.NewRequest(http.MethodPut, path, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	if secret != "" {
		r.Header.Set("Authorization", "Bearer "+secret)
	}
	return k.Do(r)
}

// PostForm sends a form.
func (k *Kit) PostForm(path string, values url.Values) *Reply {
	k.t.Helper()
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(values.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return k.Do(r)
}

// HTML reads the reply as a page.
func (r *Reply) HTML() *goquery.Document {
	r.t.Helper()
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(r.Text))
	check(r.t, err)
	return doc
}

// JSON reads the reply into a value.
func (r *Reply) JSON(to any) {
	r.t.Helper()
	if err := json.Unmarshal([]byte(r.Text), to); err != nil {
		r.t.Fatalf("%v: %s", err, r.Text)
	}
}
