package main

import (
	"bytes"
	"context"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// tried runs the tool on the package of testdata and returns what it prints.
func tried(t *testing.T, args ...string) string {
	t.Helper()
	if testing.Short() {
		t.Skip("not in a short run: builds a package with all its changes, and tries them")
	}
	o, err := parse(append(args, "testdata/little"))
	if err != nil {
		t.Fatal(err)
	}
	o.grace = 10 * time.Second // enough on a busy machine, and one change loops for ever
	o.tests = append(o.tests, suite{"./cmd/mutants/testdata/above", ""})
	var out bytes.Buffer
	if err := run(t.Context(), o, &out, io.Discard); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestEveryChangeHasTheFateThatTheTestsOfThePackageAndAboveGiveIt(t *testing.T) {
	t.Parallel()
	before, err := os.ReadFile("testdata/little/little.go")
	if err != nil {
		t.Fatal(err)
	}
	const want = `survived    cmd/mutants/testdata/little/little.go:11:7:boundary
            a > b  becomes  a >= b
            tried with 1 tests of the 1 that reach it: TestLarger
survived    cmd/mutants/testdata/little/little.go:19:8:boundary
            n > 0  becomes  n >= 0
            tried with 1 tests of the 1 that reach it: TestParts/counts_to_three
survived    cmd/mutants/testdata/little/little.go:29:13:error
            return 0, errNone  becomes  the same without an error
            tried with 1 tests of the 1 that reach it: TestParts/finds_none
not reached cmd/mutants/testdata/little/little.go:35:40:left
            a && !b  becomes  a
not reached cmd/mutants/testdata/little/little.go:35:40:right
            a && !b  becomes  !b
not reached cmd/mutants/testdata/little/little.go:35:43:not
            !b  becomes  b
timed out   cmd/mutants/testdata/little/little.go:21:4:count
            n--  becomes  n++
left out, for they fail or are skipped as the package is: TestBroken, TestSkipped
cmd/mutants/testdata/little: 15 changes; tried 10: killed 6, timed out 1 (taken for killed), survived 3; not reached 3, not tried 0, did not compile 2
`
	if diff := cmp.Diff(want, tried(t)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	after, err := os.ReadFile("testdata/little/little.go")
	if err != nil || !bytes.Equal(before, after) {
		t.Errorf("the file was touched, err = %v", err)
	}
}

func TestOneChangeIsTriedByItsNameWithSomeTests(t *testing.T) {
	t.Parallel()
	got := tried(t, "--only", "little.go:11:7:negated", "--run", "Larger")
	if want := "cmd/mutants/testdata/little: 1 changes; tried 1: killed 1, timed out 0 (taken for killed), survived 0; not reached 0, not tried 0, did not compile 0\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestWithoutTimeNothingIsTriedAndItIsSaid(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	r := runner{options: options{workers: 1}, progress: io.Discard}
	c := &change{name: "a.go:1:1:call"}
	r.try(ctx, []*change{c})
	var out bytes.Buffer
	report(&out, "a", []*change{c}, &r)
	if !strings.Contains(out.String(), "tried 0:") || !strings.Contains(out.String(), "not tried 1,") {
		t.Error(out.String())
	}
}

func TestOnePartOfATestIsRunByItself(t *testing.T) {
	t.Parallel()
	got := tried(t, "--files", "little.go", "--only", "little.go:29:13:error", "--run", "Parts/none")
	if want := "tried with 1 tests of the 1 that reach it: TestParts/finds_none\n"; !strings.Contains(got, want) {
		t.Errorf("got %q", got)
	}
	if got := tried(t, "--only", "little.go:21:4:count", "--run", "Parts/none"); !strings.Contains(got, "not reached 1,") {
		t.Errorf("another part was run: %q", got)
	}
}
