package main

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"go.yaml.in/yaml/v3"
	"golang.org/x/sync/errgroup"
)

// publishedCase is one case of testdata/published/cases.yaml.
type publishedCase struct {
	Code       string            `yaml:"code"`
	Note       string            `yaml:"note"`
	Instrument []string          `yaml:"instrument"`
	Methods    map[string]string `yaml:"methods"`
	Population int               `yaml:"population"`
	From       string            `yaml:"from"`
	To         string            `yaml:"to"`
	Paper      bool              `yaml:"paper"`
	Rows       string            `yaml:"rows"`
	N          int               `yaml:"n"`
	Entry      map[string]any    `yaml:"entry"`
	Indexes    map[string]struct {
		Value  string           `yaml:"value"`
		Mean   string           `yaml:"mean"`
		Shown  string           `yaml:"shown"`
		Mutu   string           `yaml:"mutu"`
		N      int              `yaml:"n"`
		Method string           `yaml:"method"`
		Sums   map[string][]int `yaml:"sums"`
	} `yaml:"indexes"`
	Points map[string]string `yaml:"points"`
	WBK    *wantedVerdict    `yaml:"wbk"`
	WBBM   *wantedVerdict    `yaml:"wbbm"`
}

type wantedVerdict struct {
	Passed  bool     `yaml:"passed"`
	Failing []string `yaml:"failing"`
}

func publishedCases(t *testing.T) []*publishedCase {
	t.Helper()
	text, err := os.ReadFile("testdata/published/cases.yaml")
	if err != nil {
		t.Fatal(err)
	}
	dec := yaml.NewDecoder(bytes.NewReader(text))
	dec.KnownFields(true)
	var out []*publishedCase
	if err := dec.Decode(&out); err != nil {
		t.Fatal(err)
	}
	return out
}

// publishedCity gives every case a unit, a point and a period of its own.
func publishedCity(t *testing.T, cases []*publishedCase) string {
	t.Helper()
	var units, periods []map[string]any
	for _, c := range cases {
		units = append(units, map[string]any{
			"code": c.Code, "name": "Unit " + c.Code, "points": []map[string]any{{"code": strings.ToUpper(c.Code), "name": "Loket"}},
		})
		period := map[string]any{"code": c.Code, "from": "${FROM}", "to": "${TO}", "instrument": c.Instrument, "units": []string{c.Code}}
		if c.From != "" {
			period["from"], period["to"] = c.From, c.To
		}
		if c.Population > 0 {
			period["population"] = map[string]int{c.Code: c.Population}
		}
		if c.Methods != nil {
			period["methods"] = c.Methods
		}
		periods = append(periods, period)
	}
	text, err := yaml.Marshal(map[string]any{
		"city":     map[string]string{"name": "Kota Contoh"},
		"agencies": []map[string]any{{"code": "a", "name": "Dinas A", "units": units}},
		"periods":  periods,
	})
	if err != nil {
		t.Fatal(err)
	}
	return declared(t, strings.ReplaceAll(strings.ReplaceAll(string(text), "'${FROM}'", "${FROM}"), "'${TO}'", "${TO}"))
}

// TestPublishedFiguresAreTheSameByEveryWayOnEveryStore brings the cases in by
// CSV and by HTTP, on each store, and wants one and the same report.
func TestPublishedFiguresAreTheSameByEveryWayOnEveryStore(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("not in a short run: four servers take 12 sheets of answers")
	}
	cases := publishedCases(t)
	file := publishedCity(t, cases)
	var mu sync.Mutex
	reports := map[string]map[string]any{} // by case, then by way and store
	for _, c := range cases {
		reports[c.Code] = map[string]any{}
	}
	t.Run("ways", func(t *testing.T) {
		for _, e := range engines() {
			for way, bring := range map[string]func(*testing.T, *service, *publishedCase, []string){"CSV": bringByCSV, "HTTP": bringByHTTP} {
				t.Run(way+" on "+e.name, func(t *testing.T) {
					t.Parallel()
					flags := e.flags(t)
					must(t, append([]string{"apply", file}, flags...)...)
					key, _ := must(t, append([]string{"apikey", "add", "--role", "evaluator", "--name", "Inspektorat"}, flags...)...)
					s := serve(t, flags...)
					mine := slices.DeleteFunc(slices.Clone(cases), func(c *publishedCase) bool { return way == "HTTP" && c.Paper })
					for _, c := range mine {
						bring(t, s, c, flags)
					}
					for _, c := range mine {
						report := reported(t, s, c, strings.TrimSpace(key), flags)
						checkPublished(t, c, report)
						mu.Lock()
						reports[c.Code][way+" on "+e.name] = report
						mu.Unlock()
					}
				})
			}
		}
	})
	for _, c := range cases {
		first := ""
		for way := range reports[c.Code] {
			if first == "" {
				first = way
			}
			if diff := cmp.Diff(reports[c.Code][first], reports[c.Code][way]); diff != "" {
				t.Errorf("%s: %s and %s differ:\n%s", c.Code, first, way, diff)
			}
		}
	}
}

func bringByCSV(t *testing.T, _ *service, c *publishedCase, flags []string) {
	t.Helper()
	out, _ := must(t, append([]string{"import", filepath.Join("testdata/published", c.Rows), "--period", c.Code, "--unit", c.Code, "--reason", "angka yang sudah diterbitkan"}, flags...)...)
	if want := fmt.Sprintf("imported: %d rows stored, 0 were there before\n", c.N); out != want {
		t.Errorf("%s: got %q, want %q", c.Code, out, want)
	}
}

// bringByHTTP sends every other row as JSON and the rest as forms, some at once:
// they share commits.
func bringByHTTP(t *testing.T, s *service, c *publishedCase, _ []string) {
	t.Helper()
	f, err := os.Open(filepath.Join("testdata/published", c.Rows))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	point := strings.ToUpper(c.Code)
	var senders errgroup.Group
	senders.SetLimit(16)
	send := func(i int, do func() *reply, want int) {
		senders.Go(func() error {
			if r := do(); r.StatusCode != want {
				return fmt.Errorf("%s, row %d: %d\n%s", c.Code, i+2, r.StatusCode, r.text)
			}
			return nil
		})
	}
	for i, row := range rows[1:] {
		answers, respondent := map[string]int{}, map[string]string{}
		form := url.Values{"id": {uuid.NewString()}, "consent": {"1"}}
		for j, name := range rows[0] {
			if name == "sex" || name == "age" {
				form.Set("respondent."+name, row[j])
				if row[j] != "" {
					respondent[name] = row[j]
				}
				continue
			}
			form.Set("answers."+name, row[j])
			if answers[name], err = strconv.Atoi(row[j]); err != nil {
				t.Fatal(err)
			}
		}
		if i%2 == 1 {
			send(i, func() *reply { return s.postForm("/s/"+point, form) }, http.StatusSeeOther)
			continue
		}
		body, err := json.Marshal(map[string]any{"id": form.Get("id"), "consent": true, "answers": answers, "respondent": respondent})
		if err != nil {
			t.Fatal(err)
		}
		send(i, func() *reply {
			return s.send(http.MethodPost, "/api/v1/points/"+point+"/responses", "application/json", string(body), "")
		}, http.StatusCreated)
	}
	if err := senders.Wait(); err != nil {
		t.Fatal(err)
	}
}

// reported makes the evaluator's entry, and returns the report as the command
// line and the API tell it, without what the way itself puts into it.
func reported(t *testing.T, s *service, c *publishedCase, key string, flags []string) map[string]any {
	t.Helper()
	api := func() map[string]any {
		return decoded(t, s.send(http.MethodGet, "/api/v1/results?period="+c.Code+"&unit="+c.Code, "", "", key).text)
	}
	eventually(t, c.Code+" in the results", func() bool {
		return fmt.Sprint(at(api(), "units", 0, "responses", "valid")) == fmt.Sprint(c.N)
	})
	if c.Entry != nil {
		entry := map[string]any{"period": c.Code, "unit": c.Code, "version": 0, "who": "Tim penilai", "why": "kasus " + c.Code}
		for k, v := range c.Entry {
			entry[k] = v
		}
		body, err := json.Marshal(entry)
		if err != nil {
			t.Fatal(err)
		}
		if r := s.send(http.MethodPut, "/api/v1/zi/indicators", "application/json", string(body), key); r.StatusCode != http.StatusOK {
			t.Fatalf("%s: the entry was answered with %d\n%s", c.Code, r.StatusCode, r.text)
		}
	}
	fromAPI := api()
	out, _ := must(t, append([]string{"results", "--period", c.Code, "--unit", c.Code}, flags...)...)
	fromCommand := decoded(t, out)
	for _, r := range []map[string]any{fromAPI, fromCommand} {
		delete(r, "generated_at")
		delete(r, "as_of")
		unit, _ := at(r, "units", 0).(map[string]any)
		delete(unit["responses"].(map[string]any), "by_mode") //nolint:forcetypeassert // the contract's shape
		if entry, ok := unit["evaluation"].(map[string]any); ok {
			delete(entry, "at")
		}
	}
	if diff := cmp.Diff(fromAPI, fromCommand); diff != "" {
		t.Errorf("%s: API and command line differ:\n%s", c.Code, diff)
	}
	if c.From == "" {
		page := figures(s.page("/hasil/" + c.Code + "?period=" + c.Code))
		for code, x := range c.Indexes {
			// Answers of today are in no release yet.
			if shown := strings.Replace(x.Shown, ".", ",", 1); slices.Contains(strings.Fields(page), shown) {
				t.Errorf("%s: the page shows %q, of answers that came just now: %s %s", c.Code, page, code, shown)
			}
		}
	}
	return fromCommand
}
