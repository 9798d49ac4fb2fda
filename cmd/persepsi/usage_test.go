package main

import (
	"strings"
	"testing"
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
		{"version extra", "extra"},
		{"--nonsense", "--nonsense"},
		{"apply", "<file>"},
		{"apply a.yaml b.yaml", "b.yaml"},
		{"import a.csv", "--period"},
		{"import a.csv --period p", "--unit"},
		{"import --period p --unit u", "<file>"},
		{"results", "--period"},
		{"results --period", "--period"},
		{"results --period p --format pdf", "--format"},
		{"export", "--period"},
		{"export --period p --format sav", "--format"},
		{"recount extra", "extra"},
		{"qr", "--point"},
		{"qr --point KUPARI47 --size lebar", "--size"},
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
		{"serve --trusted-proxy nonsense", "--trusted-proxy: "},
		{"results --period tak-ada", `"tak-ada"`},
		{"export --period tak-ada", `--period: there is no period "tak-ada"`},
		{"recount --period tak-ada", `--period: there is no period "tak-ada"`},
		{"qr --point TAKADA22", `--point: there is no point "TAKADA22"`},
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
