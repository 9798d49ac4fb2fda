package handlers_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/uuid"

	"persepsi/internal/testkit"
	"persepsi/survey"
)

// brittle is a store that fails in a way that nobody foresaw.
type brittle struct{}

func (brittle) Submit(_ context.Context, r *survey.Response) (survey.Outcome, error) {
	return survey.Outcome{}, fmt.Errorf("append %d responses: %w", len(r.Answers), errors.New("disk I/O error"))
}

// careless is one that panics.
type careless struct{}

func (careless) Submit(_ context.Context, r *survey.Response) (survey.Outcome, error) {
	var none []int
	return survey.Outcome{}, fmt.Errorf("never %d", none[len(r.Answers)])
}

// The log of a day of troubles, read beside a list of who was where when.
func TestTheLogOfTroublesJoinsNobodyToAnAnswer(t *testing.T) {
	t.Parallel()
	good := testkit.New(t, testkit.City)
	for name, k := range map[string]*testkit.Kit{
		"a store that is away":        good.With(func(d *testkit.Deps) { d.Submit = away{} }),
		"a store that fails":          good.With(func(d *testkit.Deps) { d.Submit = brittle{} }),
		"a store that panics":         good.With(func(d *testkit.Deps) { d.Submit = careless{} }),
		"a store that cannot be read": good.With(func(d *testkit.Deps) { d.Find = lost{} }),
	} {
		form := filled(k.Get("/s/KUPARI47").HTML())
		form.Set("comment", "kalimat-rahasia")
		id, body := form.Get("id"), k.Response(func(m map[string]any) { m["comment"] = "kalimat-rahasia" })
		requests := []*http.Request{
			httptest.NewRequest(http.MethodPost, "/s/KUPARI47", strings.NewReader(form.Encode())),
			httptest.NewRequest(http.MethodPost, responsesPath, strings.NewReader(body)),
			httptest.NewRequest(http.MethodGet, "/s/KUPARI47/terima-kasih?r=ABCD-1234&id="+id, nil),
		}
		for i, kind := range []string{"application/x-www-form-urlencoded", "application/json", ""} {
			r := requests[i]
			r.Header.Set("Content-Type", kind)
			r.Header.Set("User-Agent", "TeleponRahasia/1.0")
			r.Header.Set("X-Forwarded-For", "203.0.113.7")
			k.Do(r)
		}
		for _, word := range []string{"rahasia", "Rahasia", id, "ABCD-1234", "KUPARI47", "dukcapil", "26-35", "44444", "203.0.113"} {
			if strings.Contains(k.Log.String(), word) {
				t.Errorf("%s: the log holds %q", name, word)
			}
		}
	}
	for _, line := range []string{"the service is troubled", "request failed", "a handler panicked"} {
		if !strings.Contains(good.Log.String(), line) {
			t.Errorf("the log does not say: %s", line)
		}
	}
}

// Somebody else may read the reply: a log of the program that sent it, a page
// that stays on a screen.
func TestARefusalRepeatsNoAnswer(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	taken := uuid.NewString()
	k.PostJSON(responsesPath, k.Response(func(m map[string]any) { m["id"], m["comment"] = taken, "kalimat-rahasia" }))
	answer := func(question string, value any) func(map[string]any) {
		return func(m map[string]any) { m["answers"] = map[string]any{question: value} }
	}
	told := func(field string, value any) func(map[string]any) {
		return func(m map[string]any) { m["respondent"] = map[string]any{field: value} }
	}
	for name, change := range map[string]func(map[string]any){
		"an id that is taken":     func(m map[string]any) { m["id"] = taken },
		"an id that is none":      func(m map[string]any) { m["id"] = "rahasia" },
		"a service that is none":  func(m map[string]any) { m["service"] = "rahasia" },
		"a language":              func(m map[string]any) { m["lang"] = "rahasia" },
		"a mode":                  func(m map[string]any) { m["mode"] = "rahasia" },
		"a period":                func(m map[string]any) { m["period"] = "rahasia" },
		"a visit code":            func(m map[string]any) { m["visit"] = strings.Repeat("rahasia", 50) },
		"a time":                  func(m map[string]any) { m["started_at"] = "rahasia" },
		"a comment too long":      func(m map[string]any) { m["comment"] = strings.Repeat("rahasia", 500) },
		"a comment with a bell":   func(m map[string]any) { m["comment"] = "rahasia\a" },
		"no consent":              func(m map[string]any) { m["consent"], m["comment"] = false, "rahasia" },
		"a value beyond a scale":  answer("prosedur", 7531),
		"a value that is a text":  answer("prosedur", "rahasia"),
		"a value that is a list":  answer("prosedur", []any{7531, "rahasia"}),
		"a category that is none": told("sex", "rahasia"),
		"a category of no text":   told("sex", 7531),
	} {
		body := k.Response(change)
		r := k.PostJSON(responsesPath, body)
		if r.StatusCode < 400 || r.StatusCode >= 500 {
			t.Errorf("%s: %d", name, r.StatusCode)
		}
		for _, word := range []string{"rahasia", "7531", "26-35", taken} {
			if strings.Contains(r.Text, word) || strings.Contains(fmt.Sprint(r.Header), word) {
				t.Errorf("%s: the reply repeats %q: %s", name, word, r.Text)
			}
		}
		if broken := k.PostJSON(responsesPath, body[:len(body)-1]); broken.StatusCode != http.StatusBadRequest || strings.Contains(broken.Text, "rahasia") {
			t.Errorf("%s, cut short: %d %s", name, broken.StatusCode, broken.Text)
		}
	}
	if log := k.Log.String(); strings.Contains(log, "rahasia") {
		t.Errorf("the log holds what was sent: %s", log)
	}
}
