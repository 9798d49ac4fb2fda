package main

import (
	"context"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/valyala/fasthttp"
)

// settled is how long a server that has just started is left alone before its
// memory is read.
const settled = time.Second

// starts measures the time until a server is ready, and its memory then.
func (r *Runner) starts(ctx context.Context, places []*place) error {
	for range r.Rounds {
		for _, p := range places {
			err := with(func() (*server, error) { return r.serve(ctx, p) }, func(s *server) error {
				r.report.row(Row{What: "start until ready", Answers: p.answers, Unit: "s", Targets: []Target{{Figure: "value", Most: 2}}}).value(s.ready.Seconds())
				time.Sleep(settled)
				now, _, err := memory(s.cmd.Process.Pid)
				if err == nil && now > 0 {
					r.report.row(Row{What: "memory idle", Answers: p.answers, Unit: "MB"}).value(megabytes(now))
				}
				return err
			})
			if err != nil {
				return err
			}
		}
	}
	return nil
}

func megabytes(n int64) float64 { return float64(n) / 1e6 }

// page is something that is read.
type page struct {
	what     string
	paths    func(*place) []string
	encoding string
	check    func(*fasthttp.Response) string
	targets  []Target // of reading alone
	beside   []Target // while answers come in
	as       reader   // who is signed in
}

// client returns what the clients ask for who read the page.
func (g page) client(p *place) func(int) func(*fasthttp.Request) {
	return p.signed(g.as, gets(g.paths(p), g.encoding))
}

// visit asks for all of a page once.
func (g page) visit(ctx context.Context, addr string, p *place) *sample {
	return visit(ctx, addr, len(g.paths(p)), g.client(p), g.check)
}

// at returns the one path of a page.
func at(path string) func(*place) []string { return func(*place) []string { return []string{path} } }

// each returns a path for each of the first units, or of all where there are fewer.
func each(format string, most int) func(*place) []string {
	return func(p *place) []string {
		out := make([]string, min(p.city.Units, most))
		for u := range out {
			out[u] = fmt.Sprintf(format, unitCode(u))
		}
		return out
	}
}

// figurePages are the pages that show figures.
func figurePages() []page {
	unit, city := []Target{{Figure: "p95", Most: 5}}, []Target{{Figure: "p95", Most: 50}}
	soon := []Target{{Figure: "ratio", Most: 3}, {Figure: "p95", Most: 15}}
	ok := status(fasthttp.StatusOK)
	whole := at("/api/v1/results?period=" + RunningPeriod)
	return []page{
		{"public result page of a unit, compressed", each("/hasil/%s", math.MaxInt), browser, compressed, unit, soon, nobody},
		{"results of a unit", each("/api/v1/results?period="+RunningPeriod+"&unit=%s", math.MaxInt), "", ok, unit, soon, nobody},
		{"results of the city", whole, "", ok, city, nil, nobody},
		{"results of the city, compressed", whole, browser, compressed, city, soon, nobody},
	}
}

// readers are the numbers of clients that read.
func readers() []int { return []int{1, 8} }

// reading measures the pages of figures, all sizes beside each other: they
// take turns within a round, so that the machine's moods hit them alike. Before
// that, every store must have exactly the answers that it was made with.
func (r *Runner) reading(ctx context.Context, places []*place) (err error) {
	servers := make([]*server, 0, len(places))
	defer func() {
		for _, s := range servers {
			err = errors.Join(err, s.stop())
		}
	}()
	for _, p := range places {
		if err := r.signIn(ctx, p); err != nil {
			return err
		}
		s, err := r.serve(ctx, p)
		if err != nil {
			return err
		}
		servers = append(servers, s)
		n, err := stored(s.addr)
		if err != nil {
			return err
		}
		if n != p.answers {
			return fmt.Errorf("the store for %d answers holds %d, of an earlier run: remove it and measure again", p.answers, n)
		}
	}
	for i, p := range places {
		for _, g := range append(figurePages(), deskPages()...) {
			r.fault(g.visit(ctx, servers[i].addr, p))
		}
	}
	for round := range r.Rounds {
		for _, page := range figurePages() {
			for _, clients := range readers() {
				if err := r.readRound(ctx, places, servers, page, clients); err != nil {
					return err
				}
			}
		}
		for _, page := range deskPages() {
			if err := r.readRound(ctx, places, servers, page, 1); err != nil {
				return err
			}
		}
		r.tell("reading: round %d of %d done", round+1, r.Rounds)
	}
	return nil
}

func (r *Runner) readRound(ctx context.Context, places []*place, servers []*server, g page, clients int) error {
	var least *sample
	for i, p := range places {
		got, err := r.measure(ctx, servers[i], load{clients: clients, during: r.Duration / 4, client: g.client(p), check: g.check})
		if err != nil {
			return err
		}
		row := Row{What: g.what, Answers: p.answers, Clients: clients, Unit: "/s", Targets: g.targets}
		if i == 0 {
			r.report.row(row).alone(got)
			least = got
			continue
		}
		row.Of = "p95 at " + whole(places[0].answers)
		if g.as == nobody {
			row.Targets = append([]Target{{Figure: "ratio", Most: 1.5}}, row.Targets...)
		}
		r.report.row(row).asSoon(got, least)
	}
	return nil
}

// stored asks a service for the number of its answers.
func stored(addr string) (int64, error) {
	past, err := valid(addr, PastPeriod)
	if err != nil {
		return 0, err
	}
	running, err := valid(addr, RunningPeriod)
	return past + running, err
}
