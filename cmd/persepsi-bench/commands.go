package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"time"

	"persepsi/internal/access"
	"persepsi/qr"
	"persepsi/survey"
)

type generateCommand struct {
	Answers int64  `required:"" help:"How many answers." placeholder:"N"`
	Units   int    `help:"How many units (${default})." default:"600"`
	Seed    uint64 `help:"Another seed gives another city (${default})." default:"1"`
}

// Run fills the store; where an earlier run was broken off, it goes on.
func (g *generateCommand) Run(ctx context.Context, c *common) error {
	library, methods, err := rules()
	if err != nil {
		return err
	}
	s, err := c.open(ctx, library)
	if err != nil {
		return err
	}
	defer s.Close() // everything is durable after Append
	told := time.Now()
	generator := Generator{
		Answers: g.Answers, Units: g.Units, Seed: g.Seed, Now: told, Library: library, Methods: methods,
		NewCode: func(random *rand.ChaCha8) (string, error) { return qr.NewCode(random) },
		Progress: func(done int64) {
			if time.Since(told) > 5*time.Second {
				told = time.Now()
				fmt.Fprintf(os.Stderr, "%d of %d answers\n", done, g.Answers)
			}
		},
	}
	done, err := generator.Run(ctx, s)
	if err != nil {
		return err
	}
	_, err = fmt.Printf("%d answers stored in %s (%.0f/s), %d were there before; tallies settled in %s\n",
		done.Stored, done.Storing.Round(time.Millisecond), float64(done.Stored)/done.Storing.Seconds(), done.Before, done.Settle.Round(time.Millisecond))
	return err
}

type referenceCommand struct {
	Name string `arg:"" enum:"hello,fsync" help:"hello: answers five bytes; fsync: parses a submission and appends it to a file."`
	Addr string `help:"Address to listen on (${default})." default:"127.0.0.1:8081" placeholder:"HOST:PORT"`
	Out  string `help:"File that fsync appends to (${default})." default:"fsync.jsonl" placeholder:"FILE"`
}

// Run serves until ctx ends.
func (r *referenceCommand) Run(ctx context.Context) error {
	reference := NewHello()
	if r.Name == "fsync" {
		var err error
		if reference, err = NewFsync(r.Out); err != nil {
			return fmt.Errorf("--out: %w", err)
		}
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", r.Addr)
	if err != nil {
		return errors.Join(fmt.Errorf("--addr: %w", err), reference.Close())
	}
	fmt.Printf("ready http://%s\n", listener.Addr())
	return reference.Serve(ctx, listener)
}

type loadCommand struct {
	Clients  int           `help:"Clients at once (${default})." default:"64"`
	Writes   int           `help:"Answers a second that come in while figures are read (${default})." default:"4000" placeholder:"N"`
	Duration time.Duration `help:"How long one measure takes (${default})." default:"10s"`
	Rounds   int           `help:"How often each measure is repeated, in turn with its reference (${default})." default:"3"`
	Answers  []int64       `help:"Sizes of the stores (${default})." default:"10000,1000000,10000000" placeholder:"N"`
	Units    int           `help:"How many units the city has (${default})." default:"600"`
	Seed     uint64        `help:"Another seed gives another city (${default})." default:"1"`
	Dir      string        `help:"Directory for stores, which are kept there and used again. Default: one in the current directory that is removed." placeholder:"DIR"`
	JSON     string        `name:"json" help:"File for the report as JSON." placeholder:"FILE"`
	Program  string        `help:"The product's executable. Default: persepsi beside this one, else what go build makes of ./cmd/persepsi." placeholder:"FILE"`
}

// Run measures, and prints the report even where something was wrong with it.
func (l *loadCommand) Run(ctx context.Context, c *common) error {
	self, err := os.Executable()
	if err != nil {
		return fmt.Errorf("find this program: %w", err)
	}
	dir := l.Dir
	if dir == "" {
		// Not the system's directory for such things: that may be memory.
		if dir, err = os.MkdirTemp(".", "persepsi-bench-"); err != nil {
			return fmt.Errorf("--dir: %w", err)
		}
		defer os.RemoveAll(dir) // what is left over is told by its name
	} else if err := os.MkdirAll(dir, 0o750); err != nil {
		return fmt.Errorf("--dir: %w", err)
	}
	product, remove, err := l.product(ctx, self)
	if err != nil {
		return err
	}
	defer remove()
	runner := &Runner{
		Program: product, Self: self, Version: revision(), Clients: l.Clients, Writes: l.Writes, Duration: l.Duration, Rounds: l.Rounds, Answers: l.Answers,
		Units: l.Units, Seed: l.Seed, Dir: dir, MongoDB: c.MongoDB, Now: time.Now(), Log: os.Stderr,
		Directory: func(ctx context.Context, data, mongodb string) (*survey.Directory, error) {
			return (&common{Data: data, MongoDB: mongodb}).directory(ctx)
		},
		SignIn: func(ctx context.Context, data, mongodb string, grants ...access.Grant) ([]string, error) {
			return (&common{Data: data, MongoDB: mongodb}).signedIn(ctx, grants...)
		},
	}
	report, err := runner.Run(ctx)
	if report == nil {
		return err
	}
	return errors.Join(report.Markdown(os.Stdout), l.keep(report), err)
}

// product finds the executable that is measured, or builds it.
func (l *loadCommand) product(ctx context.Context, self string) (name string, remove func(), err error) {
	if l.Program != "" {
		name, err = exec.LookPath(l.Program)
		if err != nil {
			return "", nil, fmt.Errorf("--program: %w", err)
		}
		return name, func() {}, nil
	}
	if name = filepath.Join(filepath.Dir(self), "persepsi"); isProgram(name) {
		return name, func() {}, nil
	}
	dir, err := os.MkdirTemp("", "persepsi-bench-")
	if err != nil {
		return "", nil, fmt.Errorf("build the product: %w", err)
	}
	remove = func() { _ = os.RemoveAll(dir) }
	name = filepath.Join(dir, "persepsi")
	build := exec.CommandContext(ctx, "go", "build", "-o", name, "./cmd/persepsi")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		remove()
		return "", nil, fmt.Errorf("--program: none is named, and none can be built here: %w: %s", err, out)
	}
	return name, remove, nil
}

func isProgram(name string) bool {
	info, err := os.Stat(name)
	return err == nil && info.Mode().IsRegular() && info.Mode()&0o111 != 0
}

// revision names the code that this program was built of.
func revision() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			return s.Value
		}
	}
	return info.Main.Version
}

// keep writes the report as JSON where that is asked for.
func (l *loadCommand) keep(report *Report) error {
	if l.JSON == "" {
		return nil
	}
	data, err := json.MarshalIndent(report, "", "\t")
	if err != nil {
		return fmt.Errorf("--json: %w", err)
	}
	if err := os.WriteFile(l.JSON, append(data, '\n'), 0o600); err != nil {
		return fmt.Errorf("--json: %w", err)
	}
	return nil
}
