package handlers_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers/gorillamux"

	"persepsi/internal/access"
	"persepsi/internal/testkit"
)

// description reads openapi.json, and checks that it is an OpenAPI document.
func description(t *testing.T) *openapi3.T {
	t.Helper()
	data, err := os.ReadFile("api/openapi.json")
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
	return doc
}

// TestTheDescriptionOfTheAPIIsTrue checks real replies against openapi.json.
func TestTheDescriptionOfTheAPIIsTrue(t *testing.T) {
	t.Parallel()
	doc := description(t)
	router, err := gorillamux.NewRouter(doc)
	if err != nil {
		t.Fatal(err)
	}
	openapi3filter.RegisterBodyDecoder("application/problem+json", openapi3filter.JSONBodyDecoder)
	k := testkit.New(t, testkit.City)
	k.Apply(market)
	evaluator := k.Key(access.Evaluator, "")
	manager := k.Key(access.Manager, "dinkes")
	same := strings.Replace(k.Response(nil), `"pungli":4`, `"pungli":null`, 1) // an aspect that nobody answers
	entry := `{"period":"2026-s1","unit":"pkm","capaian_kinerja":"B","pengungkit":{"sdm":7.5},"version":0,"who":"TPI","why":"uji coba"}`
	seen := map[string]bool{}
	for _, tc := range []struct {
		method, path, key, body string
		want                    int
	}{
		{"GET", "/api/v1/points/KUPARI47", "", "", 200},
		{"GET", "/api/v1/points/PASARB47", "", "", 200},
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
		{"POST", "/api/v1/points/PASARB47/responses", "", `{"id":"01970000-0000-7000-8000-000000000001","lang":"id","consent":true,"answers":{"lantai":3,"aman":6}}`, 201},
		{"GET", "/api/v1/results?period=pasar&explain=true", evaluator, "", 200},
		{"GET", "/api/v1/results/history?unit=pasar-baru", evaluator, "", 200},
		{"GET", "/api/v1/results?period=x", "", "", 404},
		{"GET", "/api/v1/results", "", "", 422},
		{"GET", "/api/v1/results?period=2026-s1", "psp_x", "", 401},
		{"GET", "/api/v1/results/breakdown?period=2026-s1&unit=dukcapil-loket&by=hour", evaluator, "", 200},
		{"GET", "/api/v1/results/breakdown?period=2026-s1&unit=pkm&by=service&month=2026-03", evaluator, "", 200},
		{"GET", "/api/v1/results/breakdown?period=2026-s1&unit=dukcapil-loket&by=hour", manager, "", 403},
		{"GET", "/api/v1/results/history?unit=dukcapil-loket", "", "", 200},
		{"GET", "/api/v1/results/history?unit=dukcapil-loket&period=2026-s1", evaluator, "", 200},
		{"GET", "/api/v1/results/history?unit=pkm-tutup", "", "", 200},
		{"GET", "/api/v1/results/history", "", "", 422},
		{"GET", "/api/v1/results/history?unit=x", "", "", 404},
		{"GET", "/api/v1/results/history?unit=pkm&period=x", "", "", 404},
		{"GET", "/api/v1/zi/indicators?period=2026-s1", evaluator, "", 200},
		{"GET", "/api/v1/zi/indicators?period=2026-s1", "", "", 401},
		{"PUT", "/api/v1/zi/indicators", evaluator, entry, 200},
		{"PUT", "/api/v1/zi/indicators", manager, entry, 403},
		{"PUT", "/api/v1/zi/indicators", evaluator, "{", 400},
		{"PUT", "/api/v1/zi/indicators", evaluator, strings.Replace(entry, `"version":0`, `"version":7`, 1), 409},
		{"PUT", "/api/v1/zi/indicators", evaluator, strings.Replace(entry, `"version":0,`, ``, 1), 428},
		{"GET", "/api/v1/periods", "", "", 200},
		{"GET", "/api/v1/units", "", "", 200},
		{"GET", "/api/v1/units?key=" + evaluator, "", "", 400},
		{"GET", "/api/v1/results?period=2026-s1&key=" + evaluator, "", "", 400},
		{"GET", "/api/openapi.json", "", "", 200},
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

// TestTheDescriptionSaysHowLargeNumbersAre: without a format a generated client
// reads 3.27421875 as 3.2742188, and without a type beside it nullable means
// nothing in OpenAPI 3.0.
func TestTheDescriptionSaysHowLargeNumbersAre(t *testing.T) {
	t.Parallel()
	doc := description(t)
	if !strings.HasPrefix(doc.OpenAPI, "3.0.") {
		t.Fatalf("the document is of OpenAPI %s, and this test of 3.0", doc.OpenAPI)
	}
	data, err := os.ReadFile("api/openapi.json")
	if err != nil {
		t.Fatal(err)
	}
	var whole any
	if err := json.Unmarshal(data, &whole); err != nil {
		t.Fatal(err)
	}
	formats := map[string][]any{"number": {"double"}, "integer": {"int32", "int64"}}
	numbers, nullables := 0, 0
	var walk func(at string, v any)
	walk = func(at string, v any) {
		switch v := v.(type) {
		case map[string]any:
			kind, _ := v["type"].(string) // what is called type may be a property
			if allowed := formats[kind]; allowed != nil {
				numbers++
				if !slices.Contains(allowed, v["format"]) {
					t.Errorf("%s is a %s of format %v, want one of %v", at, kind, v["format"], allowed)
				}
			}
			if v["nullable"] == true {
				nullables++
				if kind == "" {
					t.Errorf("%s may be null and has no type", at)
				}
			}
			for name, inner := range v {
				walk(at+"/"+name, inner)
			}
		case []any:
			for i, inner := range v {
				walk(at+"/"+strconv.Itoa(i), inner)
			}
		}
	}
	walk("", whole)
	if numbers < 50 || nullables < 10 {
		t.Errorf("only %d numbers and %d nullables were found", numbers, nullables)
	}
}

func TestEveryRouteOfTheAPIIsDescribedAndNamed(t *testing.T) {
	t.Parallel()
	doc := description(t)
	names := map[string]string{}
	described := map[string]bool{}
	for path, item := range doc.Paths.Map() {
		for method, operation := range item.Operations() {
			route := method + " " + path
			described[route] = true
			if operation.OperationID == "" {
				t.Errorf("%s has no operationId", route)
			}
			if other, ok := names[operation.OperationID]; ok {
				t.Errorf("%s and %s are both %s", route, other, operation.OperationID)
			}
			names[operation.OperationID] = route
			if operation.Security == nil {
				continue
			}
			for _, code := range []int{400, 401, 429, 503} {
				if operation.Responses.Status(code) == nil {
					t.Errorf("%s takes a key and does not tell of %d", route, code)
				}
			}
		}
	}
	parameter := regexp.MustCompile(`:(\w+)`)
	there := map[string]bool{}
	for _, r := range testkit.New(t, testkit.City).App.GetRoutes(true) {
		route := r.Method + " " + parameter.ReplaceAllString(r.Path, "{$1}")
		there[route] = true
		if r.Method != http.MethodHead && strings.HasPrefix(r.Path, "/api/") && !described[route] {
			t.Errorf("%s is there and not described", route)
		}
	}
	for route := range described {
		if !there[route] {
			t.Errorf("%s is described and not there", route)
		}
	}
}
