package main

import (
	"bytes"
	"context"
	"net/url"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"persepsi/internal/testkit"
	"persepsi/survey"
)

// TestMain puts this very program as `persepsi` into the path of scripts and
// tests, so that they meet it as a person at a terminal does.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"persepsi": func() {
		ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
		code := Run(ctx, os.Args[1:], Streams{In: os.Stdin, Out: os.Stdout, Err: os.Stderr})
		stop()
		os.Exit(code)
	}})
}

// scripts returns the scripts' surroundings: a data directory of their own, and
// the days around today, by the clock of the city.
func scripts(setup func(*testscript.Env) error) testscript.Params {
	return testscript.Params{
		Dir: "testdata/script",
		Setup: func(env *testscript.Env) error {
			env.Setenv("PERSEPSI_DATA", env.WorkDir+"/data")
			zone, err := time.LoadLocation(survey.DefaultTimeZone)
			if err != nil {
				return err
			}
			today := survey.DateOf(time.Now(), zone)
			for name, days := range map[string]survey.Date{"LONG_AGO": -400, "LAST_YEAR": -300, "FROM": -60, "YESTERDAY": -1, "TODAY": 0, "TOMORROW": 1, "TO": 60, "LATER": 120} {
				env.Setenv(name, (today + days).String())
			}
			if setup == nil {
				return nil
			}
			return setup(env)
		},
		Cmds: scriptCommands(),
		Condition: func(name string) (bool, error) {
			return name == "embedded" && setup == nil, nil
		},
		RequireUniqueNames: true,
	}
}

// skipInShort: scripts are one short process after the other, of which the race
// detector learns nothing that the other tests don't show it.
func skipInShort(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("the scripts are part of the whole run only")
	}
}

func TestCommandsOnTheEmbeddedStore(t *testing.T) {
	t.Parallel()
	skipInShort(t)
	testscript.Run(t, scripts(nil))
}

func TestCommandsOnMongoDB(t *testing.T) {
	t.Parallel()
	skipInShort(t)
	server := testkit.MongoDBServer(t)
	testscript.Run(t, scripts(func(env *testscript.Env) error {
		uri, drop, err := testkit.NewMongoDB(server)
		if err != nil {
			return err
		}
		env.Setenv("PERSEPSI_MONGODB", uri)
		u, err := url.Parse(uri)
		if err != nil {
			return err
		}
		u.User = url.UserPassword("ani", "rahasia")
		env.Setenv("REFUSED", u.String())
		env.Setenv("MISNAMED", strings.Replace(uri, "/persepsi_test_", "/persepsi$test_", 1))
		env.Defer(func() {
			if err := drop(); err != nil {
				t.Error(err)
			}
		})
		return nil
	}))
}

// call runs the program here, as scripts do, and returns what it printed.
func call(t testing.TB, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	// A command that should have failed must not serve for ever.
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	var out, errs bytes.Buffer
	code = Run(ctx, args, Streams{In: strings.NewReader(""), Out: &out, Err: &errs})
	return code, out.String(), errs.String()
}

// must is call where only success will do.
func must(t testing.TB, args ...string) (stdout, stderr string) {
	t.Helper()
	code, out, errs := call(t, args...)
	if code != exitDone {
		t.Fatalf("persepsi %s: exit code %d\n%s", strings.Join(args, " "), code, errs)
	}
	return out, errs
}
