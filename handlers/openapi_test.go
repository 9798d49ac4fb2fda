package handlers_test

import (
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers/gorillamux"

	"persepsi/internal/access"
	"persepsi/internal/testkit"
)

// TestTheDescriptionOfTheAPIIsTrue checks real replies against openapi.json.
func TestTheDescriptionOfTheAPIIsTrue(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("openapi.json")
	if err != nil {
		t.Fatal(err)
	}
	doc, err := openapi3.NewLoader().LoadFromData(data)
	if err != nil {
		t.Fatal(err)
	}
	if err := doc.Validate(t.Context()); err != nil {
		t.Fatal(err)
	}
	router, err := gorillamux.NewRouter(doc)
	if err != nil {
		t.Fatal(err)
	}
	openapi3filter.RegisterBodyDecoder("application/problem+json", openapi3filter.JSONBodyDecoder)
	k := testkit.New(t, testkit.City)
	evaluator := k.Key(access.Evaluator, "")
	manager := k.Key(access.Manager, "dinkes")
	same := k.Response(nil)
	entry := `{"period":"2026-s1","unit":"pkm","capaian_kinerja":"B","pengungkit":{"sdm":7.5},"who":"TPI","why":"uji coba"}`
	seen := map[string]bool{}
	for _, tc := range []struct {
		method, path, key, body string
		want                    int
	}{
		{"GET", "/api/v1/points/KUPARI47", "", "", 200},
		{"GET", "/api/v1/points/NOBODY99", "", "", 404},
		{"GET", "/api/v1/points/TUTUPA22", "", "", 410},
		{"POST", responsesPath, "", same, 201},
		{"POST", responsesPath, "", same, 200},
		{"POST", responsesPath, "", strings.Replace(same, `"prosedur":4`, `"prosedur":1`, 1), 409},
		{"POST", responsesPath, "", "x", 400},
		{"POST", responsesPath, "", "{}", 422},
		{"POST", "/api/v1/points/NOBODY99/responses", "", same, 404},
		{"POST", "/api/v1/points/TUTUPA22/responses", "", same, 410},
		{"GET", "/api/v1/results?period=2026-s1", "", "", 200},
		{"GET", "/api/v1/results?period=2026-s1&unit=dukcapil-loket", evaluator, "", 200},
		{"GET", "/api/v1/results?period=2026-s1&agency=dinkes&explain=true", evaluator, "", 200},
		{"GET", "/api/v1/results?period=x", "", "", 404},
		{"GET", "/api/v1/results", "", "", 422},
		{"GET", "/api/v1/results?period=2026-s1", "psp_x", "", 401},
		{"GET", "/api/v1/results/breakdown?period=2026-s1&unit=dukcapil-loket&by=hour", evaluator, "", 200},
		{"GET", "/api/v1/results/breakdown?period=2026-s1&unit=pkm&by=service&month=2026-03", evaluator, "", 200},
		{"GET", "/api/v1/results/breakdown?period=2026-s1&unit=dukcapil-loket&by=hour", manager, "", 403},
		{"GET", "/api/v1/zi/indicators?period=2026-s1", evaluator, "", 200},
		{"GET", "/api/v1/zi/indicators?period=2026-s1", "", "", 401},
		{"PUT", "/api/v1/zi/indicators", evaluator, entry, 200},
		{"PUT", "/api/v1/zi/indicators", manager, entry, 403},
		{"PUT", "/api/v1/zi/indicators", evaluator, "{", 400},
		{"GET", "/healthz", "", "", 200},
		{"GET", "/readyz", "", "", 200},
	} {
		if tc.method == http.MethodGet {
			k.Refresh()
		}
		newRequest := func() *http.Request {
			r := httptest.NewRequest(tc.method, tc.path, strings.NewReader(tc.body))
			if tc.body != "" {
				r.Header.Set("Content-Type", "application/json")
			}
			if tc.key != "" {
				r.Header.Set("Authorization", "Bearer "+tc.key)
			}
			return r
		}
		reply := k.Do(newRequest())
		if reply.StatusCode != tc.want {
			t.Errorf("%s %s: %d %s, want %d", tc.method, tc.path, reply.StatusCode, reply.Text, tc.want)
			continue
		}
		r := newRequest()
		route, params, err := router.FindRoute(r)
		if err != nil {
			t.Errorf("%s %s: %v", tc.method, tc.path, err)
			continue
		}
		seen[route.Method+" "+route.Path] = true
		input := &openapi3filter.ResponseValidationInput{
			RequestValidationInput: &openapi3filter.RequestValidationInput{Request: r, PathParams: params, Route: route},
			Status:                 reply.StatusCode, Header: reply.Header,
			Options: &openapi3filter.Options{IncludeResponseStatus: true, MultiError: true},
		}
		input.SetBodyBytes([]byte(reply.Text))
		if err := openapi3filter.ValidateResponse(t.Context(), input); err != nil {
			t.Errorf("%s %s %d: %.600v", tc.method, tc.path, tc.want, err)
		}
	}
	for path, item := range doc.Paths.Map() {
		for method := range item.Operations() {
			if !seen[method+" "+path] {
				t.Errorf("%s %s is described but was not tried", method, path)
			}
		}
	}
}
