package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"sync"
	"time"

	"github.com/valyala/fasthttp"
)

// working measures a store at work: memory while answers come in and figures
// are read, then recount and export of all that is there. The embedded store
// is copied before, so that it stays what it was.
func (r *Runner) working(ctx context.Context, original *place) error {
	p := *original
	dir, remove, err := r.scratch()
	if err != nil {
		return err
	}
	defer remove()
	p.data = dir
	if r.MongoDB == "" {
		if err := copied(dir, original.data); err != nil {
			return fmt.Errorf("copy the store: %w", err)
		}
	}
	bodies, err := submissions(p.city, p.directory, r.Now)
	if err != nil {
		return err
	}
	total := int64(0)
	err = with(func() (*server, error) { return r.serve(ctx, &p) }, func(s *server) error {
		what := "submissions into " + whole(p.answers)
		if err := r.accounted(ctx, s, what, func() (int64, error) { return r.busy(ctx, s, &p, bodies) }); err != nil {
			return err
		}
		_, peak, err := memory(s.cmd.Process.Pid)
		if err != nil {
			return err
		}
		if peak > 0 {
			r.report.row(Row{What: "memory under load, at most", Answers: p.answers, Unit: "MB", Targets: []Target{{Figure: "value", Most: 150}}}).value(megabytes(peak))
		}
		total, err = stored(s.addr)
		return err
	})
	if err != nil {
		return err
	}
	for round := range r.Rounds {
		if err := r.recount(ctx, &p, total, round == 0); err != nil {
			return err
		}
		if err := r.export(ctx, &p, total, round == 0); err != nil {
			return err
		}
	}
	r.tell("answers-%d: work done", p.answers)
	return nil
}

// copied copies a directory of files, and waits until the copy is on the disk:
// else the system would write it while something is measured.
func copied(to, from string) error {
	if err := os.CopyFS(to, os.DirFS(from)); err != nil {
		return err
	}
	files, err := os.ReadDir(to)
	if err != nil {
		return err
	}
	for _, f := range files {
		file, err := os.OpenFile(filepath.Join(to, f.Name()), os.O_RDWR, 0)
		if err != nil {
			return err
		}
		if err := errors.Join(file.Sync(), file.Close()); err != nil {
			return err
		}
	}
	return nil
}

// biggest reports whether a store is the one that targets of throughput are
// meant for: with few answers, the start of the process is most of the time.
func (r *Runner) biggest(p *place) bool { return p.answers == r.Answers[len(r.Answers)-1] }

// tally notes an account of all answers: once where it is right, and always
// where it isn't.
func (r *Runner) tally(what string, p *place, total, found int64, first bool) {
	a := Account{What: what + " of " + whole(p.answers) + " and those", Before: total, Stored: found}
	if first || !a.right() {
		r.report.Accounts = append(r.report.Accounts, a)
	}
}

// busy sends answers and reads figures at once, and gives the number of
// answers that were acknowledged.
func (r *Runner) busy(ctx context.Context, s *server, p *place, bodies []submission) (int64, error) {
	run := func(l load) *sample {
		l.addr, l.warmUp, l.during = s.addr, r.Duration/5, r.Duration
		return l.run(ctx)
	}
	pages := figurePages()
	read := make([]*sample, len(pages))
	var sent *sample
	var wg sync.WaitGroup
	wg.Go(func() {
		sent = run(load{clients: r.Clients, client: posts(bodies, ""), check: status(fasthttp.StatusCreated)})
	})
	for i, g := range pages {
		wg.Go(func() { read[i] = run(load{clients: 1, client: gets(g.paths(p), g.encoding), check: g.check}) })
	}
	wg.Wait()
	r.fault(sent)
	r.report.row(Row{What: "durable submissions, figures being read", Answers: p.answers, Clients: r.Clients, Unit: "/s"}).add(sent, 0)
	for i, g := range pages {
		r.fault(read[i])
		r.report.row(Row{What: g.what + ", answers coming in", Answers: p.answers, Clients: 1, Unit: "/s"}).add(read[i], 0)
	}
	return sent.right, ctx.Err()
}

var recounted = regexp.MustCompile(`^(\d+) responses .* (\d+) tallies differed`)

func (r *Runner) recount(ctx context.Context, p *place, total int64, first bool) error {
	done, err := r.program.run(ctx, p.env(), true, "recount", "--data", p.data)
	if err != nil {
		return err
	}
	m := recounted.FindStringSubmatch(done.out)
	if m == nil {
		return fmt.Errorf("recount said %q", done.out)
	}
	n, _ := strconv.ParseInt(m[1], 10, 64)
	r.tally("recount", p, total, n, first)
	if m[2] != "0" {
		r.report.Faults["tally that differed from its recount"]++
	}
	row := Row{What: "recount", Answers: p.answers, Unit: "answers/s"}
	if r.MongoDB == "" && r.biggest(p) {
		row.Targets = []Target{{Figure: "value", Least: 1_000_000}}
	}
	r.report.row(row).value(float64(n) / done.took.Seconds())
	return nil
}

var exported = regexp.MustCompile(`(\d+) rows`)

func (r *Runner) export(ctx context.Context, p *place, total int64, first bool) error {
	rows, took, peak := int64(0), time.Duration(0), int64(0)
	for _, period := range []string{PastPeriod, RunningPeriod} {
		done, err := r.program.run(ctx, p.env(), false, "export", "--data", p.data, "--period", period, "--format", "csv")
		if err != nil {
			return err
		}
		m := exported.FindStringSubmatch(done.said)
		if m == nil {
			return fmt.Errorf("export said %q", done.said)
		}
		n, _ := strconv.ParseInt(m[1], 10, 64)
		rows, took, peak = rows+n, took+done.took, max(peak, done.peak)
	}
	r.tally("export", p, total, rows, first)
	row := Row{What: "export as CSV", Answers: p.answers, Unit: "rows/s"}
	if r.MongoDB == "" && r.biggest(p) {
		row.Targets = []Target{{Figure: "value", Least: 300_000}}
	}
	r.report.row(row).value(float64(rows) / took.Seconds())
	if peak > 0 {
		r.report.row(Row{What: "export as CSV, memory at most", Answers: p.answers, Unit: "MB", Targets: []Target{{Figure: "value", Most: 100}}}).value(megabytes(peak))
	}
	return nil
}
