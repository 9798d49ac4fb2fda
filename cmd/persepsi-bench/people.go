package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/valyala/fasthttp"

	"persepsi/internal/access"
)

// reader is who reads a page.
type reader string

// The readers.
const (
	nobody    reader = ""          // who is not signed in
	manager   reader = "manager"   // of the first agency
	evaluator reader = "evaluator" // of the whole city
)

// signedIn adds people to a store, one for each grant, and returns their cookies.
func (c *common) signedIn(ctx context.Context, grants ...access.Grant) (cookies []string, err error) {
	library, _, err := rules()
	if err != nil {
		return nil, err
	}
	s, err := c.open(ctx, library)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	now := time.Now().UTC().Truncate(time.Millisecond)
	for i, g := range grants {
		p, err := access.NewPerson(fmt.Sprintf("meja-%d-%d@ukur.example", now.UnixMilli(), i), "Meja", []access.Grant{g}, now)
		if err != nil {
			return nil, err
		}
		session, token := access.NewSession(p.ID, "persepsi-bench", true, now)
		if err := errors.Join(s.RecordPerson(ctx, p), s.AddSession(ctx, session)); err != nil {
			return nil, err
		}
		cookies = append(cookies, "persepsi_session="+token)
	}
	return cookies, nil
}

// signIn adds the readers of desks to a place.
func (r *Runner) signIn(ctx context.Context, p *place) error {
	agency := p.directory.Catalogue().Agencies[0].Key()
	cookies, err := r.SignIn(ctx, p.data, p.mongodb,
		access.Grant{Role: access.Manager, Scope: access.Agency(agency)}, access.Grant{Role: access.Evaluator, Scope: access.City()})
	if err != nil {
		return fmt.Errorf("sign people in: %w", err)
	}
	p.cookies = map[reader]string{manager: cookies[0], evaluator: cookies[1]}
	return nil
}

// signed sends a reader's cookie with requests.
func (p *place) signed(as reader, client func(int) func(*fasthttp.Request)) func(int) func(*fasthttp.Request) {
	if as == nobody {
		return client
	}
	return func(i int) func(*fasthttp.Request) {
		next := client(i)
		return func(r *fasthttp.Request) {
			next(r)
			r.Header.DelAllCookies() // Set adds to those of the request before
			r.Header.Set(fasthttp.HeaderCookie, p.cookies[as])
		}
	}
}

// deskPages are the pages of signed-in people, and what anybody sees of an agency
// and the city beside its figures. A manager's are of the agency that is theirs, an evaluator's of all units in
// turn: more than the service keeps at once.
func deskPages() []page {
	alone := []Target{{Figure: "p95", Most: 50}}
	beside := []Target{{Figure: "ratio", Most: 3, Or: &alone[0]}}
	var out []page
	add := func(what string, as reader, paths func(*place) []string) {
		out = append(out, page{what, paths, browser, compressed, alone, beside, as})
	}
	for _, as := range []reader{manager, evaluator} {
		most := unitsPerAgency
		if as == evaluator {
			most *= 10
		}
		add(string(as)+": /meja", as, at("/meja"))
		add(string(as)+": /meja/unit/{unit}", as, each("/meja/unit/%s", most))
		add(string(as)+": /meja/unit/{unit}/rincian", as, each("/meja/unit/%s/rincian", most))
		add(string(as)+": /meja/unit/{unit}/sampel", as, each("/meja/unit/%s/sampel", most))
		add(string(as)+": /meja/komentar", as, at("/meja/komentar"))
		add(string(as)+": /meja/opd/{agency}", as, func(p *place) []string {
			if as == manager {
				return []string{"/meja/opd/" + p.directory.Catalogue().Agencies[0].Code}
			}
			return agencies("/meja/opd/")(p)
		})
	}
	add("evaluator: /meja/kota", evaluator, at("/meja/kota"))
	add("evaluator: /meja/banding", evaluator, func(p *place) []string {
		return []string{"/meja/banding?unit=" + unitCode(0) + "&unit=" + unitCode(p.city.Units-1)}
	})
	add("evaluator: /lke", evaluator, at("/lke?period="+RunningPeriod))
	add("evaluator: /lke/kesiapan", evaluator, at("/lke/kesiapan?period="+RunningPeriod))
	add("anybody: the city's results with explanations", nobody, at("/api/v1/results?explain=true&period="+RunningPeriod))
	add("anybody: /hasil", nobody, at("/hasil"))
	add("anybody: /hasil/opd/{agency}", nobody, agencies("/hasil/opd/"))
	return out
}

// agencies returns a path for each agency.
func agencies(before string) func(*place) []string {
	return func(p *place) []string {
		var out []string
		for i := range p.directory.Catalogue().Agencies {
			out = append(out, before+p.directory.Catalogue().Agencies[i].Code)
		}
		return out
	}
}
