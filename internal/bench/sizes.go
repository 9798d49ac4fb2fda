package bench

import (
	"context"
	"errors"
	"fmt"
	"os"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/valyala/fasthttp"
)

// sizes measures what must not grow with the number of stored answers: the
// sizes take turns within a round, so that the machine's moods hit them alike.
func (r *Runner) sizes(ctx context.Context) error {
	places := make([]*place, len(r.Answers))
	for i, n := range r.Answers {
		var err error
		if places[i], err = r.generate(ctx, "answers-"+strconv.FormatInt(n, 10), n); err != nil {
			return err
		}
	}
	if err := r.starts(ctx, places); err != nil {
		return err
	}
	if err := r.reading(ctx, places); err != nil {
		return err
	}
	for _, p := range places {
		if err := r.working(ctx, p); err != nil {
			return err
		}
	}
	return nil
}

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

// value adds a round of a single figure.
func (r *Row) value(v float64) { r.Rounds = append(r.Rounds, Round{Value: v}) }

func megabytes(n int64) float64 { return float64(n) / 1e6 }

// page is something that is read.
type page struct {
	what     string
	paths    func(*place) []string
	encoding string
	check    func(*fasthttp.Response) string
	targets  []Target
}

func figurePages() []page {
	const unit, city = 5, 50 // ms, of p95
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
	whole := func(*place) []string { return []string{"/api/v1/results?period=" + RunningPeriod} }
	return []page{
		{"public result page of a unit, compressed", each("/hasil/%s"), browser, compressed, []Target{{Figure: "p95", Most: unit}}},
		{"results of a unit", each("/api/v1/results?period=" + RunningPeriod + "&unit=%s"), "", ok, []Target{{Figure: "p95", Most: unit}}},
		{"results of the city", whole, "", ok, []Target{{Figure: "p95", Most: city}}},
		{"results of the city, compressed", whole, browser, compressed, []Target{{Figure: "p95", Most: city}}},
	}
}

// readers are the numbers of clients that read.
func readers() []int { return []int{1, 8} }

// reading measures the pages of figures, all sizes beside each other. Before
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
	least := 0.0
	for i, p := range places {
		got, err := r.measure(ctx, servers[i], load{clients: clients, during: r.Duration / 4, client: gets(g.paths(p), g.encoding), check: g.check})
		if err != nil {
			return err
		}
		row := Row{What: g.what, Answers: p.answers, Clients: clients, Unit: "/s", Targets: g.targets}
		p95 := milliseconds(got.latency.percentile(95))
		if i == 0 {
			r.report.row(row).add(got, 0)
			least = p95
			continue
		}
		row.Of = "p95 at " + whole(places[0].answers)
		row.Targets = append([]Target{{Figure: "ratio", Most: 1.5}}, row.Targets...)
		r.report.row(row).add(got, ratio(p95, least))
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
		if err := os.CopyFS(dir, os.DirFS(original.data)); err != nil {
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
	if err := r.recount(ctx, &p, total); err != nil {
		return err
	}
	if err := r.export(ctx, &p, total); err != nil {
		return err
	}
	r.tell("answers-%d: work done", p.answers)
	return nil
}

// busy sends answers and reads figures at once, and gives the number of
// answers that were acknowledged.
func (r *Runner) busy(ctx context.Context, s *server, p *place, bodies []submission) (int64, error) {
	var wg sync.WaitGroup
	pages := figurePages()
	read := make([]*sample, len(pages))
	var failed error
	for i, g := range pages {
		wg.Go(func() {
			l := load{addr: s.addr, clients: 1, warmUp: r.Duration / 5, during: r.Duration, client: gets(g.paths(p), g.encoding), check: g.check}
			read[i] = l.run(ctx)
		})
	}
	sent, failed := r.measure(ctx, s, load{client: posts(bodies, ""), check: status(fasthttp.StatusCreated)})
	wg.Wait()
	row := Row{What: "durable submissions, figures being read", Answers: p.answers, Clients: r.Clients, Unit: "/s"}
	r.report.row(row).add(sent, 0)
	for i, g := range pages {
		r.fault(read[i])
		r.report.row(Row{What: g.what + ", answers coming in", Answers: p.answers, Clients: 1, Unit: "/s"}).add(read[i], 0)
	}
	return sent.right, failed
}

var recounted = regexp.MustCompile(`^(\d+) responses .* (\d+) tallies differed`)

func (r *Runner) recount(ctx context.Context, p *place, total int64) error {
	for range r.Rounds {
		done, err := r.program.run(ctx, p.env(), true, "recount", "--data", p.data)
		if err != nil {
			return err
		}
		m := recounted.FindStringSubmatch(done.out)
		if m == nil {
			return fmt.Errorf("recount said %q", done.out)
		}
		n, _ := strconv.ParseInt(m[1], 10, 64)
		r.report.Accounts = append(r.report.Accounts, Account{What: "recount of " + whole(p.answers) + " and those", Before: total, Stored: n})
		if m[2] != "0" {
			r.report.Faults["tally that differed from its recount"]++
		}
		row := Row{What: "recount", Answers: p.answers, Unit: "answers/s", Targets: []Target{{Figure: "value", Least: 1_000_000}}}
		if r.MongoDB != "" {
			row.Targets = nil
		}
		r.report.row(row).value(float64(n) / done.took.Seconds())
	}
	return nil
}

var exported = regexp.MustCompile(`(\d+) rows`)

func (r *Runner) export(ctx context.Context, p *place, total int64) error {
	for range r.Rounds {
		rows, took, peak := int64(0), time.Duration(0), int64(0)
		for _, period := range []string{PastPeriod, RunningPeriod} {
			done, err := r.program.run(ctx, p.env(), false, "export", "--data", p.data, "--period", period, "--format", "csv")
			if err != nil {
				return err
			}
			m := exported.FindStringSubmatch(done.said)
			if m == nil {
				return fmt.Errorf("export said %q", strings.TrimSpace(done.said))
			}
			n, _ := strconv.ParseInt(m[1], 10, 64)
			rows, took, peak = rows+n, took+done.took, max(peak, done.peak)
		}
		r.report.Accounts = append(r.report.Accounts, Account{What: "export of " + whole(p.answers) + " and those", Before: total, Stored: rows})
		r.report.row(Row{What: "export as CSV", Answers: p.answers, Unit: "rows/s", Targets: []Target{{Figure: "value", Least: 300_000}}}).value(float64(rows) / took.Seconds())
		if peak > 0 {
			r.report.row(Row{What: "export as CSV, memory at most", Answers: p.answers, Unit: "MB", Targets: []Target{{Figure: "value", Most: 100}}}).value(megabytes(peak))
		}
	}
	return nil
}
