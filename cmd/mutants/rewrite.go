package main

import (
	"fmt"
	"strings"
)

// rewrite writes a file with every change of its sites behind a switch. Lines
// stay where they are, so that what the compiler says leads to a site.
func rewrite(f *file, sites []*site) string {
	var own []*site
	for _, s := range sites {
		if s.file == f && !s.dropped {
			own = append(own, s)
		}
	}
	out, _ := render(f, 0, len(f.source), own)
	return out
}

// render writes a piece of a file. The sites are in the order of a walk, each
// before those within it; it returns those that begin after the piece.
func render(f *file, start, end int, sites []*site) (string, []*site) {
	var out strings.Builder
	for len(sites) > 0 && sites[0].start < end {
		s := sites[0]
		out.Write(f.source[start:s.start])
		var text string
		text, sites = s.render(sites[1:])
		out.WriteString(text)
		start = s.end
	}
	out.Write(f.source[start:end])
	return out.String(), sites
}

func (s *site) render(within []*site) (string, []*site) {
	lo, hi := s.changes[0].id, s.changes[len(s.changes)-1].id
	if s.form == arithmetic || s.form == remainder {
		x, within := render(s.file, s.start, s.operands[0], within)
		y, within := render(s.file, s.operands[1], s.end, within)
		between := string(s.file.source[s.operands[0]:s.operands[1]])
		name := map[form]string{arithmetic: "mutantNumber", remainder: "mutantRemainder"}[s.form]
		lines := strings.Repeat("\n", strings.Count(between, "\n"))
		return fmt.Sprintf("%s(%d, '%s', %s, %s%s)", name, lo, s.operator, x, lines, y), within
	}
	same, within := render(s.file, s.start, s.end, within)
	if strings.Contains(strings.Join(s.others, ""), "\n") {
		same = fmt.Sprintf("/*line :%d:1*/", s.line) + same
	}
	switch s.form {
	case condition:
		var others []string
		for i, other := range s.others {
			others = append(others, fmt.Sprintf("mutantIs(%d) && (%s)", lo+i, other))
		}
		return fmt.Sprintf("(mutantIn(%d, %d) && (%s) || !mutantWithin(%d, %d) && (%s))", lo, hi, strings.Join(others, " || "), lo, hi, same), within
	case instead:
		return fmt.Sprintf("if mutantIn(%d, %d) { %s } else { %s }", lo, hi, s.others[0], same), within
	case before:
		return fmt.Sprintf("if mutantIn(%d, %d) { %s }; %s", lo, hi, s.others[0], same), within
	}
	return fmt.Sprintf("if !mutantIn(%d, %d) { %s }", lo, hi, same), within
}

// switches is the file that is added to the package. It asks the environment once
// which change is to be made, and whether to note those that are reached.
const switches = `package %s

import (
	"os"
	"strconv"
	"sync/atomic"
)

var (
	mutantActive, _ = strconv.Atoi(os.Getenv("` + activeVariable + `"))
	mutantReached   = os.Getenv("` + reachedVariable + `")
	mutantSeen      [%d]atomic.Bool
)

func mutantIs(id int) bool         { return mutantActive == id }
func mutantWithin(lo, hi int) bool { return lo <= mutantActive && mutantActive <= hi }

func mutantIn(lo, hi int) bool {
	if mutantReached != "" {
		mutantNote(lo, hi)
	}
	return lo <= mutantActive && mutantActive <= hi
}

func mutantNote(lo, hi int) {
	if mutantSeen[lo].Load() || mutantSeen[lo].Swap(true) {
		return
	}
	f, err := os.OpenFile(mutantReached, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		panic(err)
	}
	defer f.Close()
	if _, err := f.WriteString(strconv.Itoa(lo) + " " + strconv.Itoa(hi) + "\n"); err != nil {
		panic(err)
	}
}

type mutantWhole interface {
	~int | ~int8 | ~int16 | ~int32 | ~int64 | ~uint | ~uint8 | ~uint16 | ~uint32 | ~uint64 | ~uintptr
}

func mutantNumber[T mutantWhole | ~float32 | ~float64](id int, operator byte, a, b T) T {
	other := mutantIn(id, id)
	switch {
	case operator == '+' && !other || operator == '-' && other:
		return a + b
	case operator == '+' || operator == '-':
		return a - b
	case operator == '*' && !other || operator == '/' && other:
		return a * b
	}
	return a / b
}

func mutantRemainder[T mutantWhole](id int, _ byte, a, b T) T {
	if mutantIn(id, id) {
		return a * b
	}
	return a %% b
}
`

const (
	activeVariable  = "MUTANT"
	reachedVariable = "MUTANTS_REACHED"
)
