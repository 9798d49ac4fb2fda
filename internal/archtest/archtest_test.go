package archtest

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

func TestEveryPackageKeepsTheImportRules(t *testing.T) {
	t.Parallel()
	module := strings.TrimSpace(run(t, "go", "list", "-m"))
	// Without cgo, because that is how the product is built.
	packages := decode(t, run(t, "go", "list", "-deps", "-json=ImportPath,Imports,TestImports,XTestImports", "./..."))
	if !slices.ContainsFunc(packages, func(p listed) bool { return p.ImportPath == module+"/survey" }) {
		t.Fatalf("go list names %d packages and not %s/survey: nothing is checked", len(packages), module)
	}
	for _, breach := range append(breaches(module, packages, architecture()), unneeded(module, packages, architecture())...) {
		t.Error(breach)
	}
}

func TestARowThatNobodyNeedsIsNamed(t *testing.T) {
	t.Parallel()
	got := unneeded("m", []listed{
		{ImportPath: "m/a", Imports: []string{"m/b", "fmt"}}, {ImportPath: "m/b"}, {ImportPath: "m/all"},
	}, rules{rooms: []room{{"a", []string{"b", "c"}}, {"all", []string{everyRoom}}, {"b", nil}, {"c", nil}}})
	if want := []string{"a may import c and does not", "c has a row and is no package"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestABreachOfEachRuleIsNamed(t *testing.T) {
	t.Parallel()
	const fiber, driver, sqlite = "github.com/gofiber/fiber/v2", "go.mongodb.org/mongo-driver/mongo", "zombiezen.com/go/sqlite"
	tests := []struct {
		name     string
		packages []listed
		want     []string
	}{
		{"nothing listed", nil, nil},
		{"what the table allows", []listed{
			{ImportPath: "m/analytics", Imports: []string{"fmt", "m/survey"}, TestImports: []string{"m/internal/testkit"}},
			{ImportPath: "m/handlers/public", Imports: []string{fiber, "m/qr", "m/handlers/web"}, XTestImports: []string{"net/http"}},
			{ImportPath: "m/internal/sqlite", Imports: []string{sqlite, "m/survey", "m/migrations"}},
			{ImportPath: "m/migrations", Imports: []string{sqlite, driver}},
			{ImportPath: "m/cmd/persepsi", Imports: []string{"m/internal/mongodb", "m/handlers"}},
			{ImportPath: "m/internal/testkit", Imports: []string{"m/internal/storetest", "m/cmd/persepsi", fiber}},
			{ImportPath: "elsewhere/x", Imports: []string{"net/http", driver}},
		}, nil},
		{
			"a package that nobody placed",
			[]listed{{ImportPath: "m/internal/utils"}},
			[]string{"internal/utils has no row in the table of rooms"},
		},
		{
			"a room that is not in the row",
			[]listed{{ImportPath: "m/survey", Imports: []string{"m/analytics"}}},
			[]string{"survey imports analytics, which is not in its row", "survey imports analytics, which stands above it"},
		},
		{
			"a handler that knows a store",
			[]listed{{ImportPath: "m/handlers", Imports: []string{"m/internal/sqlite"}}},
			[]string{"handlers imports internal/sqlite, which is not in its row"},
		},
		{
			"an arrow upward",
			[]listed{{ImportPath: "m/internal/report", Imports: []string{"m/handlers/view"}}},
			[]string{"internal/report imports handlers/view, which is not in its row", "internal/report imports handlers/view, which stands above it"},
		},
		{
			"product code on test code",
			[]listed{{ImportPath: "m/cmd/persepsi", Imports: []string{"m/internal/testkit"}}},
			[]string{"cmd/persepsi imports internal/testkit, which is test code"},
		},
		{
			"Fiber outside the handlers",
			[]listed{{ImportPath: "m/handlers/view", Imports: []string{fiber}}},
			[]string{"handlers/view imports " + fiber + ": Fiber is for " + strings.Join(architecture().technologies[0].rooms, ", ")},
		},
		{
			"a driver in a test of another room",
			[]listed{{ImportPath: "m/internal/export", XTestImports: []string{driver}}},
			[]string{"internal/export imports " + driver + ": the MongoDB driver is for internal/mongodb, migrations, internal/testkit, internal/storetest"},
		},
		{
			"net/http in a pure room",
			[]listed{{ImportPath: "m/qr", Imports: []string{"net/http"}}},
			[]string{"qr draws in net/http: m/qr > net/http"},
		},
		{"a driver through a third package, by the shortest way", []listed{
			{ImportPath: "m/analytics", Imports: []string{"m/survey", "a"}},
			{ImportPath: "m/survey"},
			{ImportPath: "a", Imports: []string{"b", sqlite}},
			{ImportPath: "b", Imports: []string{sqlite, "a"}},
		}, []string{"analytics draws in SQLite: m/analytics > a > " + sqlite}},
		{"a module whose name only begins alike", []listed{
			{ImportPath: "m/survey", Imports: []string{"go.mongodb.org/mongo-driverless", "mm/handlers"}},
		}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := breaches("m", tt.packages, architecture())
			if !slices.Equal(got, tt.want) {
				t.Errorf("got  %q\nwant %q", got, tt.want)
			}
		})
	}
}

// run is the output of a command at the root of the module.
func run(t *testing.T, name string, args ...string) string {
	t.Helper()
	var stderr bytes.Buffer
	cmd := exec.CommandContext(t.Context(), name, args...)
	cmd.Dir = "../.."
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, stderr.String())
	}
	return string(out)
}

func decode(t *testing.T, text string) []listed {
	t.Helper()
	var packages []listed
	for d := json.NewDecoder(strings.NewReader(text)); ; {
		var p listed
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			return packages
		} else if err != nil {
			t.Fatalf("read what go list prints: %v", err)
		}
		packages = append(packages, p)
	}
}
