package main

import (
	"fmt"
	"io"
	"strings"
)

// The states in which a test or package ends; one that has not ended has none.
const (
	passed  = "pass"
	failed  = "fail"
	skipped = "skip"
)

// testedPackage is a package under test.
type testedPackage struct {
	path  string
	state string
	order []string // tests and their cases as they began: a parent before its own
	tests map[string]*test
	lines []string // what belongs to no test
}

type test struct {
	state  string
	parent bool // it has parts
	below  bool // one of them failed
	lines  []string
}

// isCase reports whether a test counts: one that has parts does only where it
// failed and none of them did.
func (t *test) isCase() bool {
	return !t.parent || t.state != passed && t.state != skipped && !t.below
}

func (p *testedPackage) take(e event) {
	if e.Test == "" {
		switch e.Action {
		case "output":
			p.lines = append(p.lines, e.Output)
		case passed, failed, skipped:
			p.state = e.Action
		}
		return
	}
	t := p.tests[e.Test]
	if t == nil {
		t = &test{}
		p.tests[e.Test] = t
		p.order = append(p.order, e.Test)
	}
	for _, above := range p.above(e.Test) {
		above.parent = true
		above.below = above.below || e.Action == failed
	}
	switch e.Action {
	case "output":
		t.lines = append(t.lines, e.Output)
	case passed, failed, skipped:
		t.state = e.Action
	}
}

// above returns the tests that a part is of. Its own name may hold a slash, so
// not all that stands before one is a test.
func (p *testedPackage) above(name string) (out []*test) {
	for i, sign := range name {
		if sign != '/' {
			continue
		}
		if t := p.tests[name[:i]]; t != nil {
			out = append(out, t)
		}
	}
	return out
}

// print prints a package as plain `go test` does: where it passed, one line,
// else also all output of the tests that failed or did not end.
func (p *testedPackage) print(to io.Writer) {
	if p.state != failed {
		for _, line := range p.lines {
			if strings.HasPrefix(line, "ok ") || strings.HasPrefix(line, "? ") {
				fmt.Fprint(to, line)
			}
		}
		return
	}
	for _, name := range p.order {
		if t := p.tests[name]; t.state != passed && t.state != skipped {
			t.print(to, name)
		}
	}
	for _, line := range p.lines {
		fmt.Fprint(to, line)
	}
}

// print prints a test that failed, its verdict first.
func (t *test) print(to io.Writer, name string) {
	if t.state == "" {
		fmt.Fprintf(to, "--- DID NOT END: %s\n", name)
	}
	var rest []string
	for _, line := range t.lines {
		switch text := strings.TrimLeft(line, " "); {
		case strings.HasPrefix(text, "--- FAIL: "):
			fmt.Fprint(to, line)
		case strings.HasPrefix(text, "=== "):
		default:
			rest = append(rest, line)
		}
	}
	fmt.Fprint(to, strings.Join(rest, ""))
}
