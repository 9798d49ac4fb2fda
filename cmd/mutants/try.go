package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// fate is what became of a change.
type fate int

const (
	untried fate = iota
	killed
	timedOut
	survived
	unreached
	uncompiled
)

// A runner runs tests of a build.
type runner struct {
	build *build
	options
	progress io.Writer
	units    []*unit // the quickest first

	mu       sync.Mutex
	excluded []string // tests that do not pass as the package is
	kills    map[kill]int
}

// A kill is that a test noticed a change of a file.
type kill struct {
	unit *unit
	file *file
}

// reaching are the tests that reach a change, those first that noticed most
// changes of the same file, then the quickest.
func (r *runner) reaching(c *change) (out []*unit) {
	for _, u := range r.units {
		if u.reaches[c.id] {
			out = append(out, u)
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	slices.SortStableFunc(out, func(a, b *unit) int {
		return r.kills[kill{b, c.site.file}] - r.kills[kill{a, c.site.file}]
	})
	return out
}

// credit notes which of the tests noticed a change.
func (r *runner) credit(c *change, units []*unit, said string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, u := range units {
		if strings.Contains(said, "--- FAIL: "+u.name()+" (") {
			r.kills[kill{u, c.site.file}]++
		}
	}
}

func (r *runner) leave(test string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.excluded = append(r.excluded, test)
}

// each does something for every number below n, several at a time, until ctx ends.
func (r *runner) each(ctx context.Context, n int, do func(i int)) {
	var all sync.WaitGroup
	next := make(chan int)
	for range r.workers {
		all.Go(func() {
			for i := range next {
				do(i)
			}
		})
	}
	for i := 0; i < n && ctx.Err() == nil; i++ {
		next <- i
	}
	close(next)
	all.Wait()
}

// try tries the changes and notes the fate of each.
func (r *runner) try(ctx context.Context, changes []*change) {
	r.each(ctx, len(changes), func(i int) {
		c := changes[i]
		if c.fate == uncompiled {
			return
		}
		fate := r.tryOne(ctx, c)
		if ctx.Err() != nil {
			return // it was ended and says nothing
		}
		c.fate = fate
		if fate == survived || fate == timedOut {
			fmt.Fprintf(r.progress, "%d of %d: %s %s\n", i+1, len(changes), fate, c.name)
		}
	})
}

// first so many tests are tried before the others: most changes end there.
const first = 5

func (r *runner) tryOne(ctx context.Context, c *change) fate {
	tests := r.reaching(c)
	if len(tests) == 0 {
		return unreached
	}
	if r.most > 0 && len(tests) > r.most {
		c.more, tests = len(tests)-r.most, tests[:r.most]
	}
	for _, u := range tests {
		c.tests = append(c.tests, u.name())
	}
	head := tests[:min(first, len(tests))]
	for _, some := range [][]*unit{head, tests[len(head):]} {
		for len(some) > 0 { // a process for each package
			var now, later []*unit
			took := time.Duration(0)
			for _, u := range some {
				if u.binary == some[0].binary {
					now, took = append(now, u), took+u.took
				} else {
					later = append(later, u)
				}
			}
			fate, said := r.start(ctx, now, r.grace+8*took, activeVariable+"="+strconv.Itoa(c.id))
			if fate == killed {
				r.credit(c, now, said)
			}
			if fate != survived {
				return fate
			}
			some = later
		}
	}
	return survived
}

// start runs units of one package in a process of their own, which is ended with
// all that it started after a time. What tests leave behind goes with it.
func (r *runner) start(ctx context.Context, units []*unit, within time.Duration, environment string) (fate, string) {
	own, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	temp, err := os.MkdirTemp(r.build.dir, "temp")
	if err != nil {
		return untried, err.Error()
	}
	defer os.RemoveAll(temp)
	args := []string{"-test.run", pattern(units), "-test.failfast", "-test.v"}
	if !r.whole {
		args = append(args, "-test.short")
	}
	c := group(own, units[0].binary, args...)
	c.Dir = units[0].dir
	c.Env = slices.Concat(os.Environ(), []string{"GOMAXPROCS=1", "TMPDIR=" + temp, environment})
	var said bytes.Buffer
	c.Stdout, c.Stderr = &said, &said
	err = c.Run()
	switch {
	case own.Err() != nil:
		return timedOut, said.String()
	case err != nil:
		return killed, said.String()
	}
	return survived, said.String()
}
