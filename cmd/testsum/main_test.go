package main

import (
	"bytes"
	"flag"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"persepsi/internal/testtools"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// recorded are streams that `go test -json` of Go 1.26 wrote, of small packages
// that end in one way each.
func recorded() map[string]bool {
	return map[string]bool{
		"good":   true,  // passes, with a skip
		"bad":    false, // parts, a fuzz target's seed and a whole fail
		"boom":   false, // a part panics
		"broken": false, // is not built
		"hang":   false, // the process ends within a test
		"cut":    false, // the stream ends within a line
	}
}

func TestAFailingTestFailsCIAndIsShownAsGoTestDoes(t *testing.T) {
	t.Parallel()
	for name, well := range recorded() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			stream, err := os.ReadFile("testdata/" + name + ".json")
			if err != nil {
				t.Fatal(err)
			}
			var out bytes.Buffer
			ok, err := run(bytes.NewReader(stream), &out, fstest.MapFS{})
			if err != nil || ok != well {
				t.Errorf("all is well: %v, want %v; err = %v", ok, well, err)
			}
			shown, _, _ := strings.Cut(out.String(), "\n"+strings.Repeat(" ", 20)) // what stands before the summary
			golden := "testdata/" + name + ".txt"
			testtools.Golden(t, *update, golden, shown)
		})
	}
}

func TestOneFailingPackageAmongManyFailsAll(t *testing.T) {
	t.Parallel()
	for name := range recorded() {
		good, err := os.ReadFile("testdata/good.json")
		if err != nil {
			t.Fatal(err)
		}
		other, err := os.ReadFile("testdata/" + name + ".json")
		if err != nil {
			t.Fatal(err)
		}
		renamed := strings.ReplaceAll(string(good), "rec/good", "rec/better")
		for _, stream := range []string{string(other) + "\n" + renamed, renamed + string(other)} {
			if ok, err := run(strings.NewReader(stream), &bytes.Buffer{}, fstest.MapFS{}); err != nil || ok != (name == "good") {
				t.Errorf("%s: all is well: %v, err = %v", name, ok, err)
			}
		}
	}
}

func TestNoTestAtAllIsNoSuccess(t *testing.T) {
	t.Parallel()
	for _, stream := range []string{"", "\n", "go: no such tool\n"} {
		if ok, err := run(strings.NewReader(stream), &bytes.Buffer{}, fstest.MapFS{}); ok || err == nil {
			t.Errorf("%q: all is well: %v, err = %v", stream, ok, err)
		}
	}
}

func TestAKindIsToldBySourceNotByHand(t *testing.T) {
	t.Parallel()
	source := fstest.MapFS{
		"survey/draft_test.go":                  {Data: []byte("package survey\nfunc TestLaw(t *testing.T) { t.Parallel(); rapid.Check(t, law) }\nfunc TestRule(t *testing.T) {}\nfunc FuzzRead(f *testing.F) {}\n")},
		"internal/sqlite/store_test.go":         {Data: []byte("package sqlite\nfunc TestContract(t *testing.T) { storetest.Run(t, storetest.Engine{}) }\n")},
		"internal/sqlite/flip_test.go":          {Data: []byte("package sqlite\nfunc TestFlip(t *testing.T) {}\n")},
		"handlers/citizen/browser_back_test.go": {Data: []byte("package citizen_test\nfunc TestBack(t *testing.T) {}\n")},
		"handlers/web/peer_log_test.go":         {Data: []byte("package web\nfunc TestPeer(t *testing.T) {}\n")},
		"cmd/persepsi/main_test.go":             {Data: []byte("package main\nfunc TestCommandsOnMongoDB(t *testing.T) {}\n")},
		"cmd/persepsi/crashmongodb_test.go":     {Data: []byte("package main\nfunc TestCrashBesideMongoDB(t *testing.T) {}\n")},
		"analytics/golden_test.go":              {Data: []byte("package analytics\nfunc TestPublished(t *testing.T) {}\n")},
		"migrations/sqlite_test.go":             {Data: []byte("package migrations\nfunc TestShape(t *testing.T) {}\n")},
		"internal/archtest/archtest_test.go":    {Data: []byte("package archtest\nfunc TestImports(t *testing.T) {}\n")},
	}
	for _, tc := range []struct{ pkg, test, kind string }{
		{"persepsi/survey", "TestLaw", "properties"},
		{"persepsi/survey", "TestRule", rules},
		{"persepsi/survey", "TestNobodyKnows", rules},
		{"persepsi/survey", "FuzzRead", "fuzz targets, their seeds"},
		{"persepsi/internal/sqlite", "TestContract", "contract of the stores"},
		{"persepsi/internal/sqlite", "TestFlip", "crashes and outages"},
		{"persepsi/handlers/citizen", "TestBack", "browser"},
		{"persepsi/handlers/web", "TestPeer", "attacks"},
		{"persepsi/cmd/persepsi", "TestCommandsOnMongoDB", "command line scripts"},
		{"persepsi/cmd/persepsi", "TestCrashBesideMongoDB", "crashes and outages"},
		{"persepsi/analytics", "TestPublished", "published and worked figures"},
		{"persepsi/migrations", "TestShape", "migrations"},
		{"persepsi/internal/archtest", "TestImports", "import rules"},
	} {
		p := &testedPackage{path: tc.pkg, tests: map[string]*test{}}
		for _, name := range []string{tc.test, tc.test + "/one", tc.test + "/two"} {
			p.take(event{Action: "run", Test: name})
		}
		p.take(event{Action: passed, Test: tc.test + "/one"})
		p.take(event{Action: skipped, Test: tc.test + "/two"})
		p.take(event{Action: passed, Test: tc.test})
		counted, err := count([]*testedPackage{p}, source)
		if err != nil {
			t.Fatal(err)
		}
		for i, k := range kinds() {
			want := row{}
			if k.name == tc.kind {
				want = row{tests: 1, passed: 1, skipped: 1}
			}
			if counted.rows[i] != want {
				t.Errorf("%s counts %+v as %s, want %+v", tc.test, counted.rows[i], k.name, want)
			}
		}
	}
}
