package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
)

// A build is the package with all changes, in a directory of its own.
type build struct {
	area    *area
	sites   []*site
	dir     string
	overlay string
}

func newBuild(a *area, sites []*site) (*build, error) {
	dir, err := os.MkdirTemp("", "mutants")
	if err != nil {
		return nil, err
	}
	return &build{area: a, sites: sites, dir: dir, overlay: filepath.Join(dir, "overlay.json")}, nil
}

func (b *build) close() { _ = os.RemoveAll(b.dir) }

// compile writes the files until they compile: what the compiler objects to is
// dropped, the sites of a line first and those around it where that is not enough.
func (b *build) compile(ctx context.Context) error {
	for around := 0; ; around = around*2 + 1 {
		if err := b.write(); err != nil {
			return err
		}
		_, err := output(b.command(ctx, "build", "-gcflags=-e", "./"+b.area.path)) // -e: all errors, not the first ten
		if err == nil || ctx.Err() != nil {
			return err
		}
		if !b.drop(err.Error(), around) && around > 1000 {
			return fmt.Errorf("the package does not compile with its changes: %w", err)
		}
	}
}

var complaint = regexp.MustCompile(`(?m)^(?:.*[/\\])?([^/\\\n]+\.go):(\d+):\d+: `)

// drop takes out the sites that the compiler's words lead to and reports whether
// there were any.
func (b *build) drop(said string, around int) bool {
	found := false
	for _, m := range complaint.FindAllStringSubmatch(said, -1) {
		line, _ := strconv.Atoi(m[2])
		for _, s := range b.sites {
			if !s.dropped && s.file.name == m[1] && s.line-around <= line && line <= s.lastLine()+around {
				s.dropped, found = true, true
				for _, c := range s.changes {
					c.fate = uncompiled
				}
			}
		}
	}
	return found
}

func (s *site) lastLine() int {
	return s.line + strings.Count(string(s.file.source[s.start:s.end]), "\n")
}

func (b *build) write() error {
	replace := map[string]string{}
	put := func(name, text string) error {
		copied := filepath.Join(b.dir, name)
		replace[filepath.Join(b.area.dir, name)] = copied
		return os.WriteFile(copied, []byte(text), 0o600)
	}
	n := 1
	for _, s := range b.sites {
		n += len(s.changes)
	}
	err := put("mutants_switches.go", fmt.Sprintf(switches, b.area.name, n))
	for _, f := range b.area.files {
		err = errors.Join(err, put(f.name, rewrite(f, b.sites)))
	}
	text, coded := json.Marshal(map[string]any{"Replace": replace})
	return errors.Join(err, coded, os.WriteFile(b.overlay, text, 0o600))
}

// test builds the tests of a package, with the changed one in it.
func (b *build) test(ctx context.Context, dir string) (binary string, err error) {
	binary = filepath.Join(b.dir, strings.NewReplacer("/", "-", ".", "").Replace(dir)+".test")
	_, err = output(b.command(ctx, "test", "-c", "-o", binary, dir))
	return binary, err
}

func (b *build) command(ctx context.Context, verb string, args ...string) *exec.Cmd {
	c := exec.CommandContext(ctx, "go", append([]string{verb, "-overlay", b.overlay}, args...)...)
	c.Dir = b.area.module
	return c
}
