package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"io/fs"
	"path"
	"regexp"
	"strings"
)

// sources is the module's root.
type sources fs.FS

// kind is a kind of test: the tests whose name, file or call tells it. The
// first that fits counts.
type kind struct {
	name string
	test *regexp.Regexp // the function's name
	file *regexp.Regexp // below the module's root
	call string         // what the function calls: package.Function
}

// rules is the kind of what is no other kind.
const rules = "rules: examples and tables"

// kinds is the table of docs/testing.md.
func kinds() []kind {
	return []kind{
		{name: "fuzz targets, their seeds", test: regexp.MustCompile(`^Fuzz`)},
		{name: "properties", call: "rapid.Check"},
		{name: "contract of the stores", call: "storetest.Run"},
		{name: "command line scripts", test: regexp.MustCompile(`^TestCommandsOn`)},
		{name: "browser", file: regexp.MustCompile(`(^|/)browser\w*_test\.go$`)},
		{name: "crashes and outages", file: regexp.MustCompile(`^cmd/persepsi/(crash\w*|away|gone|storm|backup)_test\.go$|^internal/(sqlite|spool|datadir)/(flip|guard|backup|import)_test\.go$`)},
		{name: "attacks", file: regexp.MustCompile(`(^|/)(attack|badinput|crowd|forged|guard|limit\w*|linger|peer\w*|wire)_test\.go$`)},
		{name: "published and worked figures", file: regexp.MustCompile(`(^|/)(golden|method|published\w*)_test\.go$`)},
		{name: "migrations", file: regexp.MustCompile(`^migrations/`)},
		{name: "import rules", file: regexp.MustCompile(`^internal/archtest/`)},
		{name: rules},
	}
}

// function is a test function as its source tells it.
type function struct {
	name, file string
	calls      map[string]bool
}

func (k *kind) fits(f function) bool {
	return (k.test == nil || k.test.MatchString(f.name)) && (k.file == nil || k.file.MatchString(f.file)) && (k.call == "" || f.calls[k.call])
}

// functions reads the test functions of a package, by name. The module's path
// is the first element of a package's.
func functions(source sources, packagePath string) (map[string]function, error) {
	_, dir, _ := strings.Cut(packagePath, "/")
	if dir == "" {
		dir = "."
	}
	files, err := fs.Glob(source, path.Join(dir, "*_test.go"))
	if err != nil {
		return nil, fmt.Errorf("list the tests of %s: %w", packagePath, err)
	}
	out := map[string]function{}
	for _, file := range files {
		text, err := fs.ReadFile(source, file)
		if err != nil {
			return nil, fmt.Errorf("read tests: %w", err)
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, text, parser.SkipObjectResolution)
		if err != nil {
			continue // it could not be built either, which is told already
		}
		for _, d := range parsed.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Recv == nil && f.Body != nil {
				out[f.Name.Name] = function{f.Name.Name, file, calls(f.Body)}
			}
		}
	}
	return out, nil
}

func calls(body ast.Node) map[string]bool {
	out := map[string]bool{}
	ast.Inspect(body, func(n ast.Node) bool {
		if s, ok := n.(*ast.SelectorExpr); ok {
			if x, ok := s.X.(*ast.Ident); ok {
				out[x.Name+"."+s.Sel.Name] = true
			}
		}
		return true
	})
	return out
}

// row counts the test functions of a kind, and how their cases ended.
type row struct{ tests, passed, failed, skipped int }

type table struct {
	rows     []row // by kind
	packages int
}

func count(packages []*testedPackage, source sources) (*table, error) {
	out := &table{rows: make([]row, len(kinds()))}
	for _, p := range packages {
		if len(p.order) == 0 {
			continue
		}
		out.packages++
		known, err := functions(source, p.path)
		if err != nil {
			return nil, err
		}
		for _, name := range p.order {
			top, _, part := strings.Cut(name, "/")
			f, ok := known[top]
			if !ok {
				f.name = top
			}
			r := &out.rows[kindOf(f)]
			if !part {
				r.tests++
			}
			if t := p.tests[name]; t.isCase() {
				r.add(t.state)
			}
		}
	}
	return out, nil
}

func kindOf(f function) int {
	list := kinds()
	for i := range list {
		if list[i].fits(f) {
			return i
		}
	}
	return len(list) - 1
}

func (r *row) add(state string) {
	switch state {
	case passed:
		r.passed++
	case skipped:
		r.skipped++
	default: // one that did not end
		r.failed++
	}
}

func (t *table) print(to io.Writer) {
	line := func(name string, r row) {
		fmt.Fprintf(to, "%-30s %6d %6d %7d %7d %8d\n", name, r.tests, r.passed+r.failed, r.passed, r.failed, r.skipped)
	}
	fmt.Fprintf(to, "\n%-30s %6s %6s %7s %7s %8s\n", "", "tests", "ran", "passed", "failed", "skipped")
	var sum row
	for i, k := range kinds() {
		r := t.rows[i]
		if r.tests > 0 {
			line(k.name, r)
		}
		sum = row{sum.tests + r.tests, sum.passed + r.passed, sum.failed + r.failed, sum.skipped + r.skipped}
	}
	line(fmt.Sprintf("all (packages: %d)", t.packages), sum)
}
