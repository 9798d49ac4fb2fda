package main

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A suite is the tests of a package, all or those that a pattern matches.
type suite struct{ dir, pattern string }

// suitesOf are the tests that see a package: its own, those asked for, and for a
// room that is mostly tested from above those.
func suitesOf(path string, asked []suite) []suite {
	above := []struct {
		below string
		suite
	}{
		{"handlers/", suite{"./handlers", ""}},
		{"internal/projection", suite{"./internal/sqlite", "^TestContract$"}},
		{"internal/retention", suite{"./internal/sqlite", "^TestContract$"}},
		{"internal/storetest", suite{"./internal/sqlite", "^TestContract$"}},
		{"migrations", suite{"./internal/sqlite", "^TestContract$"}},
	}
	for _, drawing := range []string{"badge", "document", "paperform", "pdf", "poster", "sheet", "typeset"} {
		above = append(above, struct {
			below string
			suite
		}{"internal/" + drawing, suite{"./handlers", "Badge|Sheet|Print|Poster|Paper"}})
	}
	out := append([]suite{{"./" + path, ""}}, asked...)
	for _, a := range above {
		if strings.HasPrefix(path, a.below) && !slices.ContainsFunc(out, func(s suite) bool { return s.dir == a.dir }) {
			out = append(out, a.suite)
		}
	}
	return out
}

// A unit is a test that can be run by itself, or a part of one that has parts and
// takes long, as the stores' contract does.
type unit struct {
	binary, dir string
	test, part  string
	parts       string // a pattern of those that are wanted, of a whole test; empty: all
	took        time.Duration
	reaches     map[int]bool
}

func (u *unit) name() string { return strings.TrimSuffix(u.test+"/"+u.part, "/") }

// long is what a test may take before its parts are run each by itself.
const long = time.Second

// record builds the tests and runs each by itself, unchanged. One that fails or
// is skipped is left out.
func (r *runner) record(ctx context.Context, suites []suite) error {
	var found []*unit
	for _, s := range suites {
		binary, err := r.build.test(ctx, s.dir)
		if err != nil {
			return err
		}
		if _, err := os.Stat(binary); err != nil {
			continue // the package has no tests
		}
		dir := filepath.Join(r.build.area.module, s.dir)
		test, parts, _ := strings.Cut(r.run, "/")
		names, err := listTests(ctx, binary, dir, s.pattern, test)
		if err != nil {
			return err
		}
		for _, name := range names {
			found = append(found, &unit{binary: binary, dir: dir, test: name, parts: parts})
		}
	}
	kept := make([][]*unit, len(found))
	r.each(ctx, len(found), func(i int) { kept[i] = r.learn(ctx, found[i]) })
	r.units = slices.Concat(kept...)
	slices.SortStableFunc(r.units, func(a, b *unit) int { return int(a.took - b.took) })
	if ctx.Err() != nil {
		return fmt.Errorf("there was no time to run each test once: %w", ctx.Err())
	}
	return nil
}

func listTests(ctx context.Context, binary, dir string, patterns ...string) (names []string, err error) {
	c := group(ctx, binary, "-test.list", "^(Test|Example|Fuzz)")
	c.Dir = dir
	out, err := output(c)
	if err != nil {
		return nil, err
	}
	for _, name := range strings.Fields(string(out)) {
		wanted := true
		for _, p := range patterns {
			matched, err := regexp.MatchString(p, name)
			if err != nil {
				return nil, err
			}
			wanted = wanted && matched
		}
		if wanted {
			names = append(names, name)
		}
	}
	return names, nil
}

// learn runs a test with the notes on, and its parts where it is a long one. It
// stays whole where a part does not pass by itself.
func (r *runner) learn(ctx context.Context, u *unit) []*unit {
	said, passed := r.note(ctx, u)
	if !passed {
		return nil
	}
	var parts []*unit
	if u.took > long || u.parts != "" {
		of := regexp.MustCompile(`(?m)^    --- PASS: ` + regexp.QuoteMeta(u.test) + `/([^/\n]+) \(`)
		for _, m := range of.FindAllStringSubmatch(said, -1) {
			p := &unit{binary: u.binary, dir: u.dir, test: u.test, part: m[1]}
			if _, passed := r.note(ctx, p); !passed {
				return []*unit{u}
			}
			parts = append(parts, p)
		}
	}
	if len(parts) > 1 || u.parts != "" {
		return parts
	}
	return []*unit{u}
}

// note runs a unit and learns how long it takes and what it reaches.
func (r *runner) note(ctx context.Context, u *unit) (said string, passed bool) {
	notes, err := os.CreateTemp(r.build.dir, "reached")
	if err != nil {
		return "", false
	}
	defer os.Remove(notes.Name())
	defer notes.Close()
	began := time.Now()
	ran, said := r.start(ctx, []*unit{u}, 10*time.Minute, reachedVariable+"="+notes.Name())
	u.took = time.Since(began)
	if ran != survived || !strings.Contains(said, "--- PASS: "+u.test) {
		if ctx.Err() == nil {
			r.leave(u.name())
		}
		return said, false
	}
	lines, err := os.ReadFile(notes.Name())
	if err != nil {
		return said, false
	}
	u.reaches = map[int]bool{}
	for line := range strings.Lines(string(lines)) {
		from, to, _ := strings.Cut(strings.TrimSpace(line), " ")
		lo, _ := strconv.Atoi(from)
		hi, _ := strconv.Atoi(to)
		for id := lo; id <= hi; id++ {
			u.reaches[id] = true
		}
	}
	return said, true
}

// pattern is what -test.run takes for some units of one package.
func pattern(units []*unit) string {
	parts := map[string][]string{}
	for _, u := range units {
		parts[u.test] = append(parts[u.test], regexp.QuoteMeta(u.part))
	}
	var whole, some []string
	for _, test := range slices.Sorted(maps.Keys(parts)) {
		if i := slices.IndexFunc(units, func(u *unit) bool { return u.test == test && u.part == "" }); i >= 0 && units[i].parts != "" {
			some = append(some, "^"+test+"$/"+units[i].parts)
		} else if i >= 0 {
			whole = append(whole, test)
		} else {
			some = append(some, "^"+test+"$/^("+strings.Join(parts[test], "|")+")$")
		}
	}
	if len(whole) > 0 {
		some = append(some, "^("+strings.Join(whole, "|")+")$")
	}
	return strings.Join(some, "|")
}
