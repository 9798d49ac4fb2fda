package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"

	"persepsi/internal/access"
	"persepsi/survey"
)

// Runner runs the whole programme of measures. Whatever it measures is a
// process of its own; the runner is only their client.
type Runner struct {
	Program  string // path of the product's executable, which is measured
	Self     string // path of this executable: references and generator
	Version  string
	Clients  int
	Writes   int           // answers a second that come in while figures are read
	Duration time.Duration // of one measure; reading takes a quarter of it
	Rounds   int
	Answers  []int64 // sizes of the stores, the smallest first
	Units    int
	Seed     uint64
	Dir      string // where stores and files are made
	MongoDB  string // address without a database's name; empty: the embedded store
	Now      time.Time
	// Directory reads the city of a store.
	Directory func(ctx context.Context, data, mongodb string) (*survey.Directory, error)
	// SignIn adds people with these grants to a store, who are signed in, and returns their
	// cookies.
	SignIn func(ctx context.Context, data, mongodb string, grants ...access.Grant) ([]string, error)
	Log    io.Writer

	program, self program
	report        *Report
}

// place is a store and its city.
type place struct {
	answers       int64
	data, mongodb string
	city          City
	directory     *survey.Directory
	cookies       map[reader]string
}

// env names the store to a process without showing its password to all who
// may list processes.
func (p *place) env() []string {
	if p.mongodb == "" {
		return nil
	}
	return []string{"PERSEPSI_MONGODB=" + p.mongodb}
}

// Run measures. The report is given even where something was wrong: replies
// that were not right, answers that were lost, tallies that differed are an
// error beside it.
func (r *Runner) Run(ctx context.Context) (*Report, error) {
	if err := r.check(); err != nil {
		return nil, err
	}
	r.program, r.self = program{path: r.Program}, program{path: r.Self}
	r.report = &Report{
		Version: r.Version, At: r.Now.UTC().Truncate(time.Second), Store: "sqlite", Clients: r.Clients, Duration: r.Duration, Units: r.Units,
		Machine: Machine{
			System: runtime.GOOS + "/" + runtime.GOARCH, Processor: processor(), Cores: runtime.GOMAXPROCS(0), Go: runtime.Version(),
			Volatile: volatile(r.Dir),
		},
		Faults: map[string]int64{},
	}
	if r.MongoDB != "" {
		r.report.Store = "mongodb"
	}
	places := make([]*place, len(r.Answers))
	for i, n := range r.Answers {
		var err error
		if places[i], err = r.generate(ctx, "answers-"+strconv.FormatInt(n, 10), n); err != nil {
			return r.report, err
		}
	}
	for _, step := range []func(context.Context, []*place) error{r.pages, r.starts, r.reading, r.working} {
		if err := step(ctx, places); err != nil {
			return r.report, err
		}
	}
	return r.report, r.report.wrong()
}

func (r *Runner) check() error {
	if r.Clients < 1 || r.Clients > 10_000 || r.Writes < 1 || r.Rounds < 1 || r.Duration <= 0 || len(r.Answers) == 0 {
		return survey.Errorf(survey.Invalid, "clients, writes, rounds, duration and answers must be positive")
	}
	slices.Sort(r.Answers)
	r.Answers = slices.Compact(r.Answers)
	return nil
}

// wrong tells what makes a report's figures worthless.
func (r *Report) wrong() error {
	var bad []string
	for _, what := range sortedKeys(r.Faults) {
		bad = append(bad, fmt.Sprintf("%d × %s", r.Faults[what], what))
	}
	for _, a := range r.Accounts {
		if !a.right() {
			bad = append(bad, fmt.Sprintf("%s: %d + %d acknowledged, %d stored", a.What, a.Before, a.Acknowledged, a.Stored))
		}
	}
	if len(bad) == 0 {
		return nil
	}
	return fmt.Errorf("the measures are not valid: %s", strings.Join(bad, "; "))
}

// generate makes the store of a name with so many answers.
func (r *Runner) generate(ctx context.Context, name string, answers int64) (*place, error) {
	p := &place{answers: answers, data: filepath.Join(r.Dir, name), city: City{Answers: answers, Units: r.Units, Seed: r.Seed}}
	if r.MongoDB != "" {
		uri, err := database(r.MongoDB, name)
		if err != nil {
			return nil, err
		}
		p.mongodb = uri
	}
	done, err := r.self.run(ctx, p.env(), true, "generate", "--data", p.data, "--answers", strconv.FormatInt(answers, 10),
		"--units", strconv.Itoa(r.Units), "--seed", strconv.FormatUint(r.Seed, 10))
	if err != nil {
		return nil, err
	}
	r.tell("%s: %s", name, strings.TrimSpace(done.stdout))
	if p.directory, err = r.Directory(ctx, p.data, p.mongodb); err != nil {
		return nil, err
	}
	if p.city.Today, err = begun(p.directory.Catalogue(), r.Now); err != nil {
		return nil, err
	}
	return p, nil
}

// database adds the name of a database to the address of a server.
func database(uri, name string) (string, error) {
	scheme, rest, ok := strings.Cut(uri, "://")
	if !ok {
		return "", survey.Errorf(survey.Invalid, "--mongodb: must be an address such as mongodb://127.0.0.1:27017/bench")
	}
	rest, options, _ := strings.Cut(rest, "?")
	hosts, base, _ := strings.Cut(rest, "/")
	if base == "" {
		base = "persepsi_bench"
	}
	out := scheme + "://" + hosts + "/" + base + "_" + strings.ReplaceAll(name, "-", "_")
	if options != "" {
		out += "?" + options
	}
	return out, nil
}

// serve starts the service on a store.
func (r *Runner) serve(ctx context.Context, p *place) (*server, error) {
	return r.program.start(ctx, p.env(), "serve", "--data", p.data, "--addr", "127.0.0.1:0")
}

// with runs fn beside a server, which is stopped then. A server that ends
// badly is an error.
func with(start func() (*server, error), fn func(*server) error) error {
	s, err := start()
	if err != nil {
		return err
	}
	err = fn(s)
	if stopped := s.stop(); err == nil {
		err = stopped
	}
	return err
}

// measure runs a load against a server and notes what was wrong.
func (r *Runner) measure(ctx context.Context, s *server, l load) (*sample, error) {
	l.addr = s.addr
	if l.clients == 0 {
		l.clients = r.Clients
	}
	if l.during == 0 {
		l.during = r.Duration
	}
	l.warmUp = l.during / 5
	before := busyTime(s.cmd.Process.Pid)
	got := l.run(ctx)
	got.busy = busyTime(s.cmd.Process.Pid) - before
	r.fault(got)
	return got, ctx.Err()
}

func (r *Runner) fault(s *sample) {
	for what, n := range s.faults {
		r.report.Faults[what] += n
	}
}

func (r *Runner) tell(format string, args ...any) {
	fmt.Fprintf(r.Log, format+"\n", args...) // progress is for who looks on
}

// scratch makes a directory that goes with the measure.
func (r *Runner) scratch() (name string, remove func(), err error) {
	name, err = os.MkdirTemp(r.Dir, "scratch-")
	return name, func() { _ = os.RemoveAll(name) }, err
}

func sortedKeys(m map[string]int64) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
