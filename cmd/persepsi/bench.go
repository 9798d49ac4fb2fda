package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"time"

	"persepsi/internal/bench"
	"persepsi/qr"
	"persepsi/survey"
)

type benchCommand struct {
	Generate  benchGenerate  `cmd:"" help:"Fill an empty store with a made-up city and any number of answers."`
	Load      benchLoad      `cmd:"" help:"Measure this program beside its references and print a table."`
	Reference benchReference `cmd:"" help:"Serve one of the two references."`
}

type benchGenerate struct {
	Answers int64  `required:"" help:"How many answers." placeholder:"N"`
	Units   int    `help:"How many units." default:"600"`
	Seed    uint64 `help:"Another seed gives another city." default:"1"`
}

// Run fills the store; where an earlier run was broken off, it goes on.
func (g *benchGenerate) Run(ctx context.Context, e *environment) error {
	s, r, err := e.open(ctx)
	if err != nil {
		return err
	}
	defer s.Close() // everything is durable after Append
	told := time.Now()
	generator := bench.Generator{
		Answers: g.Answers, Units: g.Units, Seed: g.Seed, Now: e.now(), Library: r.library, Methods: r.methods,
		NewCode: func(random *rand.ChaCha8) (string, error) { return qr.NewCode(random) },
		Progress: func(done int64) {
			if time.Since(told) > 5*time.Second {
				told = time.Now()
				fmt.Fprintf(e.Err, "%d of %d answers\n", done, g.Answers)
			}
		},
	}
	done, err := generator.Run(ctx, s)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(e.Out, "%d answers stored in %s (%.0f/s), %d were there before; tallies settled in %s\n",
		done.Stored, done.Storing.Round(time.Millisecond), float64(done.Stored)/done.Storing.Seconds(), done.Before, done.Settle.Round(time.Millisecond))
	return err
}

type benchReference struct {
	Name string `arg:"" enum:"hello,fsync" help:"hello: answers five bytes; fsync: parses a submission and appends it to a file."`
	Addr string `help:"Address to listen on." default:"127.0.0.1:8081" placeholder:"HOST:PORT"`
	Out  string `help:"File that fsync appends to." default:"fsync.jsonl" placeholder:"FILE"`
}

// Run serves until ctx ends.
func (b *benchReference) Run(ctx context.Context, e *environment) error {
	reference := bench.NewHello()
	if b.Name == "fsync" {
		var err error
		if reference, err = bench.NewFsync(b.Out); err != nil {
			return fmt.Errorf("--out: %w", err)
		}
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", b.Addr)
	if err != nil {
		return errors.Join(fmt.Errorf("--addr: %w", err), reference.Close())
	}
	fmt.Fprintf(e.Out, "ready http://%s\n", listener.Addr())
	return reference.Serve(ctx, listener)
}

type benchLoad struct {
	Clients  int           `help:"Clients at once." default:"64"`
	Duration time.Duration `help:"How long one measure takes." default:"10s"`
	Rounds   int           `help:"How often each measure is repeated, in turn with its reference." default:"3"`
	Answers  []int64       `help:"Sizes of the stores." default:"10000,1000000,10000000" placeholder:"N"`
	Units    int           `help:"How many units the city has." default:"600"`
	Seed     uint64        `help:"Another seed gives another city." default:"1"`
	Dir      string        `help:"Directory for stores, which are kept there and used again." placeholder:"DIR" shown:"one in the current directory that is removed"`
	JSON     string        `name:"json" help:"File for the report as JSON." placeholder:"FILE"`
}

// Run measures, and prints the report even where something was wrong with it.
func (l *benchLoad) Run(ctx context.Context, e *environment) error {
	program, err := os.Executable()
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
	runner := &bench.Runner{
		Program: program, Version: version, Clients: l.Clients, Duration: l.Duration, Rounds: l.Rounds, Answers: l.Answers,
		Units: l.Units, Seed: l.Seed, Dir: dir, MongoDB: e.MongoDB, Now: e.now(), Log: e.Err,
		Directory: func(ctx context.Context, data, mongodb string) (*survey.Directory, error) {
			at := environment{Streams: e.Streams, Common: Common{Data: data, MongoDB: mongodb}, now: e.now}
			s, r, err := at.openExisting(ctx)
			if err != nil {
				return nil, err
			}
			defer s.Close() // only read
			return directory(ctx, s, r)
		},
	}
	report, err := runner.Run(ctx)
	if report == nil {
		return err
	}
	return errors.Join(report.Markdown(e.Out), l.keep(report), err)
}

// keep writes the report as JSON where that is asked for.
func (l *benchLoad) keep(report *bench.Report) error {
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
