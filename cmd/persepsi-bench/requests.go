package main

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/valyala/fasthttp"
)

// pages measures the citizen's page over the smallest store, round by round
// beside hello, each process alone on the machine with the client.
func (r *Runner) pages(ctx context.Context, places []*place) error {
	for round := range r.Rounds {
		if err := r.pageRound(ctx, places[0]); err != nil {
			return err
		}
		r.tell("citizen's page: round %d of %d done", round+1, r.Rounds)
	}
	return nil
}

func (r *Runner) pageRound(ctx context.Context, p *place) error {
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
		paths := pagesOf(p)
		r.fault(visit(ctx, s.addr, len(paths), gets(paths, browser), compressed))
		page, err = r.measure(ctx, s, load{client: gets(paths, browser), check: compressed})
		return err
	})
	if err != nil {
		return err
	}
	r.report.row(Row{What: "hello: bare Fiber GET", Clients: r.Clients, Unit: "/s"}).alone(hello)
	r.report.row(Row{
		What: "citizen's page, compressed", Clients: r.Clients, Unit: "/s", Of: "hello", Targets: []Target{{Figure: "ratio", Least: 0.7}},
	}).asFast(page, hello)
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

// fsync is one round of the reference of a submission.
func (r *Runner) fsync(ctx context.Context, bodies []submission, file string) (got *sample, err error) {
	err = with(func() (*server, error) {
		return r.self.start(ctx, nil, "reference", "fsync", "--addr", "127.0.0.1:0", "--out", file)
	}, func(s *server) (err error) {
		got, err = r.measure(ctx, s, load{client: posts(bodies, "/", timedID), check: status(fasthttp.StatusCreated)})
		return err
	})
	if err == nil {
		r.report.row(Row{What: "fsync: bare Fiber POST", Clients: r.Clients, Unit: "/s"}).alone(got)
	}
	return got, err
}

// submitting is one round of submissions, as many as the clients can send.
// UUIDv7 goes into every store; UUIDv4, which is spread over the whole index of
// ids, only where that is large.
func (r *Runner) submitting(ctx context.Context, s *server, p *place, bodies []submission, fsync *sample) error {
	kinds := []struct {
		what  string
		newID func(a, b uint64) uuid.UUID
		least float64
	}{{"durable submissions, UUIDv7", timedID, 0.9}, {"durable submissions, UUIDv4", randomID, 0.75}}
	if r.MongoDB != "" || !r.biggest(p) {
		kinds = kinds[:1]
	}
	for _, k := range kinds {
		var got *sample
		err := r.accounted(ctx, s, k.what+" into "+whole(p.answers), func() (acknowledged int64, err error) {
			got, err = r.measure(ctx, s, load{client: posts(bodies, "", k.newID), check: status(fasthttp.StatusCreated)})
			return got.right, err
		})
		if err != nil {
			return err
		}
		row := Row{What: k.what, Answers: p.answers, Clients: r.Clients, Unit: "/s", Of: "fsync", Targets: []Target{{Figure: "ratio", Least: k.least}, {Figure: "tail", Most: 2}}}
		if r.MongoDB != "" { // its ratio is to raw inserts: see BenchmarkAppend
			row.Targets = []Target{{Figure: "value", Least: 5000}, {Figure: "p99", Most: 100}}
		}
		r.report.row(row).asFast(got, fsync)
	}
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
