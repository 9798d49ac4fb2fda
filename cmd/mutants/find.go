package main

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"
)

// A change is one small break.
type change struct {
	id    int
	name  string // file.go:line:column:kind, the same as long as the file is
	what  string
	site  *site
	fate  fate
	tests []string // those that it was tried with
	more  int      // so many more reach it
}

// A site is a piece of source that changes stand for. The pieces lie within each
// other as expressions and statements do.
type site struct {
	file       *file
	start, end int // offsets
	line       int
	form       form
	// others are what stands in its place, one for each change: of a condition an
	// expression, of an arithmetic its operator, of a return or count a statement.
	others   []string
	operator token.Token
	operands [2]int // of an arithmetic: where the left one ends and the right one begins
	changes  []*change
	dropped  bool // it does not compile
}

// form tells how a site is written behind its switches (rewrite.go).
type form int

const (
	condition  form = iota
	arithmetic      // numbers, by a function of the injected file
	remainder       // whole numbers likewise
	instead         // a statement in place of another
	before          // a return before another, which ends the block for the compiler
	removed         // a statement that is left out
)

// finder walks a file.
type finder struct {
	*area
	file  *file
	stack []ast.Node
	found []*site
}

func (f *finder) find() []*site {
	ast.Inspect(f.file.syntax, func(n ast.Node) bool {
		if n == nil {
			f.stack = f.stack[:len(f.stack)-1]
			return true
		}
		if d, ok := n.(*ast.GenDecl); ok && d.Tok != token.VAR {
			return false // constants, types and imports
		}
		if e, ok := n.(ast.Expr); ok {
			if f.info.Types[e].Value != nil || f.info.Types[e].IsType() {
				return false // it may be the length of an array
			}
			f.expression(e)
		}
		if s, ok := n.(ast.Stmt); ok {
			f.statement(s)
		}
		f.stack = append(f.stack, n)
		return true
	})
	return f.found
}

func (f *finder) expression(e ast.Expr) {
	switch e := e.(type) {
	case *ast.BinaryExpr:
		f.binary(e)
	case *ast.UnaryExpr:
		if e.Op == token.NOT {
			f.add(e, e.OpPos, condition, "not", f.text(e.X))
		}
	}
	if f.decides(e) {
		f.add(e, e.Pos(), condition, "always", "true")
		f.also("never", "false")
	}
}

// opposites are what a comparison is where it is negated, edges what it is where
// equality falls on the other side, swaps what an operator is taken for.
var (
	opposites = map[token.Token]token.Token{token.LSS: token.GEQ, token.GEQ: token.LSS, token.GTR: token.LEQ, token.LEQ: token.GTR, token.EQL: token.NEQ, token.NEQ: token.EQL}
	edges     = map[token.Token]token.Token{token.LSS: token.LEQ, token.LEQ: token.LSS, token.GTR: token.GEQ, token.GEQ: token.GTR}
	swaps     = map[token.Token]token.Token{
		token.ADD: token.SUB, token.SUB: token.ADD, token.MUL: token.QUO, token.QUO: token.MUL, token.REM: token.MUL,
		token.ADD_ASSIGN: token.SUB_ASSIGN, token.SUB_ASSIGN: token.ADD_ASSIGN, token.MUL_ASSIGN: token.QUO_ASSIGN, token.QUO_ASSIGN: token.MUL_ASSIGN, token.REM_ASSIGN: token.MUL_ASSIGN,
		token.INC: token.DEC, token.DEC: token.INC,
	}
)

func (f *finder) binary(e *ast.BinaryExpr) {
	x, y := f.text(e.X), f.text(e.Y)
	if other, ok := opposites[e.Op]; ok {
		f.add(e, e.OpPos, condition, "negated", x+" "+other.String()+" "+y)
		if edge, ok := edges[e.Op]; ok {
			f.also("boundary", x+" "+edge.String()+" "+y)
		}
	} else if e.Op == token.LAND || e.Op == token.LOR {
		f.add(e, e.OpPos, condition, "left", x)
		f.also("right", y)
	} else if other, ok := swaps[e.Op]; ok && f.number(e) {
		form := arithmetic
		if e.Op == token.REM {
			form = remainder
		}
		f.add(e, e.OpPos, form, "arithmetic", other.String())
		s := f.found[len(f.found)-1]
		s.operator, s.operands = e.Op, [2]int{f.offset(e.X.End()), f.offset(e.Y.Pos())}
		s.changes[0].what = shown(f.text(e), x+" "+other.String()+" "+y)
	}
}

// decides reports whether an expression is the condition of an if, or of a case
// of a switch without a value, and no comparison or the like.
func (f *finder) decides(e ast.Expr) bool {
	switch e.(type) {
	case *ast.BinaryExpr, *ast.UnaryExpr, *ast.ParenExpr:
		return false
	}
	switch up := f.up(1).(type) {
	case *ast.IfStmt:
		return up.Cond == e
	case *ast.CaseClause:
		s, ok := f.up(3).(*ast.SwitchStmt)
		return ok && s.Tag == nil && slices.Contains(up.List, e)
	}
	return false
}

func (f *finder) statement(s ast.Stmt) {
	if !f.listed(s) {
		return // the part of a for, if or switch that no block may stand for
	}
	switch s := s.(type) {
	case *ast.ExprStmt:
		if c, ok := s.X.(*ast.CallExpr); ok && f.text(c.Fun) != "panic" { // a panic ends its block for the compiler
			f.add(s, s.Pos(), removed, "call", "")
		}
	case *ast.IncDecStmt:
		f.add(s, s.TokPos, instead, "count", f.text(s.X)+swaps[s.Tok].String())
	case *ast.AssignStmt:
		if other, ok := swaps[s.Tok]; ok && f.number(s.Lhs[0]) {
			f.add(s, s.TokPos, instead, "arithmetic", f.text(s.Lhs[0])+" "+other.String()+" "+f.text(s.Rhs[0]))
		} else if s.Tok != token.DEFINE && f.text(s.Lhs[0]) != "_" {
			f.add(s, s.TokPos, removed, "assignment", "")
		}
	case *ast.ReturnStmt:
		f.dropError(s)
	}
}

// dropError finds the change that returns no error where one is returned.
func (f *finder) dropError(s *ast.ReturnStmt) {
	results := f.results()
	if len(s.Results) == 0 || results == nil || !isError(results.At(results.Len()-1).Type()) {
		return
	}
	last := s.Results[len(s.Results)-1]
	if f.info.Types[last].IsNil() {
		return
	}
	var other string
	if results.Len() == len(s.Results) {
		kept := "nil"
		if len(s.Results) > 1 {
			kept = string(f.file.source[f.offset(s.Results[0].Pos()):f.offset(last.Pos())]) + "nil"
		}
		other = "_ = " + f.text(last) + "; return " + kept
	} else { // all results of one call
		var names []string
		for i := range results.Len() - 1 {
			names = append(names, "mutant"+string(rune('A'+i)))
		}
		kept := strings.Join(names, ", ")
		other = kept + ", _ := " + f.text(last) + "; return " + kept + ", nil"
	}
	f.add(s, last.Pos(), before, "error", other)
	c := f.found[len(f.found)-1].changes[0]
	c.what = shown(f.text(s), "the same without an error")
}

// results has the result types of the function around.
func (f *finder) results() *types.Tuple {
	for _, n := range slices.Backward(f.stack) {
		switch n := n.(type) {
		case *ast.FuncLit:
			return f.info.Types[n].Type.(*types.Signature).Results()
		case *ast.FuncDecl:
			return f.info.Defs[n.Name].Type().(*types.Signature).Results()
		}
	}
	return nil
}
