package main

import (
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// kinds is a package with a place for each kind of change, and those that are
// none.
const kinds = `package kinds

const most = 3 + 4

var table [most + 1]int

func log(string, int) {}

func kinds(n int, text string, open bool) (int, error) {
	if open {
		log(text+text, n%2)
	}
	for i := 0; i < n; i++ {
		n *= 2
		table[i]++
	}
	switch {
	case !open && n == 1:
		n = 7
	case n < most:
		return kinds(n-1, text, open)
	}
	if n >
		most {
		panic(text)
	}
	return n, nil
}
`

// loaded reads a package of one file.
func loaded(t *testing.T, source string) (*area, []*site) {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{"go.mod": "module kinds\n\ngo 1.26\n", "kinds.go": source} {
		if err := os.WriteFile(dir+"/"+name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir(dir)
	a, err := load(t.Context(), ".")
	if err != nil {
		t.Fatal(err)
	}
	sites, err := a.sites(nil)
	if err != nil {
		t.Fatal(err)
	}
	return a, sites
}

func TestEveryKindOfChangeIsFoundAndNoConstantIsTouched(t *testing.T) {
	_, sites := loaded(t, kinds)
	var got []string
	for _, c := range choose(sites, options{}) {
		got = append(got, strings.TrimPrefix(c.name, "kinds.go:")+"  "+c.what)
	}
	want := []string{
		"10:5:always  open  becomes  true",
		"10:5:never  open  becomes  false",
		"11:3:call  log(text+text, n%2)  is left out",
		"11:19:arithmetic  n%2  becomes  n * 2",
		"13:16:negated  i < n  becomes  i >= n",
		"13:16:boundary  i < n  becomes  i <= n",
		"14:5:arithmetic  n *= 2  becomes  n /= 2",
		"15:11:count  table[i]++  becomes  table[i]--",
		"18:13:left  !open && n == 1  becomes  !open",
		"18:13:right  !open && n == 1  becomes  n == 1",
		"18:7:not  !open  becomes  open",
		"18:18:negated  n == 1  becomes  n != 1",
		"19:5:assignment  n = 7  is left out",
		"20:9:negated  n < most  becomes  n >= most",
		"20:9:boundary  n < most  becomes  n <= most",
		"21:10:error  return kinds(n-1, text, open)  becomes  the same without an error",
		"21:17:arithmetic  n-1  becomes  n + 1",
		"23:7:negated  n > most  becomes  n <= most",
		"23:7:boundary  n > most  becomes  n >= most",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestAllChangesCompileAtOnceOnTheLinesThatTheyWereOn(t *testing.T) {
	a, sites := loaded(t, kinds)
	b, err := newBuild(a, sites)
	if err != nil {
		t.Fatal(err)
	}
	defer b.close()
	b.area.path = "."
	if err := b.compile(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, s := range sites {
		if s.dropped {
			t.Errorf("%s is dropped", s.changes[0].name)
		}
	}
	if was, is := strings.Count(kinds, "\n"), strings.Count(rewrite(a.files[0], sites), "\n"); was != is {
		t.Errorf("%d lines became %d", was, is)
	}
}

func TestASampleIsTheSameForTheSameSeed(t *testing.T) {
	_, sites := loaded(t, kinds)
	names := func(seed uint64) (out []string) {
		for _, c := range choose(sites, options{sample: 6, seed: seed}) {
			out = append(out, c.name)
		}
		return out
	}
	if diff := cmp.Diff(names(1), names(1)); diff != "" || len(names(1)) != 6 {
		t.Errorf("two draws differ: %s", diff)
	}
	if cmp.Equal(names(1), names(2)) {
		t.Error("another seed draws the same")
	}
}

func TestUnitsOfOnePackageAreRunByOnePattern(t *testing.T) {
	t.Parallel()
	got := pattern([]*unit{{test: "TestA", part: "x+1"}, {test: "TestB"}, {test: "TestA", part: "y"}, {test: "TestC"}})
	if want := `^TestA$/^(x\+1|y)$|^(TestB|TestC)$`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestWhoNoticedChangesOfAFileIsAskedFirst(t *testing.T) {
	t.Parallel()
	f, other := &file{name: "a.go"}, &file{name: "b.go"}
	quick, slow := &unit{test: "TestQuick", reaches: map[int]bool{1: true, 2: true}}, &unit{test: "TestSlow", part: "a", reaches: map[int]bool{1: true, 2: true}}
	r := runner{units: []*unit{quick, slow, {test: "TestElsewhere"}}, kills: map[kill]int{}}
	c, d := &change{id: 1, site: &site{file: f}}, &change{id: 2, site: &site{file: other}}
	r.credit(c, r.units, "    --- FAIL: TestSlow/a (0.00s)\n    --- FAIL: TestQuickly (0.00s)\n")
	for _, want := range []struct {
		change *change
		first  *unit
	}{{c, slow}, {d, quick}} {
		if got := r.reaching(want.change); len(got) != 2 || got[0] != want.first {
			t.Errorf("%v first, want %s", got, want.first.name())
		}
	}
}
