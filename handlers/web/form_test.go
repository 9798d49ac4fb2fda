package web

import (
	"net"
	"strings"
	"testing"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"persepsi/handlers/view"
	"persepsi/internal/access"
	"persepsi/survey"
)

// withCookies is what a browser sends along.
func withCookies(pairs ...string) func(*fasthttp.Request) {
	return func(r *fasthttp.Request) {
		for i := 0; i < len(pairs); i += 2 {
			if pairs[i+1] != "" {
				r.Header.SetCookie(pairs[i], pairs[i+1])
			}
		}
	}
}

func TestACookieIsSentByTLSAloneWhereTheServiceIsReachedSo(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		public, peer, proto string
		want                bool
	}{
		"configured with TLS":                       {"https://survei.kota.go.id", "203.0.113.7", "", true},
		"configured without":                        {"http://survei.kota.go.id", "203.0.113.7", "", false},
		"behind a proxy with TLS":                   {"", "127.0.0.1", "https", true},
		"behind a proxy with TLS, in capitals":      {"", "127.0.0.1", "HTTPS, http", true},
		"behind a proxy without":                    {"", "127.0.0.1", "http, https", false},
		"from who says so and is nobody's proxy":    {"", "203.0.113.7", "https", false},
		"without any word of where it is reached":   {"", "203.0.113.7", "", false},
		"an address that begins alike and is other": {"httpsx://survei", "203.0.113.7", "", false},
	} {
		ctx := &fasthttp.RequestCtx{}
		ctx.SetRemoteAddr(&net.TCPAddr{IP: net.ParseIP(tc.peer)})
		ctx.Request.SetRequestURI("/masuk")
		ctx.Request.Header.SetHost("survei.kota.go.id")
		ctx.Request.Header.Set(fiber.HeaderXForwardedProto, tc.proto)
		app := fiber.New()
		c := app.AcquireCtx(ctx)
		if got := (&Site{Settings: Settings{PublicURL: tc.public}, Peers: &Peers{}}).Secure(c); got != tc.want {
			t.Errorf("%s: %v", name, got)
		}
		app.ReleaseCtx(c)
	}
}

// A form is of the browser that its page was made for: of its session, or of the cookie that it
// was given where it has none.
func TestAFormIsOfTheBrowserThatItsPageWasMadeFor(t *testing.T) {
	t.Parallel()
	pages, err := view.New()
	if err != nil {
		t.Fatal(err)
	}
	s := &Site{Settings: Settings{Directories: city(t, false), PublicURL: "https://survei.kota.go.id"}, Pages: pages, Peers: &Peers{}}
	_, token := access.NewSession("siti", "", false, noon)
	_, other := access.NewSession("siti", "", false, noon)
	for name, tc := range map[string]struct {
		session, form string
		bound         string // empty: to a new cookie
	}{
		"with a session":                    {token, "", token},
		"with a session and the cookie":     {token, "kue", token},
		"with the cookie alone":             {"", "kue", "kue"},
		"with a session that is none":       {"x", "kue", "kue"},
		"with nothing":                      {"", "", ""},
		"with a session that is none alone": {"x", "", ""},
	} {
		c := requested(t, "GET", "/akun", withCookies(SessionCookie, tc.session, FormCookie, tc.form))
		frame := s.FormFrame(c, "own.title")
		given := string(c.Response().Header.PeekCookie(FormCookie))
		bound := tc.bound
		if bound == "" {
			value, attributes, _ := strings.Cut(strings.TrimPrefix(given, FormCookie+"="), ";")
			bound = value
			for _, a := range []string{"path=/", "HttpOnly", "secure", "SameSite=Lax"} {
				if !strings.Contains(attributes, a) || strings.Contains(attributes, "max-age") || strings.Contains(attributes, "expires") {
					t.Errorf("%s: the cookie is %s", name, given)
				}
			}
		}
		if (given != "") != (tc.bound == "") || bound == "" || frame.FormToken != formToken(bound) || frame.FormToken == formToken(other) || frame.Me != nil || string(c.Response().Header.Peek(fiber.HeaderCacheControl)) != "no-store" {
			t.Errorf("%s: %+v, %s", name, frame, &c.Response().Header)
		}
		for sent, own := range map[string]bool{frame.FormToken: true, formToken(other): false, "": false} {
			body := func(r *fasthttp.Request) {
				r.Header.SetContentType(fiber.MIMEApplicationForm)
				r.SetBodyString(FormField + "=" + sent)
			}
			posted := requested(t, "POST", "/akun", withCookies(SessionCookie, tc.session, FormCookie, tc.form), body)
			if tc.bound == "" {
				posted = requested(t, "POST", "/akun", withCookies(FormCookie, bound), body)
			}
			if err := s.ownForm(posted); (err == nil) != own || err != nil && survey.CodeOf(err) != survey.Forbidden {
				t.Errorf("%s: a form is its own: %v", name, err)
			}
		}
		if err := s.ownForm(requested(t, "POST", "/akun", func(r *fasthttp.Request) {
			r.Header.SetContentType(fiber.MIMEApplicationForm)
			r.SetBodyString(FormField + "=" + formToken(""))
		})); err == nil {
			t.Errorf("%s: a form of no browser is its own", name)
		}
	}
}

func TestAFrameTellsWhoIsSignedIn(t *testing.T) {
	t.Parallel()
	pages, err := view.New()
	if err != nil {
		t.Fatal(err)
	}
	s := &Site{Settings: Settings{Directories: city(t, true)}, Pages: pages, Peers: &Peers{}}
	for desk, grants := range map[bool][]access.Grant{
		true: {
			{Role: access.Manager, Scope: access.Agency("dinkes")}, {Role: access.Officer, Scope: access.Unit("dinkes", "pkm")}, {Role: access.Manager, Scope: access.Agency("lain")},
		},
		false: nil,
	} {
		c := requested(t, "GET", "/akun?lang=en")
		c.Locals(admissionKey{}, &admission{access.Actor{Name: "Siti", Person: "siti", Grants: grants}, access.OwnAccount})
		frame := s.FormFrame(c, "own.title")
		want := ""
		if desk {
			want = "manager officer"
		}
		if frame.Me == nil || frame.Me.Name != "Siti" || frame.Me.Desk != desk || strings.Join(frame.Me.Roles, " ") != want || frame.Lang != "en" || frame.City != "Kota Contoh" || !frame.Demo || frame.Path != "/akun" {
			t.Errorf("%+v of %+v", frame.Me, frame)
		}
	}
}

// A parameter of the address comes before a form's field, which stands in for it where a form
// was posted.
func TestWhatIsAskedForStandsInTheAddressOrTheForm(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ method, address, body, want string }{
		{"GET", "/?lang=en", "", "en"}, {"GET", "/", "lang=en", ""}, {"POST", "/", "lang=en", "en"}, {"POST", "/?lang=id", "lang=en", "id"}, {"PUT", "/", "lang=en", ""}, {"POST", "/?lang=", "lang=en", "en"}, {"POST", "/", "", ""},
	} {
		c := requested(t, tc.method, tc.address, func(r *fasthttp.Request) {
			r.Header.SetContentType(fiber.MIMEApplicationForm)
			r.SetBodyString(tc.body)
		})
		if got := Asked(c, "lang"); got != tc.want {
			t.Errorf("%s %s with %q: %q", tc.method, tc.address, tc.body, got)
		}
	}
}

// Whoever is not signed in is led to the door and back; whoever is, reads what they lack.
func TestWhoIsNotSignedInIsLedToTheDoorAndBack(t *testing.T) {
	t.Parallel()
	refusal := survey.Errorf(survey.Forbidden, "no")
	for _, tc := range []struct{ method, address, want string }{
		{"GET", "/lke?sort=ipak", "/masuk?ke=%2Flke%3Fsort%3Dipak"},
		{"POST", "/lke", "/masuk?habis=1&ke=%2Flke"},
		{"GET", "/lke?lang=en", "/masuk?ke=%2Flke%3Flang%3Den&lang=en"},
	} {
		c := requested(t, tc.method, tc.address)
		err := toDoor(c, refusal)
		h := &c.Response().Header
		if err != nil || c.Response().StatusCode() != 303 || string(h.Peek(fiber.HeaderLocation)) != tc.want || string(h.Peek(fiber.HeaderCacheControl)) != "no-store" {
			t.Errorf("%s %s: %v, %s", tc.method, tc.address, err, h)
		}
		c.Locals(admissionKey{}, &admission{access.Actor{Name: "Siti", Person: "siti"}, access.ReadLKE})
		if err := toDoor(c, refusal); err != refusal { //nolint:errorlint // the very one
			t.Errorf("somebody who is signed in: %v", err)
		}
	}
	for want, actor := range map[survey.Code]access.Actor{survey.Unauthorized: access.Anybody(), survey.Forbidden: {Name: "kunci"}} {
		if err := (admission{actor, access.ReadLKE}).refusal(); survey.CodeOf(err) != want {
			t.Errorf("%+v is refused with %v", actor, err)
		}
	}
}
