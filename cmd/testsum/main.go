// Command testsum reads what `go test -json` writes, prints of it what plain
// `go test` would (a line for each package, and the output of what failed), and
// at the end how many cases of each kind of test ran. It runs in the module's
// root, whose test files tell the kinds:
//
//	go test -json ./... | go run ./cmd/testsum
//
// It exits with 1 where anything failed, did not end or could not be built, and
// where there was no test at all.
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
)

func main() {
	ok, err := run(os.Stdin, os.Stdout, os.DirFS("."))
	if err != nil {
		fmt.Fprintln(os.Stderr, "testsum:", err)
	}
	if !ok || err != nil {
		os.Exit(1)
	}
}

// event is a line of `go test -json` (go doc test2json, go help buildjson).
type event struct {
	Action  string
	Package string
	Test    string
	Output  string
}

var errNothing = errors.New("no package was tested")

// run prints the events of a stream and the summary, and reports whether all is
// well. Lines that are no events are printed as they are.
func run(in io.Reader, out io.Writer, source sources) (bool, error) {
	to := bufio.NewWriter(out)
	defer to.Flush()
	all := map[string]*testedPackage{}
	var ended []*testedPackage
	ok := true
	lines := bufio.NewReader(in) // a line may be of any length
	for {
		line, readErr := lines.ReadBytes('\n')
		var e event
		switch err := json.Unmarshal(line, &e); {
		case len(line) == 0:
		case err != nil:
			_, _ = to.Write(line)
		case e.Action == "build-output":
			_, _ = to.WriteString(e.Output)
		case e.Action == "build-fail":
			ok = false
		case e.Package != "":
			p := all[e.Package]
			if p == nil {
				p = &testedPackage{path: e.Package, tests: map[string]*test{}}
				all[e.Package] = p
			}
			if p.take(e); p.state != "" {
				p.print(to)
				ok = ok && p.state != failed
				ended = append(ended, p)
				delete(all, e.Package)
				_ = to.Flush()
			}
		}
		if errors.Is(readErr, io.EOF) {
			break
		}
		if readErr != nil {
			return false, fmt.Errorf("read events: %w", readErr)
		}
	}
	for _, p := range all { // the stream broke off
		p.state, ok = failed, false
		p.print(to)
		fmt.Fprintf(to, "FAIL\t%s [did not end]\n", p.path)
		ended = append(ended, p)
	}
	if len(ended) == 0 {
		return false, errNothing
	}
	table, err := count(ended, source)
	if err != nil {
		return false, err
	}
	table.print(to)
	return ok, nil
}
