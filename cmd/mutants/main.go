// Command mutants breaks a package in small ways, one at a time, and lists the
// breaks that no test notices. It runs in the module's root:
//
//	go run ./cmd/mutants [flags] internal/access
//
// All changes are compiled at once, each behind a switch, from copies that
// `go build -overlay` takes for the files: no file of the checkout is touched
// and one build is enough. Each test is run once by itself, to learn how long it
// takes and which changes it reaches; then each change is tried with tests that
// reach it: those that noticed others of the same file, then the quickest. What
// runs beside the package's own tests is told by -tests and by suitesOf.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"regexp"
	"runtime"
	"strings"
	"syscall"
	"time"
)

// options are what somebody asks for.
type options struct {
	area    string   // the package's directory
	files   []string // names of files; all where there is none
	tests   []suite
	run     string         // a pattern of tests; all where it is empty
	only    *regexp.Regexp // names of changes; all where it is nil
	sample  int            // so many changes, drawn; all where it is 0
	seed    uint64
	most    int // so many tests at most for one change; all that reach it where it is 0
	within  time.Duration
	workers int
	whole   bool          // without -test.short
	grace   time.Duration // what every try may take beside a multiple of its tests' time
}

func main() {
	o, err := parse(os.Args[1:])
	if err != nil {
		if !errors.Is(err, flag.ErrHelp) {
			fmt.Fprintln(os.Stderr, "mutants:", err)
		}
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, o, os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "mutants:", err)
		os.Exit(1) //nolint:gocritic // the signals end with the process
	}
}

func parse(args []string) (o options, err error) {
	f := flag.NewFlagSet("mutants", flag.ContinueOnError)
	f.Usage = func() {
		fmt.Fprintln(f.Output(), "usage: go run ./cmd/mutants [flags] DIRECTORY")
		f.PrintDefaults()
	}
	tests := f.String("tests", "", "`packages` whose tests are run too, each as ./DIR or ./DIR:PATTERN, with commas between")
	files := f.String("files", "", "only changes in these `files` of the package, with commas between")
	f.StringVar(&o.run, "run", "", "only the tests that the `pattern` matches, as in go test -run: TEST or TEST/PART")
	only := f.String("only", "", "only changes whose names, as they are printed, the `pattern` matches: file.go:line:column:kind, or :error$ for all of a kind")
	f.IntVar(&o.sample, "sample", 0, "only `so many` changes, drawn by -seed")
	f.Uint64Var(&o.seed, "seed", 1, "what the sample is drawn by")
	f.IntVar(&o.most, "each", 25, "try a change with at most `so many` tests, of those that reach it; 0: with all of them")
	f.DurationVar(&o.within, "within", time.Hour, "end after this time, tried or not")
	f.IntVar(&o.workers, "workers", min(2, runtime.NumCPU()), "so many processes side by side, of one processor each")
	f.BoolVar(&o.whole, "whole", false, "run the tests without -short")
	if err := f.Parse(args); err != nil {
		return o, err
	}
	if f.NArg() != 1 || o.workers < 1 || o.most < 0 || o.sample < 0 {
		f.Usage()
		return o, errors.New("one directory is needed, and no number below 0")
	}
	o.area, o.grace = f.Arg(0), 5*time.Second
	if *only != "" {
		if o.only, err = regexp.Compile(*only); err != nil {
			return o, err
		}
	}
	o.files = list(*files)
	for _, s := range list(*tests) {
		dir, pattern, _ := strings.Cut(s, ":")
		o.tests = append(o.tests, suite{dir, pattern})
	}
	return o, nil
}

func list(s string) (out []string) {
	for e := range strings.SplitSeq(s, ",") {
		if e = strings.TrimSpace(e); e != "" {
			out = append(out, e)
		}
	}
	return out
}

// run does what the options ask for: it prints what was found to out and how far
// it is to progress. What there was no time for is counted and no error.
func run(ctx context.Context, o options, out, progress io.Writer) error {
	began := time.Now()
	stopped := ctx
	ctx, cancel := context.WithTimeout(ctx, o.within)
	defer cancel()
	a, err := load(ctx, o.area)
	if err != nil {
		return err
	}
	all, err := a.sites(o.files)
	if err != nil {
		return err
	}
	changes := choose(all, o)
	if len(changes) == 0 {
		return fmt.Errorf("nothing to change in %s", o.area)
	}
	b, err := newBuild(a, all)
	if err != nil {
		return err
	}
	defer b.close()
	if err := b.compile(ctx); err != nil {
		return err
	}
	r := runner{build: b, options: o, progress: progress, kills: map[kill]int{}}
	if err := r.record(ctx, suitesOf(a.path, o.tests)); err != nil {
		return err
	}
	fmt.Fprintf(progress, "%s: %d tests, %d changes, after %s\n", o.area, len(r.units), len(changes), time.Since(began).Round(time.Second))
	r.try(ctx, changes)
	report(out, a.path, changes, &r)
	if stopped.Err() != nil {
		return errors.New("stopped before the end")
	}
	return nil
}
