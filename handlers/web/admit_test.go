package web

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/valyala/fasthttp"

	"persepsi/internal/access"
)

// office is some people, and who has a session.
type office struct {
	people   []access.Person
	sessions map[string]*access.Session
	away     error // of its sessions
	lost     error // of its people
}

func (o *office) People(context.Context) ([]access.Person, error) { return o.people, o.lost }

func (o *office) Session(_ context.Context, token string) (*access.Session, error) {
	return o.sessions[token], o.away
}

func (o *office) Peek(ctx context.Context, token string) (*access.Session, error) {
	return o.Session(ctx, token)
}

var noon = time.Date(2026, time.March, 2, 5, 0, 0, 0, time.UTC)

// staffed is an office of an evaluator with a session, and its token.
func staffed() (*office, string) {
	s, token := access.NewSession("siti", "", false, noon)
	siti := access.Person{ID: "siti", Email: "siti@kota.example", Name: "Siti", Grants: []access.Grant{{Role: access.Evaluator, Scope: access.City()}}}
	return &office{people: []access.Person{siti}, sessions: map[string]*access.Session{token: &s}}, token
}

// house is a site of an office.
func (o *office) house(t *testing.T, demo bool, hold ...access.Role) *Site {
	t.Helper()
	now := func() time.Time { return noon }
	s := &Site{Settings: Settings{Directories: city(t, demo), Sessions: o, PersonStore: o, SecondFactor: hold, Now: now}}
	s.People, s.uploads = newPeople(&s.Settings), &uploads{now: now, until: map[string]uploadPlace{}}
	return s
}

func TestASessionIsItsPersonsWhileBothAreOpen(t *testing.T) {
	t.Parallel()
	away := errors.New("away")
	for name, tc := range map[string]struct {
		change func(o *office, s *access.Session)
		read   bool // people were read before that
		demo   bool
		hold   []access.Role
		person string
		may    bool // write the sheet
		err    error
	}{
		"as it should be":         {change: func(*office, *access.Session) {}, person: "siti", may: true},
		"of nobody":               {change: func(_ *office, s *access.Session) { s.Person = "budi" }},
		"of a closed account":     {change: func(o *office, _ *access.Session) { o.people[0].Disabled = noon }},
		"before the code":         {change: func(o *office, _ *access.Session) { o.people[0].TOTP = &access.TOTP{Confirmed: noon} }},
		"after the code":          {change: func(o *office, s *access.Session) { o.people[0].TOTP, s.Second = &access.TOTP{Confirmed: noon}, true }, person: "siti", may: true},
		"before an app is set up": {change: func(o *office, _ *access.Session) { o.people[0].TOTP = &access.TOTP{} }, person: "siti", may: true},
		"of a role that waits":    {change: func(*office, *access.Session) {}, hold: []access.Role{access.Evaluator}, person: "siti"},
		"of a role that waited":   {change: func(_ *office, s *access.Session) { s.Second = true }, hold: []access.Role{access.Evaluator}, person: "siti", may: true},
		"of a demonstration":      {change: (*office).demonstrate, demo: true, person: access.DemoID(access.Evaluator), may: true},
		"of one that is over":     {change: (*office).demonstrate},
		"without sessions":        {change: func(o *office, _ *access.Session) { o.away = away }, err: away},
		"without people":          {change: func(o *office, _ *access.Session) { o.lost = away }, err: away},
		"of who was added now":    {change: func(o *office, s *access.Session) { o.people[0].ID, s.Person = "budi", "budi" }, read: true, person: "budi", may: true},
		"of somebody unknown":     {change: func(o *office, s *access.Session) { s.Person, o.lost = "budi", away }, read: true, err: away},
		"of who is remembered":    {change: func(o *office, _ *access.Session) { o.lost = away }, read: true, person: "siti", may: true},
	} {
		o, token := staffed()
		s := o.house(t, tc.demo, tc.hold...)
		if tc.read {
			if _, err := s.People.Watch(t.Context(), token); err != nil {
				t.Fatal(err)
			}
			o.people = slices.Clone(o.people) // what was read stays as it was
		}
		tc.change(o, o.sessions[token])
		who, err := s.People.Watch(t.Context(), token)
		if who.Person != tc.person || access.Somewhere(who, access.WriteLKE) != tc.may || !errors.Is(err, tc.err) {
			t.Errorf("%s: %+v, %v", name, who, err)
		}
		if none, err := s.People.Watch(t.Context(), "lain"); !none.Anonymous() || !errors.Is(err, o.away) {
			t.Errorf("%s: without a session it is %+v, %v", name, none, err)
		}
	}
}

// demonstrate makes the person one of a demonstration.
func (o *office) demonstrate(s *access.Session) {
	o.people[0].ID = access.DemoID(access.Evaluator)
	s.Person = o.people[0].ID
}

// Who lacks a right asks somebody who can sign in and grants rights in the whole city.
func TestAdministratorsAreThoseOfTheWholeCityWhoCanSignIn(t *testing.T) {
	t.Parallel()
	person := func(name, password string, role access.Role, on access.Scope) access.Person {
		return access.Person{ID: name, Name: name, Password: password, Grants: []access.Grant{{Role: role, Scope: on}}}
	}
	closed, later := person("ditutup", "x", access.Admin, access.City()), person("berakhir", "x", access.Admin, access.City())
	closed.Disabled, later.Grants[0].Until = noon, noon
	o := &office{people: []access.Person{
		person("siti", "x", access.Admin, access.City()), person("diundang", "", access.Admin, access.City()), person("dinas", "x", access.Admin, access.Agency("dinkes")),
		person("penilai", "x", access.Evaluator, access.City()), closed, later, person("budi", "x", access.Admin, access.City()),
	}}
	s := o.house(t, false)
	if got, err := s.People.Administrators(t.Context()); err != nil || !slices.Equal(got, []string{"siti", "budi"}) {
		t.Errorf("%q, %v", got, err)
	}
	o.lost = errors.New("away")
	if _, err := s.People.Administrators(t.Context()); !errors.Is(err, o.lost) {
		t.Errorf("without a store: %v", err)
	}
}

// A body beyond that of other requests is let in for whoever may send it there, one at a time.
func TestALargeBodyIsLetInOnlyWhereAndFromWhomItIsTaken(t *testing.T) {
	t.Parallel()
	const limit = 1 << 20
	type request struct {
		method, address, token string
		length                 int
	}
	for name, tc := range map[string]struct {
		change func(o *office, r *request)
		demo   bool
		want   bool
	}{
		"as it should be":               {func(*office, *request) {}, false, true},
		"with parameters":               {func(_ *office, r *request) { r.address += "?lang=id" }, false, true},
		"as large as may be":            {func(_ *office, r *request) { r.length = limit }, false, true},
		"larger":                        {func(_ *office, r *request) { r.length = limit + 1 }, false, false},
		"no larger than others":         {func(_ *office, r *request) { r.length = BodyLimit }, false, false},
		"by PUT":                        {func(_ *office, r *request) { r.method = "PUT" }, false, false},
		"elsewhere":                     {func(_ *office, r *request) { r.address = "/lain/pkm" }, false, false},
		"to its address in capitals":    {func(_ *office, r *request) { r.address = "/BUKTI/pkm" }, false, false},
		"to a longer address":           {func(_ *office, r *request) { r.address += "/lain" }, false, false},
		"to a demonstration":            {func(*office, *request) {}, true, false},
		"to what one takes as well":     {func(_ *office, r *request) { r.address = "/lembar/pkm" }, true, true},
		"without a session":             {func(_ *office, r *request) { r.token = "" }, false, false},
		"with what is no token":         {func(_ *office, r *request) { r.token = "x" }, false, false},
		"with another one's token":      {func(_ *office, r *request) { _, r.token = access.NewSession("budi", "", false, noon) }, false, false},
		"where sessions are away":       {func(o *office, _ *request) { o.away = errors.New("away") }, false, false},
		"of somebody without the right": {func(o *office, _ *request) { o.people[0].Grants[0].Role = access.Viewer }, false, false},
	} {
		o, token := staffed()
		r := request{"POST", "/bukti/pkm", token, BodyLimit + 1}
		tc.change(o, &r)
		s := o.house(t, tc.demo)
		s.FileForms = []FileForm{{Route: "/lembar/:unit", Limit: limit, Needs: access.WriteLKE, Demo: true}, {Route: "/bukti/:unit", Limit: limit, Needs: access.WriteLKE}}
		ask := func() fasthttp.RequestConfig {
			var h fasthttp.RequestHeader
			h.SetMethod(r.method)
			h.SetRequestURI(r.address)
			h.SetContentLength(r.length)
			h.SetCookie(SessionCookie, r.token)
			return s.Admit(&h)
		}
		want := fasthttp.RequestConfig{}
		if tc.want {
			want = fasthttp.RequestConfig{MaxRequestBodySize: limit, ReadTimeout: uploadWithin}
		}
		if got := ask(); got != want {
			t.Errorf("%s: %+v", name, got)
		}
		if got := ask(); got != (fasthttp.RequestConfig{}) {
			t.Errorf("%s: a second one at once: %+v", name, got)
		}
		if !tc.want {
			continue
		}
		for _, length := range []int{BodyLimit, BodyLimit + 1} {
			s.uploaded(requested(t, r.method, r.address, func(q *fasthttp.Request) {
				q.Header.SetCookie(SessionCookie, token)
				q.SetBody(make([]byte, length))
			}))
			if free := len(s.uploads.until) == 0; free != (length > BodyLimit) {
				t.Errorf("%s: after %d bytes its place is free: %v", name, length, free)
			}
		}
	}
}
