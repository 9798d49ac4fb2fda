package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/alecthomas/kong"
)

func TestABugIsNoSuccess(t *testing.T) {
	t.Parallel()
	defer func() {
		if recover() == nil {
			t.Error("a panic within a command was swallowed")
		}
	}()
	Run(t.Context(), []string{"version"}, Streams{}) // there is nothing to write to
}

func TestWrongUsageIs2AndLeadsToTheHelp(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ args, names string }{
		{"unknown", "unknown"},
		{"servee", `did you mean "serve"?`},
		{"aply kota.yaml", `did you mean "apply"?`},
		{"--data city versio", `did you mean "version"?`},
		{"servee --help", `did you mean "serve"?`},
		{"help servee", `did you mean "serve"?`},
		{"help version extra", "extra"},
		{"--version extra", "extra"},
		{"serve serve", "serve"},
		{"serve --data", "--data: needs a value"},
		{"version extra", "extra"},
		{"--nonsense", "--nonsense"},
		{"apply", "<file>"},
		{"apply a.yaml b.yaml", "b.yaml"},
		{"import a.csv", "--period"},
		{"import --period p --unit u", "<file>"},
		{"results", "--period"},
		{"results --period", "--period"},
		{"results --period p --format pdf", "--format"},
		{"export", "--period"},
		{"export --period p --format sav", "--format"},
		{"recount extra", "extra"},
		{"report", "--period"},
		{"report --period p --unit u", "--out"},
		{"report --period p --unit u --out a.pdf --kind lain", "--kind"},
		{"report --period p --unit u --out a.pdf --lang de", "--lang"},
		{"report --period p --unit u --out a.pdf --format odt", "--format"},
		{"report --period p --unit u --out a.pdf --format docx", "--format docx contradicts --out a.pdf"},
		{"report --period p --unit u --out a", "--out: \"a\""},
		{"qr", "--point"},
		{"qr --point KUPARI47 --size lebar", "--size"},
		{"qr --point KUPARI47 --format gif", "--format"},
		{"qr --point KUPARI47 --format png --out a.svg", "--format png contradicts --out a.svg"},
		{"qr --point KUPARI47 --format txt --out a.PNG", "--format txt contradicts --out a.PNG"},
		{"qr --point KUPARI47 --out a.gif", "--out: \"a.gif\""},
		{"qr --point KUPARI47 --out a", "--out: \"a\""},
		{"apikey", "add"},
		{"apikey add", "--role"},
		{"apikey list extra", "extra"},
		{"apikey revoke", "<id>"},
		{"serve --demo=maybe", "--demo"},
		{"serve extra", "extra"},
	} {
		t.Run(tc.args, func(t *testing.T) {
			t.Parallel()
			code, stdout, stderr := call(t, strings.Fields(tc.args)...)
			if code != exitUsage || stdout != "" || strings.Count(stderr, "\n") != 1 {
				t.Fatalf("exit code %d, %q, %q, want 2 and one line on stderr", code, stdout, stderr)
			}
			if !strings.HasPrefix(stderr, "persepsi: ") || !strings.Contains(stderr, tc.names) || !strings.Contains(stderr, "persepsi --help") {
				t.Errorf("stderr is %q, want %s named and the help", stderr, tc.names)
			}
		})
	}
}

func TestAWrongSettingIsAFailureThatNamesIt(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ args, names string }{
		{"serve --addr nonsense", "--addr: "},
		{"serve --public-url nonsense", "--public-url: "},
		{"serve --public-url ftp://kota", "--public-url: "},
		{"serve --spool-mb 0", "--spool-mb: "},
		{"serve --evidence-gb=-1", "--evidence-gb: "},
		{"serve --evidence-gb 1048577", "--evidence-gb: "},
		{"serve --trusted-proxy nonsense", "--trusted-proxy: "},
		{"results --period tak-ada", `--period: there is no period "tak-ada"`},
		{"export --period tak-ada", `--period: there is no period "tak-ada"`},
		{"recount --period tak-ada", `--period: there is no period "tak-ada"`},
		{"qr --point TAKADA22 --public-url https://kota.go.id", `--point: there is no point "TAKADA22"`},
		{"qr --point TAKADA22", "--public-url: is required"},
		{"qr --point TAKADA22 --format txt", "--public-url: is required"},
		{"qr --point TAKADA22 --public-url kota", "--public-url: "},
		{"qr --point TAKADA22 --public-url https://ani:rahasia@kota.go.id", "--public-url: "},
		{"apikey add --role walikota", "--role: "},
		{"apikey add --role admin --expires 2020-01-31", "--expires: 2020-01-31 is past"},
		{"apikey add --role admin --expires 31-12-2099", "--expires: must be a day"},
		{"apikey revoke tak-ada", `"tak-ada"`},
	} {
		t.Run(tc.args, func(t *testing.T) {
			t.Parallel()
			data := t.TempDir()
			must(t, "migrate", "--data", data)
			code, stdout, stderr := call(t, append(strings.Fields(tc.args), "--data", data)...)
			if code != exitFailed || stdout != "" || strings.Count(stderr, "\n") != 1 || !strings.Contains(stderr, tc.names) {
				t.Errorf("exit code %d, %q, %q, want 1 and %s named in one line", code, stdout, stderr, tc.names)
			}
			discreet(t, tc.args, stderr)
		})
	}
}

// TestEveryFlagTellsItsDefaultAndItsEnvironmentVariable looks at every flag of
// every command there is.
func TestEveryFlagTellsItsDefaultAndItsEnvironmentVariable(t *testing.T) {
	t.Parallel()
	parser, err := kong.New(&cli{}, kong.DefaultEnvars("PERSEPSI"), flagVars())
	if err != nil {
		t.Fatal(err)
	}
	leaves := parser.Model.Leaves(true)
	if len(leaves) < 10 {
		t.Fatalf("%d commands", len(leaves))
	}
	for _, command := range leaves {
		code, help, _ := call(t, append(strings.Fields(command.Path()), "--help")...)
		if code != exitDone {
			t.Fatalf("%s --help: exit code %d", command.Path(), code)
		}
		help = strings.Join(strings.Fields(help), " ")
		for _, group := range command.AllFlags(true) {
			for _, flag := range group {
				if flag.Name == "help" || flag.Name == "version" {
					continue
				}
				env := "PERSEPSI_" + strings.ToUpper(strings.ReplaceAll(flag.Name, "-", "_"))
				before, _, told := strings.Cut(help, "$"+env+")")
				if !told {
					t.Errorf("%s: --%s does not tell $%s:\n%s", command.Path(), flag.Name, env, help)
					continue
				}
				notes := before[strings.LastIndex(before, " (")+1:]
				if want := "(default: " + flag.Default; !strings.HasPrefix(notes, want) && (!flag.Required || notes != "(required; ") {
					t.Errorf("%s: --%s tells %q, want its default %q", command.Path(), flag.Name, notes, flag.Default)
				}
			}
		}
	}
}

// TestWhatOnlyPrintsMakesAndServesNothing runs where a store would be made in
// the current directory.
func TestWhatOnlyPrintsMakesAndServesNothing(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	t.Setenv("PERSEPSI_ADDR", "127.0.0.1:0")
	t.Setenv("PERSEPSI_VERSION", "1.2") // as images have it
	for _, tc := range []struct {
		args string
		code int
		says string
	}{
		{"help", exitDone, "Usage: persepsi <command>"},
		{"--help", exitDone, "Usage: persepsi <command>"},
		{"-h", exitDone, "Usage: persepsi <command>"},
		{"help serve", exitDone, "Usage: persepsi serve"},
		{"help apikey add", exitDone, "Usage: persepsi apikey add"},
		{"help help", exitDone, "Usage: persepsi help"},
		{"help version --data d", exitDone, "Usage: persepsi version"},
		{"--data d help qr", exitDone, "Usage: persepsi qr"},
		{"serve --help", exitDone, "Usage: persepsi serve"},
		{"serve --demo --data d --help", exitDone, "Usage: persepsi serve"},
		{"--demo --help", exitDone, "Usage: persepsi"},
		{"version", exitDone, "persepsi " + version},
		{"--version", exitDone, "persepsi " + version},
		{"--data d --version", exitDone, "persepsi " + version},
		{"serve --version", exitDone, "persepsi " + version},
		{"servee", exitUsage, ""},
		{"--demo serv", exitUsage, ""},
		{"serve extra", exitUsage, ""},
		{"--demo extra", exitUsage, ""},
		{"-- extra", exitUsage, ""},
		{"--serve", exitUsage, ""},
		{"-", exitUsage, ""},
		{"apikey", exitUsage, ""},
		{"bench", exitUsage, ""},
		{"qr --point X --out a.gif", exitUsage, ""},
		{"qr --point X", exitFailed, ""},
	} {
		code, stdout, stderr := call(t, strings.Fields(tc.args)...)
		if code != tc.code || !strings.HasPrefix(stdout, tc.says) || (stdout != "") != (tc.says != "") || strings.Contains(stdout, "ready ") {
			t.Errorf("persepsi %s: exit code %d, %q, %q, want %d and %q", tc.args, code, stdout, stderr, tc.code, tc.says)
		}
	}
	if code, stdout, _ := call(t, ""); code != exitUsage || stdout != "" {
		t.Errorf("an empty word: exit code %d, %q", code, stdout)
	}
	left, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(left) > 0 {
		t.Errorf("%q was made, %v", left, err)
	}
	if _, err := os.Stat("data"); err == nil {
		t.Error("a data directory was made")
	}
}

func TestTheDemonstrationReleasesAsSoonAsTheRuleAllows(t *testing.T) {
	t.Parallel()
	hour := time.Hour
	for _, tc := range []struct {
		command serveCommand
		want    time.Duration
	}{{serveCommand{}, 24 * time.Hour}, {serveCommand{Demo: true}, 0}, {serveCommand{Demo: true, ReleaseEvery: &hour}, hour}, {serveCommand{ReleaseEvery: &hour}, hour}} {
		if got := tc.command.every(); got != tc.want {
			t.Errorf("%+v: every %s, want %s", tc.command, got, tc.want)
		}
	}
}
