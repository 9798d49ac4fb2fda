package web

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"
	"golang.org/x/time/rate"

	"persepsi/handlers/view"
	"persepsi/internal/access"
	"persepsi/internal/report"
	"persepsi/survey"
)

// requested is a request as a handler sees it, outside of a server.
func requested(t *testing.T, method, address string, change ...func(*fasthttp.Request)) *fiber.Ctx {
	t.Helper()
	ctx := &fasthttp.RequestCtx{}
	ctx.Request.Header.SetMethod(method)
	ctx.Request.SetRequestURI(address)
	for _, do := range change {
		do(&ctx.Request)
	}
	app := fiber.New()
	c := app.AcquireCtx(ctx)
	t.Cleanup(func() { app.ReleaseCtx(c) })
	return c
}

func TestEveryKindOfErrorHasItsStatus(t *testing.T) {
	t.Parallel()
	for code, want := range map[survey.Code]int{
		survey.Invalid: 422, survey.Malformed: 400, survey.NotFound: 404, survey.Closed: 410, survey.Conflict: 409, survey.NotConfigured: 409,
		survey.VersionRequired: 428, survey.TooSlow: 408, survey.TooLarge: 413, survey.Unsupported: 415, survey.RateLimited: 429, survey.Unavailable: 503,
		survey.Unauthorized: 401, survey.Forbidden: 403, survey.Internal: 500, "odd": 500,
	} {
		if got := Status(code); got != want {
			t.Errorf("%s: %d, want %d", code, got, want)
		}
	}
}

// What the server says of a request that no handler saw is told in our words; what nobody knows
// is our fault, and its cause is for the log.
func TestAnErrorIsToldInWordsThatAreSafeToShow(t *testing.T) {
	t.Parallel()
	s := &Site{}
	for status, want := range map[int]survey.Code{
		404: survey.NotFound, 405: survey.NotFound, 413: survey.TooLarge, 431: survey.TooLarge, 408: survey.TooSlow, 502: survey.Malformed, 400: survey.Malformed, 418: survey.Internal,
	} {
		e := s.known(fmt.Errorf("serve: %w", fiber.NewError(status, "rahasia")))
		if e.Code != want || strings.Contains(e.Message, "rahasia") || (e.Cause != nil) != (want == survey.Internal) {
			t.Errorf("%d: %s, %q, cause %v, want %s", status, e.Code, e.Message, e.Cause, want)
		}
	}
	if large, head := s.known(fiber.ErrRequestEntityTooLarge), s.known(fiber.ErrRequestHeaderFieldsTooLarge); !strings.Contains(large.Message, "body") || !strings.Contains(head.Message, "headers") {
		t.Errorf("%q and %q", large.Message, head.Message)
	}
	ours := survey.Errorf(survey.Closed, "it is over")
	if e := s.known(fmt.Errorf("look: %w", ours)); e != ours {
		t.Errorf("an error of ours: %v", e)
	}
	if e := s.known(errors.New("rahasia")); e.Code != survey.Internal || strings.Contains(e.Message, "rahasia") {
		t.Errorf("another: %s, %q", e.Code, e.Message)
	}
}

func TestWhenToTryAgainIsToldInWholeSeconds(t *testing.T) {
	t.Parallel()
	for wait, want := range map[time.Duration]string{0: "", -time.Second: "", time.Millisecond: "1", time.Second: "1", 1500 * time.Millisecond: "2", time.Hour: "3600"} {
		c := requested(t, "GET", "/")
		SetRetryAfter(c, &survey.Error{RetryAfter: wait})
		if got := string(c.Response().Header.Peek(fiber.HeaderRetryAfter)); got != want {
			t.Errorf("%s: %q, want %q", wait, got, want)
		}
	}
}

// Nothing stands above what answers a request that could not be read.
func TestWhatRefusesARequestNeverPanics(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	s := &Site{Settings: Settings{Log: slog.New(slog.NewTextHandler(&log, nil))}} // without anything that a page is made of
	c := requested(t, "POST", "/s/KUPARI47")
	if err := s.Refuse(c, fiber.ErrRequestEntityTooLarge); err != nil || c.Response().StatusCode() != 500 || !strings.Contains(log.String(), "an error page panicked") {
		t.Errorf("%d, %v, and the log holds %s", c.Response().StatusCode(), err, &log)
	}
	log.Reset()
	c = requested(t, "POST", "/") // of a body in chunks not even the address is left
	err := s.Refuse(c, fiber.ErrRequestEntityTooLarge)
	var told map[string]any
	if err := errors.Join(err, json.Unmarshal(c.Response().Body(), &told)); err != nil {
		t.Fatal(err)
	}
	if c.Response().StatusCode() != 413 || told["code"] != "too_large" || told["status"] != 413.0 || told["type"] != "about:blank" || told["title"] == "" || log.Len() > 0 ||
		string(c.Response().Header.ContentType()) != "application/problem+json; charset=utf-8" {
		t.Errorf("%d %s: %v, and the log holds %s", c.Response().StatusCode(), c.Response().Header.ContentType(), told, &log)
	}
}

func TestAnErrorOfOursIsLoggedAndOneOfAClientIsNot(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		err    error
		status int
		lines  int // of two such requests
		header string
	}{
		{errors.New("odd"), 500, 2, ""},
		{survey.Errorf(survey.Unavailable, "the store is away"), 503, 1, ""},
		{survey.Errorf(survey.NotFound, "there is none"), 404, 0, ""},
		{survey.Errorf(survey.Unauthorized, "send a key"), 401, 0, `Bearer realm="persepsi"`},
	} {
		var log bytes.Buffer
		s := &Site{Settings: Settings{Log: slog.New(slog.NewTextHandler(&log, nil))}, trouble: rate.Sometimes{Interval: time.Hour}}
		for range 2 {
			c := requested(t, "GET", "/API/v1/results")
			if err := s.Fail(c, tc.err); err != nil {
				t.Fatal(err)
			}
			h := &c.Response().Header
			if c.Response().StatusCode() != tc.status || string(h.Peek(fiber.HeaderWWWAuthenticate)) != tc.header || string(h.Peek(fiber.HeaderCacheControl)) != "no-store" {
				t.Errorf("%v: %s", tc.err, h)
			}
		}
		if n := strings.Count(log.String(), "\n"); n != tc.lines {
			t.Errorf("%v: %d lines are logged, want %d: %s", tc.err, n, tc.lines, &log)
		}
	}
}

func TestOnlyWhatReadsNeedsNoTokenAndMayComeFromElsewhere(t *testing.T) {
	t.Parallel()
	for method, want := range map[string]bool{"GET": true, "HEAD": true, "OPTIONS": true, "POST": false, "PUT": false, "PATCH": false, "DELETE": false, "get": false, "": false} {
		if got := safe(method); got != want {
			t.Errorf("%q only reads: %v", method, got)
		}
	}
}

func TestWhatIsCompressedElsewhereIsNotCompressedAgain(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]bool{"/api/v1/periods": true, "/api/v1/results": false, "/api/v1/results/x": true, "/s/KUPARI47": false, "/api": false, "/": false} {
		if got := squeezed(path); got != want {
			t.Errorf("%s: %v", path, got)
		}
	}
}

// city is a city of one unit, which may be a demonstration.
func city(t *testing.T, demo bool) declared {
	t.Helper()
	lib, err := survey.NewLibrary()
	if err != nil {
		t.Fatal(err)
	}
	methods, err := survey.LoadMethods()
	if err != nil {
		t.Fatal(err)
	}
	applied, err := survey.Apply(new(survey.Catalogue), []byte(`
city: {name: Kota Contoh}
agencies: [{code: dinkes, name: Dinas Kesehatan, units: [{code: pkm, name: Puskesmas, services: [{code: umum, name: Umum}], points: [{code: AA01, name: Loket}]}]}]
periods: [{code: 2026-s1, name: Semester, from: 2026-01-01, to: 2026-06-30, instrument: terpadu-16@1}]`), lib, methods, func() (string, error) { return "AA09", nil }, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	applied.Catalogue.City.Demo = demo
	d, err := survey.NewDirectory(applied.Catalogue, lib, methods)
	if err != nil {
		t.Fatal(err)
	}
	return declared{d}
}

func TestTheAddressOfCitizensIsTheConfiguredOneAndElsewhereOnlyADemonstrationsOwn(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		configured string
		demo       bool
		address    string
		fixed      bool
		code       survey.Code
	}{
		"configured":                    {"https://survei.kota.go.id", false, "https://survei.kota.go.id", true, ""},
		"configured of a demonstration": {"https://survei.kota.go.id", true, "https://survei.kota.go.id", true, ""},
		"a demonstration":               {"", true, "http://demo.example:8080", false, ""},
		"neither":                       {"", false, "", false, survey.NotConfigured},
	} {
		s := &Site{Settings: Settings{PublicURL: tc.configured, Directories: city(t, tc.demo)}, Peers: &Peers{}}
		c := requested(t, "GET", "/", func(r *fasthttp.Request) { r.Header.SetHost("demo.example:8080") })
		address, fixed, err := s.Address(c)
		if address != tc.address || fixed != tc.fixed || (err != nil) != (tc.code != "") || err != nil && survey.CodeOf(err) != tc.code {
			t.Errorf("%s: %q, %v, %v", name, address, fixed, err)
		}
	}
}

func TestOnlyADemonstrationHoldsBackWhoWritesInIt(t *testing.T) {
	t.Parallel()
	for _, demo := range []bool{false, true} {
		s := &Site{Settings: Settings{Directories: city(t, demo)}, Peers: &Peers{}, limiter: newLimiter(Limits{Address: Pace{2, 0.1}}, time.Now)}
		for i, held := range []bool{false, false, demo, demo} {
			if err := s.LimitDemo(requested(t, "POST", "/"), "pintu"); (survey.CodeOf(err) == survey.RateLimited) != held || (err != nil) != held {
				t.Errorf("%d, a demonstration: %v: %v", i, demo, err)
			}
		}
	}
}

// What is not known any more is a scope all the same: whoever was granted it holds it.
func TestFiguresAreOfTheScopeThatTheirCodesName(t *testing.T) {
	t.Parallel()
	d := city(t, false)
	set := &Settings{Directories: d}
	for _, tc := range []struct {
		agency, unit        string
		want                access.Scope
		agencyName, inWords string
	}{
		{"", "", access.City(), "", ""},
		{"dinkes", "", access.Agency("dinkes"), "Dinas Kesehatan", ""},
		{"lama", "", access.Agency("lama"), "lama", ""},
		{"", "pkm", access.Unit("dinkes", "pkm"), "Dinas Kesehatan", "Puskesmas"},
		{"lama", "pkm", access.Unit("dinkes", "pkm"), "Dinas Kesehatan", "Puskesmas"},
		{"dinkes", "lama", access.Unit("", "lama"), "", "lama"},
	} {
		on := ScopeOf(d.directory, report.Scope{Agency: tc.agency, Unit: tc.unit})
		agency, unit := ScopeNames(d.directory, on)
		if on != tc.want || agency != tc.agencyName || unit != tc.inWords {
			t.Errorf("%q, %q: %s, which is %q, %q", tc.agency, tc.unit, on, agency, unit)
		}
	}
	if of, none := set.agencyOf("pkm"), set.agencyOf("lama"); of != "dinkes" || none != "" {
		t.Errorf("the unit is of %q, one that there is not of %q", of, none)
	}
}

func TestWhyAKeyOpensNothingIsTold(t *testing.T) {
	t.Parallel()
	now := time.Unix(1_800_000_000, 0)
	for want, key := range map[string]*access.Key{
		"not known": nil, "was revoked": {Revoked: now.Add(-time.Hour)}, "has expired": {Expires: now},
	} {
		if got := whyWrong(key, now); !strings.Contains(got, want) {
			t.Errorf("%q, want that it %s", got, want)
		}
	}
}

func TestWhatAnAreaAddsToAnErrorPageIsOnIt(t *testing.T) {
	t.Parallel()
	pages, err := view.New()
	if err != nil {
		t.Fatal(err)
	}
	s := &Site{Settings: Settings{Directories: city(t, false), Log: slog.New(slog.DiscardHandler)}, Pages: pages, Peers: &Peers{}}
	s.FileForms = []FileForm{{Route: "/bukti/:unit", TooLarge: "upload"}}
	var seen *view.Failure
	s.Help = func(_ *fiber.Ctx, _ survey.Code, page *view.Failure) { seen = page }
	for _, tc := range []struct {
		method, address string
		err             error
		status          int
		key, path       string
	}{
		{http.MethodGet, "/hasil?unit=pkm", survey.Errorf(survey.NotFound, "there is none"), 404, "not_found", "/hasil"},
		{http.MethodPost, "/hasil?unit=pkm", survey.Errorf(survey.NotFound, "there is none"), 404, "not_found", "/"},
		{http.MethodPost, "/bukti/pkm", fiber.ErrRequestEntityTooLarge, 413, "upload", "/"},
		{http.MethodPost, "/BUKTI/pkm", fiber.ErrRequestEntityTooLarge, 413, "too_large", "/"},
		{http.MethodPost, "/bukti/pkm", errForeignForm, 403, "stale_form", "/"},
		{http.MethodPost, "/bukti/pkm", survey.Errorf(survey.Forbidden, "no"), 403, "forbidden", "/"},
	} {
		c := requested(t, tc.method, tc.address)
		if err := s.Fail(c, tc.err); err != nil {
			t.Errorf("%s %s: %v", tc.method, tc.address, err)
			continue
		}
		if seen.Key != tc.key || seen.Path != tc.path || (len(seen.Query) > 0) != (tc.path != "/") || c.Response().StatusCode() != tc.status {
			t.Errorf("%s %s: %d, %+v", tc.method, tc.address, c.Response().StatusCode(), seen)
		}
	}
}
