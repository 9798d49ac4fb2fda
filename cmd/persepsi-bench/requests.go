package main

import (
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"time"

	"github.com/valyala/fasthttp"
)

// requests measures the citizen's page and the submission, round by round
// beside their references, each process alone on the machine with the client.
func (r *Runner) requests(ctx context.Context) error {
	// A store of its own, for it grows with every run.
	p, err := r.generate(ctx, "requests", r.Answers[0])
	if err != nil {
		return err
	}
	bodies, err := submissions(p.city, p.directory, r.Now)
	if err != nil {
		return err
	}
	dir, remove, err := r.scratch()
	if err != nil {
		return err
	}
	defer remove()
	for round := range r.Rounds {
		if err := r.pages(ctx, p); err != nil {
			return err
		}
		if err := r.stores(ctx, p, bodies, filepath.Join(dir, "fsync.jsonl")); err != nil {
			return err
		}
		r.tell("requests: round %d of %d done", round+1, r.Rounds)
	}
	return nil
}

// pages is one round of hello and the citizen's page.
func (r *Runner) pages(ctx context.Context, p *place) error {
	var hello, page *sample
	err := with(func() (*server, error) {
		return r.self.start(ctx, nil, "reference", "hello", "--addr", "127.0.0.1:0")
	}, func(s *server) (err error) {
		hello, err = r.measure(ctx, s, load{client: gets([]string{"/"}, browser), check: status(fasthttp.StatusOK)})
		return err
	})
	if err != nil {
		return err
	}
	err = with(func() (*server, error) { return r.serve(ctx, p) }, func(s *server) (err error) {
		r.fault(visit(ctx, s.addr, pagesOf(p), browser, compressed))
		page, err = r.measure(ctx, s, load{client: gets(pagesOf(p), browser), check: compressed})
		return err
	})
	if err != nil {
		return err
	}
	r.report.row(Row{What: "hello: bare Fiber GET", Clients: r.Clients, Unit: "/s"}).add(hello, 0)
	r.report.row(Row{
		What: "citizen's page, compressed", Clients: r.Clients, Unit: "/s", Of: "hello", Targets: []Target{{Figure: "ratio", Least: 0.4}},
	}).add(page, ratio(page.rate(), hello.rate()))
	return nil
}

func pagesOf(p *place) []string {
	var out []string
	for _, a := range p.directory.Catalogue().Agencies {
		for _, u := range a.Units {
			for _, point := range u.Points {
				out = append(out, "/s/"+point.Code)
			}
		}
	}
	return out
}

// stores is one round of fsync and durable submissions.
func (r *Runner) stores(ctx context.Context, p *place, bodies []submission, file string) error {
	var fsync, submit *sample
	err := with(func() (*server, error) {
		return r.self.start(ctx, nil, "reference", "fsync", "--addr", "127.0.0.1:0", "--out", file)
	}, func(s *server) (err error) {
		fsync, err = r.measure(ctx, s, load{client: posts(bodies, "/"), check: status(fasthttp.StatusCreated)})
		return err
	})
	if err != nil {
		return err
	}
	err = with(func() (*server, error) { return r.serve(ctx, p) }, func(s *server) error {
		return r.accounted(ctx, s, "submissions", func() (acknowledged int64, err error) {
			submit, err = r.measure(ctx, s, load{client: posts(bodies, ""), check: status(fasthttp.StatusCreated)})
			return submit.right, err
		})
	})
	if err != nil {
		return err
	}
	r.report.row(Row{What: "fsync: bare Fiber POST", Clients: r.Clients, Unit: "/s"}).add(fsync, 0)
	row := Row{What: "durable submissions", Clients: r.Clients, Unit: "/s", Of: "fsync", Targets: []Target{{Figure: "ratio", Least: 0.75}, {Figure: "p99", Most: 15}}}
	if r.MongoDB != "" { // its ratio is to raw inserts: see BenchmarkAppend
		row.Targets = []Target{{Figure: "p99", Most: 100}}
	}
	r.report.row(row).add(submit, ratio(submit.rate(), fsync.rate()))
	return nil
}

// accounted runs fn, which stores answers, and compares what was acknowledged
// with what the service counts before and after.
func (r *Runner) accounted(ctx context.Context, s *server, what string, fn func() (acknowledged int64, err error)) error {
	a := Account{What: what}
	var err error
	if a.Before, err = valid(s.addr, RunningPeriod); err != nil {
		return err
	}
	if a.Acknowledged, err = fn(); err != nil {
		return err
	}
	// Figures come within two seconds; a machine at its limit may need longer.
	for range 100 {
		if a.Stored, err = valid(s.addr, RunningPeriod); err != nil {
			return err
		}
		if a.right() || ctx.Err() != nil {
			break
		}
		time.Sleep(200 * time.Millisecond)
	}
	r.report.Accounts = append(r.report.Accounts, a)
	return ctx.Err()
}

// valid asks a service for the number of answers of a period.
func valid(addr, period string) (int64, error) {
	status, body, err := fasthttp.GetTimeout(nil, "http://"+addr+"/api/v1/results?period="+period, replyWithin)
	if err != nil || status != fasthttp.StatusOK {
		return 0, fmt.Errorf("ask for the results: status %d, %w", status, err)
	}
	var results struct {
		City struct {
			Responses struct {
				Valid int64 `json:"valid"`
			} `json:"responses"`
		} `json:"city"`
	}
	if err := json.Unmarshal(body, &results); err != nil {
		return 0, fmt.Errorf("read the results: %w", err)
	}
	return results.City.Responses.Valid, nil
}
