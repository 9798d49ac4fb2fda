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

// working measures stores at work: answers come in, figures are read, then all
// is recounted and exported. The embedded store is copied before, so that it
// stays what it was.
func (r *Runner) working(ctx context.Context, places []*place) error {
	for _, p := range places {
		if err := r.workingOn(ctx, p); err != nil {
			return err
		}
		r.tell("answers-%d: work done", p.answers)
	}
	return nil
}

func (r *Runner) workingOn(ctx context.Context, original *place) error {
	p := *original
	dir, remove, err := r.scratch()
	if err != nil {
		return err
	}
	defer remove()
	if r.MongoDB == "" {
		p.data = filepath.Join(dir, "store")
		if err := copied(p.data, original.data); err != nil {
			return fmt.Errorf("copy the store: %w", err)
		}
	}
	if err := r.signIn(ctx, &p); err != nil {
		return err
	}
	bodies, err := submissions(p.city, p.directory, r.Now)
	if err != nil {
		return err
	}
	total := int64(0)
	for range r.Rounds {
		fsync, err := r.fsync(ctx, bodies, filepath.Join(dir, "fsync.jsonl"))
		if err != nil {
			return err
		}
		err = with(func() (*server, error) { return r.serve(ctx, &p) }, func(s *server) (err error) {
			if err = r.submitting(ctx, s, &p, bodies, fsync); err != nil {
				return err
			}
			if err = r.mixed(ctx, s, &p, bodies, "figures", figurePages(), readRate); err != nil {
				return err
			}
			if err = r.mostMemory(s, &p, "memory under load, at most", Target{Figure: "value", Most: 140}); err != nil {
				return err
			}
			if err = r.mixed(ctx, s, &p, bodies, "desks", deskPages(), deskRate); err != nil {
				return err
			}
			if err = r.mostMemory(s, &p, "memory, desks being read too, at most"); err != nil {
				return err
			}
			total, err = stored(s.addr)
			return err
		})
		if err != nil {
			return err
		}
	}
	for round := range r.Rounds {
		if err := r.recount(ctx, &p, total, round == 0); err != nil {
			return err
		}
		if err := r.export(ctx, &p, total, round == 0); err != nil {
			return err
		}
	}
	return nil
}

// mostMemory notes the most memory that a server had since its start.
func (r *Runner) mostMemory(s *server, p *place, what string, targets ...Target) error {
	_, peak, err := memory(s.cmd.Process.Pid)
	if err == nil && peak > 0 {
		r.report.row(Row{What: what, Answers: p.answers, Unit: "MB", Targets: targets}).value(megabytes(peak))
	}
	return err
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
		if f.IsDir() { // what is made there is sent and gone
			continue
		}
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

// readRate is how often a second each page is asked for while answers come in:
// often enough for a p95, seldom enough that the readers don't wait for each
// other instead of for the writers.
const readRate = 20

// deskRate is how often a second each page of a desk is asked for while answers come in.
const deskRate = 5

// mixed sends answers at a steady rate while pages are read, each so many times a second,
// with /healthz, which reads nothing, as the reference: what a request waits for that
// only wants a turn. what says what is read.
func (r *Runner) mixed(ctx context.Context, s *server, p *place, bodies []submission, what string, pages []page, rate int) error {
	reads := append([]page{{what: "/healthz", paths: at("/healthz"), check: status(fasthttp.StatusOK)}}, pages...)
	for _, g := range reads {
		r.fault(g.visit(ctx, s.addr, p))
	}
	loads := []load{{clients: r.Clients, rate: r.Writes, client: posts(bodies, "", timedID), check: status(fasthttp.StatusCreated)}}
	for i, g := range reads {
		own := rate
		if i == 0 {
			own = readRate
		}
		loads = append(loads, load{clients: 1, rate: own, client: g.client(p), check: g.check})
	}
	got := make([]*sample, len(loads))
	err := r.accounted(ctx, s, "answers coming in to "+whole(p.answers)+", "+what+" being read", func() (int64, error) {
		var wg sync.WaitGroup
		for i, l := range loads {
			l.addr, l.warmUp, l.during = s.addr, r.Duration/5, r.Duration
			wg.Go(func() { got[i] = l.run(ctx) })
		}
		wg.Wait()
		return got[0].right, ctx.Err()
	})
	if err != nil {
		return err
	}
	for _, s := range got {
		r.fault(s)
	}
	// What readers waited is worth nothing where fewer answers came in.
	writes := Target{Figure: "value", Least: 0.98 * float64(r.Writes)}
	r.report.row(Row{What: "answers coming in, " + what + " being read", Answers: p.answers, Clients: r.Clients, Unit: "/s", Targets: []Target{writes}}).alone(got[0])
	healthz := got[1]
	r.report.row(Row{What: "/healthz, answers coming in and " + what + " being read", Answers: p.answers, Clients: 1, Unit: "/s"}).alone(healthz)
	for i, g := range reads[1:] {
		row := Row{What: g.what + ", answers coming in", Answers: p.answers, Clients: 1, Unit: "/s", Of: "p95 of /healthz", Targets: g.beside}
		r.report.row(row).asSoon(got[2+i], healthz)
	}
	return nil
}

var (
	recounted = regexp.MustCompile(`^(\d+) responses .* (\d+) tallies differed`)
	verified  = regexp.MustCompile(`(?m)^(\d+) releases verified`)
)

func (r *Runner) recount(ctx context.Context, p *place, total int64, first bool) error {
	done, err := r.program.run(ctx, p.env(), true, "recount", "--data", p.data)
	if err != nil {
		return err
	}
	m := recounted.FindStringSubmatch(done.stdout)
	if m == nil {
		return fmt.Errorf("recount said %q", done.stdout)
	}
	n, _ := strconv.ParseInt(m[1], 10, 64)
	r.tally("recount", p, total, n, first)
	if m[2] != "0" {
		r.report.Faults["tally that differed from its recount"]++
	}
	row := Row{What: "recount", Answers: p.answers, Unit: "answers/s"}
	if r.MongoDB == "" && r.biggest(p) {
		row.Targets = []Target{{Figure: "value", Least: 1_500_000}}
	}
	// It says how many answers it counted before it looks at the releases.
	r.report.row(row).value(float64(n) / done.spoke.Seconds())
	if m = verified.FindStringSubmatch(done.stdout); m != nil {
		releases, _ := strconv.ParseInt(m[1], 10, 64)
		r.report.row(Row{What: "releases verified after the recount", Answers: p.answers, Unit: "/s"}).value(float64(releases) / (done.took - done.spoke).Seconds())
	}
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
		m := exported.FindStringSubmatch(done.stderr)
		if m == nil {
			return fmt.Errorf("export said %q", done.stderr)
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
