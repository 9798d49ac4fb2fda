package account

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"persepsi/handlers/web"
	"persepsi/survey"
)

func TestSomebodyIsLedBackOnlyWithinThisService(t *testing.T) {
	t.Parallel()
	long := "/" + strings.Repeat("a", maxNext-1)
	for address, want := range map[string]string{
		"/lke?sort=ipak": "/lke?sort=ipak", "/meja/unit/a-b": "/meja/unit/a-b", "/hasil#atas": "/hasil", "/a%20b?c=d%2F": "/a%20b?c=d%2F", "/": "/", "/masuk2": "/masuk2",
		"/a.b/..c": "/a.b/..c", long: long, long + "a": "", "": "", "lke": "", "https://evil.example/": "", "//evil.example/a": "", "/a//b": "", "/%2Fevil.example": "", "/a%5Cb": "",
		"/\\evil.example": "", "/a b": "", "/a\tb": "", "/a\x7fb": "", "/a%0Ab": "", "/a%0Db": "", "/a%09b": "", "/%zz": "", "/masuk": "", "/masuk/kode": "", "/MASUK": "", "/keluar": "", "/mulai/x": "",
		"/a/../masuk": "", "/./masuk": "", "/a/%2e%2E/masuk": "", "/..": "", "/.": "",
	} {
		if got := Local(address); got != want {
			t.Errorf("%.40q leads to %.40q, want %.40q", address, got, want)
		}
	}
}

func TestAWaitIsToldInWholeMinutes(t *testing.T) {
	t.Parallel()
	for wait, want := range map[time.Duration]int{time.Nanosecond: 1, time.Minute: 1, time.Minute + 1: 2, 90 * time.Second: 2, time.Hour: 60} {
		if got := minutes(wait); got != want {
			t.Errorf("%s: %d minutes, want %d", wait, got, want)
		}
	}
	at := time.Date(2026, time.March, 2, 9, 5, 0, 0, time.UTC)
	if id, en := clock(at, "id"), clock(at, "en"); id != "09.05" || en != "09:05" {
		t.Errorf("it is %s and %s", id, en)
	}
}

// A page tells of the errors that it names, once for each field; all others are told as errors
// are elsewhere.
func TestAPageTellsOfTheErrorsThatItNames(t *testing.T) {
	t.Parallel()
	wrong := &survey.Error{Code: survey.Invalid, Faults: []survey.Fault{{Field: "password", Code: "short"}, {Field: "password", Code: "common"}, {Field: "email", Code: "taken"}}}
	held := &survey.Error{Code: survey.RateLimited, RetryAfter: 90 * time.Second}
	for name, tc := range map[string]struct {
		err    error
		want   *survey.Error
		status int
		wait   string
	}{
		"of a field":    {fmt.Errorf("set: %w", wrong), wrong, 422, ""},
		"held back":     {held, held, 429, "90"},
		"another kind":  {survey.Errorf(survey.Conflict, "taken"), nil, 200, ""},
		"of the server": {errors.New("odd"), nil, 200, ""},
	} {
		app := fiber.New()
		c := app.AcquireCtx(&fasthttp.RequestCtx{})
		got := refusal(c, tc.err, survey.Invalid, survey.RateLimited)
		if got != tc.want || c.Response().StatusCode() != tc.status || string(c.Response().Header.Peek(fiber.HeaderRetryAfter)) != tc.wait {
			t.Errorf("%s: %v, %s", name, got, &c.Response().Header)
		}
		app.ReleaseCtx(c)
	}
	if got := faults(wrong); len(got) != 2 || got["password"] != "short" || got["email"] != "taken" {
		t.Errorf("the faults are %v", got)
	}
}

// What opens an account is read by no script and sent by no other site's form; it goes when the
// browser is closed, but for what tells only that somebody was here before.
func TestCookiesAreKeptAsLongAsTheyAreNeeded(t *testing.T) {
	t.Parallel()
	for _, secure := range []bool{true, false} {
		site := &web.Site{Peers: &web.Peers{}}
		if secure {
			site.PublicURL = "https://survei.kota.go.id"
		}
		for _, tc := range []struct {
			value string
			lasts time.Duration
			want  int // seconds; 0: until the browser is closed
		}{{"token", 0, 0}, {"marks", deviceFor, 400 * 24 * 60 * 60}} {
			app := fiber.New()
			c := app.AcquireCtx(&fasthttp.RequestCtx{})
			(&accounts{site: site}).keep(c, "name", tc.value, tc.lasts)
			got := string(c.Response().Header.PeekCookie("name"))
			app.ReleaseCtx(c)
			if !strings.HasPrefix(got, "name="+tc.value+";") || !strings.Contains(got, "path=/") || !strings.Contains(got, "HttpOnly") || !strings.Contains(got, "SameSite=Lax") ||
				strings.Contains(got, "secure") != secure || strings.Contains(got, fmt.Sprintf("max-age=%d", tc.want)) != (tc.want > 0) || strings.Contains(got, "max-age") != (tc.want > 0) || strings.Contains(got, "expires") {
				t.Errorf("secure %v, for %s: %s", secure, tc.lasts, got)
			}
		}
	}
}
