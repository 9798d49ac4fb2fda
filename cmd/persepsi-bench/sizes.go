package main

import (
	"context"
	"errors"
	"fmt"
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
}

// at returns the one path of a page.
func at(path string) func(*place) []string { return func(*place) []string { return []string{path} } }

// figurePages are the pages that show figures.
func figurePages() []page {
	unit, city := []Target{{Figure: "p95", Most: 5}}, []Target{{Figure: "p95", Most: 50}}
	soon := []Target{{Figure: "ratio", Most: 3}, {Figure: "p95", Most: 15}}
	ok := status(fasthttp.StatusOK)
	each := func(format string) func(*place) []string {
		return func(p *place) []string {
			out := make([]string, p.city.Units)
			for u := range out {
				out[u] = fmt.Sprintf(format, unitCode(u))
			}
			return out
		}
	}
	whole := at("/api/v1/results?period=" + RunningPeriod)
	return []page{
		{"public result page of a unit, compressed", each("/hasil/%s"), browser, compressed, unit, soon},
		{"results of a unit", each("/api/v1/results?period=" + RunningPeriod + "&unit=%s"), "", ok, unit, soon},
		{"results of the city", whole, "", ok, city, nil},
		{"results of the city, compressed", whole, browser, compressed, city, soon},
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
		for _, g := range figurePages() {
			r.fault(visit(ctx, servers[i].addr, g.paths(p), g.encoding, g.check))
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
		r.tell("reading: round %d of %d done", round+1, r.Rounds)
	}
	return nil
}

func (r *Runner) readRound(ctx context.Context, places []*place, servers []*server, g page, clients int) error {
	var least *sample
	for i, p := range places {
		got, err := r.measure(ctx, servers[i], load{clients: clients, during: r.Duration / 4, client: gets(g.paths(p), g.encoding), check: g.check})
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
		row.Targets = append([]Target{{Figure: "ratio", Most: 1.5}}, row.Targets...)
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
