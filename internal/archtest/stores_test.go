package archtest

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// alone are the product files that one store has and the other has not, each with the
// reason. What both do lies in files of one name, so that they are read side by side.
func alone() map[string]string {
	return map[string]string{
		"internal/sqlite/backup.go":     "a database server has its own tools for it (docs/backup.md)",
		"internal/sqlite/restore.go":    "likewise",
		"internal/sqlite/checkpoint.go": "the log of a file is carried over by this program, that of a server by the server",
		"internal/mongodb/errors.go":    "what SQLite's errors mean is told by internal/sqlitefile, for the spool too",
		"internal/mongodb/uri.go":       "an address may hold a password; a directory has none",
	}
}

func TestBothStoresHaveTheSameFiles(t *testing.T) {
	t.Parallel()
	for _, what := range unequal(products(t, "internal/sqlite"), products(t, "internal/mongodb"), alone()) {
		t.Error(what)
	}
}

func TestAFileOfOneStoreAloneIsNamed(t *testing.T) {
	t.Parallel()
	got := unequal([]string{"a/x.go", "a/y.go"}, []string{"b/x.go", "b/z.go"}, map[string]string{"b/z.go": "why", "a/w.go": "why", "a/x.go": "why"})
	want := []string{
		"a/w.go is said to be in one store alone, and is not",
		"a/x.go is said to be in one store alone, and is not",
		"a/y.go has no file of its name in the other store, and no reason",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

// products are the product files of a package.
func products(t *testing.T, dir string) (out []string) {
	t.Helper()
	names, err := filepath.Glob("../../" + dir + "/*.go")
	if err != nil || len(names) == 0 {
		t.Fatalf("%s has %d files, %v", dir, len(names), err)
	}
	for _, name := range names {
		if !strings.HasSuffix(name, "_test.go") {
			out = append(out, dir+"/"+filepath.Base(name))
		}
	}
	return out
}

// unequal tells which files of two packages have none of their name in the other one and
// no reason, and which reasons are for no such file.
func unequal(one, other []string, reasons map[string]string) (out []string) {
	bases := map[string]int{}
	for _, name := range slices.Concat(one, other) {
		bases[filepath.Base(name)]++
	}
	lone := map[string]bool{}
	for _, name := range slices.Concat(one, other) {
		if lone[name] = bases[filepath.Base(name)] == 1; lone[name] && reasons[name] == "" {
			out = append(out, fmt.Sprintf("%s has no file of its name in the other store, and no reason", name))
		}
	}
	for name := range reasons {
		if !lone[name] {
			out = append(out, fmt.Sprintf("%s is said to be in one store alone, and is not", name))
		}
	}
	slices.Sort(out)
	return out
}
