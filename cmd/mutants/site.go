package main

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"math/rand/v2"
	"slices"
	"strings"
)

// add notes a site with its first change.
func (f *finder) add(n ast.Node, at token.Pos, form form, kind, other string) {
	s := &site{file: f.file, start: f.offset(n.Pos()), end: f.offset(n.End()), line: f.fset.Position(n.Pos()).Line, form: form}
	f.found = append(f.found, s)
	f.change(s, at, kind, other)
}

// also notes another change of the site before.
func (f *finder) also(kind, other string) {
	s := f.found[len(f.found)-1]
	c := *s.changes[0]
	place := c.name[:strings.LastIndex(c.name, ":")+1]
	s.others = append(s.others, other)
	s.changes = append(s.changes, &change{name: place + kind, what: shown(string(f.file.source[s.start:s.end]), other), site: s})
}

func (f *finder) change(s *site, at token.Pos, kind, other string) {
	p := f.fset.Position(at)
	what := shown(string(f.file.source[s.start:s.end]), other)
	s.others = append(s.others, other)
	s.changes = append(s.changes, &change{name: fmt.Sprintf("%s:%d:%d:%s", f.file.name, p.Line, p.Column, kind), what: what, site: s})
}

// shown says a change in one line.
func shown(was, is string) string {
	short := func(s string) string {
		s = strings.Join(strings.Fields(s), " ")
		if letters := []rune(s); len(letters) > 70 {
			return string(letters[:69]) + "…"
		}
		return s
	}
	if is == "" {
		return short(was) + "  is left out"
	}
	return short(was) + "  becomes  " + short(is)
}

func (f *finder) offset(p token.Pos) int { return f.fset.Position(p).Offset }

func (f *finder) text(n ast.Node) string {
	return string(f.file.source[f.offset(n.Pos()):f.offset(n.End())])
}

// up is the node so many levels above the one that is looked at.
func (f *finder) up(levels int) ast.Node {
	if levels > len(f.stack) {
		return nil
	}
	return f.stack[len(f.stack)-levels]
}

// listed reports whether a statement stands in a list, where a block may stand
// for it.
func (f *finder) listed(s ast.Stmt) bool {
	switch up := f.up(1).(type) {
	case *ast.BlockStmt:
		return true
	case *ast.CaseClause:
		return true
	case *ast.CommClause:
		return up.Comm != s
	}
	return false
}

// number reports whether an expression is one that the injected file can count
// with: no string, no complex number, no type parameter.
func (f *finder) number(e ast.Expr) bool {
	t := f.info.TypeOf(e)
	if t == nil {
		return false
	}
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&(types.IsInteger|types.IsFloat) != 0
}

func isError(t types.Type) bool { return types.Identical(t, types.Universe.Lookup("error").Type()) }

// choose returns the changes to try: some by name, a sample or all.
func choose(sites []*site, o options) (out []*change) {
	for _, s := range sites {
		for _, c := range s.changes {
			if o.only == nil || o.only.MatchString(c.name) {
				out = append(out, c)
			}
		}
	}
	if o.sample > 0 && o.sample < len(out) {
		draw := rand.New(rand.NewPCG(o.seed, 0)) // the same changes each time
		draw.Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
		out = out[:o.sample]
		slices.SortFunc(out, func(a, b *change) int { return a.id - b.id })
	}
	return out
}
