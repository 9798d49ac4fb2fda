package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"

	"persepsi/internal/access"
)

// jobsCommand measures what long work costs the citizens: how long durable submissions take
// that come at a steady rate, and the processor time of the service meanwhile, without a job
// and beside one that makes every report of the city, in turns.
type jobsCommand struct {
	Program string        `help:"The product (${default})." default:"./persepsi" placeholder:"FILE"`
	Clients int           `help:"How many clients send answers (${default})." default:"64"`
	Rate    int           `help:"How many answers they send a second, all together (${default})." default:"4000"`
	Rounds  int           `help:"How often (${default})." default:"3"`
	During  time.Duration `help:"How long a measurement takes (${default})." default:"12s"`
	Period  string        `help:"The period whose reports are made (${default}: the first that the form offers)." placeholder:"P"`
	Seed    uint64        `help:"That of the city (${default})." default:"1"`
}

var (
	jobToken  = regexp.MustCompile(`name="_csrf" value="([^"]+)"`)
	jobPeriod = regexp.MustCompile(`<option value="([^"]+)"`)
	jobID     = regexp.MustCompile(`name="id" value="([^"]+)"`)
	jobCount  = regexp.MustCompile(`([0-9.]+) dari ([0-9.]+) unit selesai`)
)

// Run measures on a copy of a city that generate made: --data. It adds somebody to it.
func (c *jobsCommand) Run(ctx context.Context, of *common) error {
	cookies, err := of.signedIn(ctx, access.Grant{Role: access.Evaluator, Scope: access.City()})
	if err != nil {
		return err
	}
	return intakeLoad{c.Program, c.Clients, c.Rate, c.During, c.Seed}.measure(ctx, of, func(s *server, intake func() *sample) error {
		b := &jobBrowser{addr: s.addr, cookie: cookies[0]}
		fmt.Println("| round | long work | answers/s | p50 | p99 | ratio of p99 | of one processor | more | reports |")
		fmt.Println("|---|---|---|---|---|---|---|---|---|")
		for round := range c.Rounds {
			bare := intake()
			if err := b.ask(ctx, c.Period); err != nil {
				return err
			}
			before, err := b.done(ctx)
			if err != nil {
				return err
			}
			beside := intake()
			after, err := b.done(ctx)
			if err != nil {
				return err
			}
			if err := b.end(ctx); err != nil {
				return err
			}
			for _, one := range []struct {
				name string
				got  *sample
				made int
			}{{"none", bare, 0}, {"all reports", beside, after - before}} {
				fmt.Printf("| %d | %s | %.0f | %s | %s | %.2f | %.1f %% | %.1f %% | %d |\n", round+1, one.name, one.got.rate(),
					one.got.latency.percentile(50).Round(time.Millisecond/100), one.got.latency.percentile(99).Round(time.Millisecond/10),
					float64(one.got.latency.percentile(99))/float64(bare.latency.percentile(99)), one.got.ofProcessor(), one.got.ofProcessor()-bare.ofProcessor(), one.made)
			}
		}
		return ctx.Err()
	})
}

// jobBrowser asks for long work as somebody who is signed in.
type jobBrowser struct {
	addr, cookie string
	form         string // the cookie that forms are bound to
}

func (b *jobBrowser) get(ctx context.Context, method, path string, form url.Values) (string, error) {
	r, err := http.NewRequestWithContext(ctx, method, "http://"+b.addr+path, strings.NewReader(form.Encode()))
	if err != nil {
		return "", err
	}
	r.Header.Set("Cookie", strings.TrimSuffix(b.cookie+"; "+b.form, "; "))
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	reply, err := client.Do(r)
	if err != nil {
		return "", err
	}
	defer reply.Body.Close()
	for _, one := range reply.Cookies() {
		b.form = one.Name + "=" + one.Value
	}
	body, err := io.ReadAll(reply.Body)
	if want := map[string]int{http.MethodGet: http.StatusOK, http.MethodPost: http.StatusSeeOther}[method]; err == nil && reply.StatusCode != want {
		return "", fmt.Errorf("%s %s: %d", method, path, reply.StatusCode)
	}
	return string(body), err
}

func found(in *regexp.Regexp, page, what string) (string, error) {
	m := in.FindStringSubmatch(page)
	if m == nil {
		return "", fmt.Errorf("the page of long work has no %s", what)
	}
	return m[1], nil
}

// ask asks for every report of the city.
func (b *jobBrowser) ask(ctx context.Context, period string) error {
	const path = "/meja/pekerjaan/baru?lang=id"
	page, err := b.get(ctx, http.MethodGet, path, nil)
	if err != nil {
		return err
	}
	token, err := found(jobToken, page, "token")
	if err != nil {
		return err
	}
	if period == "" {
		if period, err = found(jobPeriod, page, "period"); err != nil {
			return err
		}
	}
	_, err = b.get(ctx, http.MethodPost, path, url.Values{"_csrf": {token}, "period": {period}, "jenis": {"skm"}, "format": {"pdf"}})
	return err
}

// done returns how many reports the job has made; 0 while it waits.
func (b *jobBrowser) done(ctx context.Context) (n int, err error) {
	page, err := b.get(ctx, http.MethodGet, "/meja/pekerjaan?lang=id", nil)
	if err != nil {
		return 0, err
	}
	if m := jobCount.FindStringSubmatch(page); m != nil {
		_, err = fmt.Sscan(strings.ReplaceAll(m[1], ".", ""), &n)
	}
	return n, err
}

// end cancels the job.
func (b *jobBrowser) end(ctx context.Context) error {
	page, err := b.get(ctx, http.MethodGet, "/meja/pekerjaan?lang=id", nil)
	if err != nil {
		return err
	}
	token, err := found(jobToken, page, "token")
	if err != nil {
		return err
	}
	id, err := found(jobID, page, "job")
	if err != nil {
		return err
	}
	for range 2 { // it is cancelled, then forgotten
		if _, err = b.get(ctx, http.MethodPost, "/meja/pekerjaan/hapus?lang=id", url.Values{"_csrf": {token}, "id": {id}}); err != nil {
			return err
		}
	}
	return nil
}
