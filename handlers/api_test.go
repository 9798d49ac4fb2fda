package handlers_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"persepsi/internal/ingest"
	"persepsi/internal/testkit"
	"persepsi/survey"
)

const responsesPath = "/api/v1/points/KUPARI47/responses"

func TestAResponseIsStoredOnceAndItsRetryHasTheSameReceipt(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	body := k.Response(nil)
	type reply struct {
		ID, Receipt string
		ReceivedAt  string `json:"received_at"`
	}
	var first, second reply
	r := k.PostJSON(responsesPath, body)
	r.JSON(&first)
	if r.StatusCode != http.StatusCreated || len(first.Receipt) != 9 || first.ReceivedAt == "" {
		t.Fatalf("%d %s", r.StatusCode, r.Text)
	}
	r = k.PostJSON(responsesPath, body)
	r.JSON(&second)
	if r.StatusCode != http.StatusOK || first != second || r.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("retry: %d %q %+v, want 200 no-store %+v", r.StatusCode, r.Header.Get("Cache-Control"), second, first)
	}
	r = k.PostJSON(responsesPath, strings.Replace(body, `"prosedur":4`, `"prosedur":3`, 1))
	if r.StatusCode != http.StatusConflict {
		t.Errorf("other content: %d, want 409", r.StatusCode)
	}
	if got := k.Stored(); len(got) != 1 || got[0].Unit != "dukcapil-loket" || got[0].Answers != "4444444444444444-" {
		t.Errorf("stored = %+v", got)
	}
}

func TestConcurrentRetriesStoreExactlyOne(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	const answers, copies = 60, 3
	var wg sync.WaitGroup
	for range answers {
		body := k.Response(nil)
		for range copies {
			wg.Go(func() {
				if r := k.PostJSON(responsesPath, body); r.StatusCode != 200 && r.StatusCode != 201 {
					t.Errorf("%d %s", r.StatusCode, r.Text)
				}
			})
		}
	}
	wg.Wait()
	if n := len(k.Stored()); n != answers {
		t.Errorf("%d stored, want %d", n, answers)
	}
}

type problem struct {
	Code   string
	Status int
	Title  string
	Errors []struct{ Field, Code, Message string }
}

// TestBadResponsesAreRefusedWithEveryFault sends what must never be stored.
func TestBadResponsesAreRefusedWithEveryFault(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	good := k.Response(nil)
	change := func(fn func(map[string]any)) string { return k.Response(fn) }
	answers := func(m map[string]any) map[string]int { return m["answers"].(map[string]int) } //nolint:forcetypeassert // test data
	for _, tc := range []struct {
		name, body string
		status     int
		fields     []string
	}{
		{"no JSON", "hello", 400, nil},
		{"empty", "", 400, nil},
		{"a list", "[]", 400, nil},
		{"cut short", good[:len(good)-5], 400, nil},
		{"something behind", good + "{}", 400, nil},
		{"NaN", strings.Replace(good, `"prosedur":4`, `"prosedur":NaN`, 1), 400, nil},
		{"five on four", change(func(m map[string]any) { answers(m)["prosedur"] = 5 }), 422, []string{"answers.prosedur"}},
		{"zero", change(func(m map[string]any) { answers(m)["prosedur"] = 0 }), 422, []string{"answers.prosedur"}},
		{"a fraction", strings.Replace(good, `"prosedur":4`, `"prosedur":3.5`, 1), 422, []string{"answers.prosedur"}},
		{"a whole number as a fraction", strings.Replace(good, `"prosedur":4`, `"prosedur":4.0`, 1), 422, []string{"answers.prosedur"}},
		{"a text", strings.Replace(good, `"prosedur":4`, `"prosedur":"4"`, 1), 422, []string{"answers.prosedur"}},
		{"null", strings.Replace(good, `"prosedur":4`, `"prosedur":null`, 1), 422, []string{"answers.prosedur"}},
		{"nested", strings.Replace(good, `"prosedur":4`, `"prosedur":{"$gt":0}`, 1), 422, []string{"answers.prosedur"}},
		{"huge", strings.Replace(good, `"prosedur":4`, `"prosedur":4e999`, 1), 422, []string{"answers.prosedur"}},
		{"twice", strings.Replace(good, `"prosedur":4`, `"prosedur":4,"prosedur":4`, 1), 422, []string{"answers.prosedur"}},
		{"id twice", strings.Replace(good, `"lang":"id"`, `"lang":"id","lang":"id"`, 1), 422, []string{"lang"}},
		{"unknown question", change(func(m map[string]any) { answers(m)["kebersihan"] = 4 }), 422, []string{"answers.kebersihan"}},
		{"unknown field", change(func(m map[string]any) { m["nik"] = "6471" }), 422, []string{"nik"}},
		{"unknown service", change(func(m map[string]any) { m["service"] = "sim" }), 422, []string{"service"}},
		{"unknown category", change(func(m map[string]any) { m["respondent"] = map[string]string{"sex": "X"} }), 422, []string{"respondent.sex"}},
		{"no UUID", change(func(m map[string]any) { m["id"] = "1" }), 422, []string{"id"}},
		{"no consent", change(func(m map[string]any) { delete(m, "consent") }), 422, []string{"consent"}},
		{"answers is a list", change(func(m map[string]any) { m["answers"] = []int{4} }), 422, []string{"answers"}},
		{"a wrong time", change(func(m map[string]any) { m["started_at"] = "kemarin" }), 422, []string{"started_at"}},
		{"a control character", change(func(m map[string]any) { m["comment"] = "a\x00" }), 422, []string{"comment"}},
		{"a long comment", change(func(m map[string]any) { m["comment"] = strings.Repeat("x", 2001) }), 422, []string{"comment"}},
		{"everything at once", change(func(m map[string]any) {
			m["id"], m["service"], m["lang"], m["consent"] = "x", "sim", "jv", false
			answers(m)["prosedur"], answers(m)["waktu"] = 9, -1
		}), 422, []string{"id", "service", "lang", "consent", "answers.prosedur", "answers.waktu"}},
		{"nothing", "{}", 422, []string{"id", "consent", "service", "answers.informasi", "answers.percaloan"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			r := k.PostJSON(responsesPath, tc.body)
			var p problem
			r.JSON(&p)
			if r.StatusCode != tc.status || p.Status != tc.status || !strings.HasPrefix(r.Header.Get("Content-Type"), "application/problem+json") {
				t.Fatalf("%d %s %s, want %d", r.StatusCode, r.Header.Get("Content-Type"), r.Text, tc.status)
			}
			got := map[string]int{}
			for _, e := range p.Errors {
				got[e.Field]++
				if e.Code == "" || e.Message == "" {
					t.Errorf("fault without code or message: %+v", e)
				}
			}
			for _, f := range tc.fields {
				if got[f] != 1 {
					t.Errorf("field %s is named %d times in %s", f, got[f], r.Text)
				}
			}
			if tc.name != "nothing" && len(p.Errors) != len(tc.fields) {
				t.Errorf("faults = %+v, want %v", p.Errors, tc.fields)
			}
		})
	}
	if n := len(k.Stored()); n != 0 {
		t.Errorf("%d responses were stored", n)
	}
}

func TestWhereAResponseCannotGo(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	for _, tc := range []struct {
		name, path string
		want       int
	}{
		{"unknown point", "/api/v1/points/NOBODY99/responses", 404},
		{"SQL", "/api/v1/points/x'%20OR%20'1'='1/responses", 404},
		{"operator", "/api/v1/points/%7B%22$where%22:1%7D/responses", 404},
		{"closed point", "/api/v1/points/BEDATO92/responses", 410},
		{"no open period", "/api/v1/points/TUTUPA22/responses", 410},
		{"a service of another unit", "/api/v1/points/MELATI38/responses", 422},
	} {
		r := k.PostJSON(tc.path, k.Response(nil))
		if r.StatusCode != tc.want {
			t.Errorf("%s: %d %s, want %d", tc.name, r.StatusCode, r.Text, tc.want)
		}
		noInsides(t, r)
	}
	r := httptest.NewRequest(http.MethodPost, responsesPath, strings.NewReader("a=b"))
	r.Header.Set("Content-Type", "text/plain")
	if got := k.Do(r); got.StatusCode != http.StatusUnsupportedMediaType {
		t.Errorf("text/plain: %d, want 415", got.StatusCode)
	}
	if n := len(k.Stored()); n != 0 {
		t.Errorf("%d responses were stored", n)
	}
}

// noInsides checks that a reply tells nothing of the program's insides.
func noInsides(t *testing.T, r *testkit.Reply) {
	t.Helper()
	for _, word := range []string{"goroutine", ".go:", "sqlite", "mongo", "SQLITE", "panic", "runtime error"} {
		if strings.Contains(r.Text, word) {
			t.Errorf("the reply tells %q: %s", word, r.Text)
		}
	}
}

func TestATroubledStoreIs503WithATimeToTryAgain(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City, func(d *testkit.Deps) { d.Submit = away{} })
	r := k.PostJSON(responsesPath, k.Response(nil))
	if r.StatusCode != 503 || r.Header.Get("Retry-After") != "7" {
		t.Errorf("%d, Retry-After %q, want 503 and 7", r.StatusCode, r.Header.Get("Retry-After"))
	}
	noInsides(t, r)
}

func TestAPointDescribesItsForm(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	var got struct {
		Instrument string
		Services   []struct{ Code, Name string }
		Questions  []struct {
			Code    string
			Text    map[string]string
			Options []struct {
				Value int
				Label map[string]string
			}
		}
		Respondent []struct{ Code string }
		Period     struct{ Code, From, To string }
		Unit       struct{ Code string }
	}
	r := k.Get("/api/v1/points/kupari-47")
	r.JSON(&got)
	if r.StatusCode != 200 || got.Instrument != "terpadu-16@2" || len(got.Services) != 2 || len(got.Questions) != 17 ||
		len(got.Questions[0].Options) != 4 || got.Questions[0].Options[0].Label["id"] == "" || len(got.Respondent) != 5 ||
		got.Period.From != "2026-01-01" || got.Unit.Code != "dukcapil-loket" {
		t.Errorf("%d %s", r.StatusCode, r.Text)
	}
}

func TestHealth(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	k.PostJSON(responsesPath, k.Response(nil))
	for path, want := range map[string]string{
		"/healthz": "ok", "/readyz": `"ready":true`, "/metrics": `persepsi_http_requests_total{route="/api/v1/points/:point/responses",status="201"} 1`,
		"/api/openapi.json": `"openapi"`,
	} {
		if r := k.Get(path); r.StatusCode != 200 || !strings.Contains(r.Text, want) {
			t.Errorf("%s: %d, want %s", path, r.StatusCode, want)
		}
	}
}

func TestTheLogHoldsNothingPersonal(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	id := uuid.NewString()
	k.PostJSON(responsesPath, k.Response(func(m map[string]any) { m["id"], m["comment"] = id, "rahasia-saya" }))
	k.PostJSON(responsesPath, k.Response(func(m map[string]any) { m["id"], m["comment"], m["consent"] = id, "rahasia-saya", false }))
	k.Get("/?q=rahasia-saya")
	k.GetAs("psp_rahasia-saya", "/api/v1/results?period=2026-s1")
	for _, word := range []string{"rahasia", id, "26-35"} {
		if strings.Contains(k.Log.String(), word) {
			t.Errorf("the log holds %q:\n%s", word, k.Log)
		}
	}
	if !strings.Contains(k.Log.String(), "responses") {
		t.Error("the log holds nothing at all")
	}
}

func FuzzResponsesNeverPanicNorStoreNonsense(f *testing.F) {
	k := testkit.New(f, testkit.City)
	f.Add(k.Response(nil))
	f.Add(`{"answers":{"a":1}}`)
	f.Fuzz(func(t *testing.T, body string) {
		r := httptest.NewRequest(http.MethodPost, responsesPath, strings.NewReader(body))
		r.Header.Set("Content-Type", "application/json")
		resp, err := k.App.Test(r, 10_000)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		if resp.StatusCode >= 500 {
			t.Errorf("%d for %q", resp.StatusCode, body)
		}
	})
}

// away is a store that takes nothing.
type away struct{ ingest.Submitter }

// Submit refuses.
func (away) Submit(context.Context, *survey.Response) (survey.Outcome, error) {
	return survey.Outcome{}, &survey.Error{Code: survey.Unavailable, Message: "the store is away", RetryAfter: 7 * time.Second, Cause: fmt.Errorf("sqlite: secret detail")}
}

func TestWhatExistsIsListedForEverybody(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	var periods []struct {
		Code, Name, From, To, Instrument string
		Open                             bool
		Units                            []string
	}
	k.Get("/api/v1/periods").JSON(&periods)
	if len(periods) != 3 {
		t.Fatalf("%d periods: %+v", len(periods), periods)
	}
	if got, want := fmt.Sprint(periods[1]), "{2026-s1 Semester I 2026 2026-01-01 2026-06-30 terpadu-16@2 true [dukcapil-loket pkm]}"; got != want {
		t.Errorf("the running period is %s, want %s", got, want)
	}
	if p := periods[2]; p.Open || strings.Join(p.Units, " ") != "dukcapil-loket pkm pkm-tutup" || periods[0].Open {
		t.Errorf("the others are %+v and %+v", periods[0], p)
	}
	var units []struct {
		Code, Name string
		Agency     struct{ Code, Name string }
		Services   []struct{ Code, Name string }
		Points     int
		Open       bool
	}
	r := k.Get("/api/v1/units")
	r.JSON(&units)
	if len(units) != 3 {
		t.Fatalf("%d units: %+v", len(units), units)
	}
	want := "{dukcapil-loket Unit Pelayanan {dukcapil Dinas Kependudukan dan Pencatatan Sipil} [{ktp KTP-el} {akta Akta kelahiran}] 1 true}"
	if got := fmt.Sprint(units[0]); got != want {
		t.Errorf("the first unit is %s, want %s", got, want)
	}
	if u := units[2]; u.Open || u.Services == nil || u.Points != 1 {
		t.Errorf("a unit without a survey is %+v", u)
	}
	for _, code := range []string{"KUPARI47", "BEDATO92", "MELATI38", "TUTUPA22"} {
		if strings.Contains(r.Text, code) {
			t.Errorf("the code %s is told to everybody", code)
		}
	}
	if r := testkit.New(t, "").Get("/api/v1/units"); r.Text != "[]" {
		t.Errorf("an empty city: %s", strconv.Quote(r.Text))
	}
}
