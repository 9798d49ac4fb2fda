package view

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"text/template/parse"

	"go.yaml.in/yaml/v3"

	"persepsi/survey"
)

// source is what the Go code of a folder says, tests aside.
type source struct {
	texts map[string]bool            // its string literals
	calls map[string]map[string]bool // those that are handed to a function, by its name in lower case
	codes []string                   // its constants of the type Code
}

func readSource(t *testing.T, folders ...string) *source {
	t.Helper()
	out := &source{texts: map[string]bool{}, calls: map[string]map[string]bool{}}
	for _, folder := range folders {
		eachFile(t, folder, func(_ string, file *ast.File) { ast.Inspect(file, out.take) })
	}
	return out
}

// eachFile hands on the Go files of a folder and of those in it, tests aside.
func eachFile(t *testing.T, folder string, take func(folder string, file *ast.File)) {
	t.Helper()
	err := filepath.WalkDir(folder, func(path string, e fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		take(filepath.Dir(path), file)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// speaking are the folders whose code may say messages: the pages, the room of the words and
// every other one that imports it.
func speaking(t *testing.T) []string {
	t.Helper()
	const words = "../../internal/wording"
	out := map[string]bool{"..": true, words: true}
	for _, folder := range []string{"../../internal", "../../cmd"} {
		eachFile(t, folder, func(folder string, file *ast.File) {
			for _, i := range file.Imports {
				if i.Path.Value == `"persepsi/internal/wording"` {
					out[filepath.ToSlash(folder)] = true
				}
			}
		})
	}
	return slices.Sorted(maps.Keys(out))
}

// messages is the catalogue of a language.
func messages(t *testing.T, lang string) map[string]string {
	t.Helper()
	data, err := os.ReadFile("../../internal/wording/messages/" + lang + ".yaml")
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	if err := yaml.Unmarshal(data, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

func (s *source) take(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.BasicLit:
		if text, ok := literal(n); ok {
			s.texts[text] = true
		}
	case *ast.CallExpr:
		name := ""
		switch f := n.Fun.(type) {
		case *ast.Ident:
			name = f.Name
		case *ast.SelectorExpr:
			name = f.Sel.Name
		}
		name = strings.ToLower(name)
		for _, arg := range n.Args {
			if text, ok := literal(arg); ok {
				if s.calls[name] == nil {
					s.calls[name] = map[string]bool{}
				}
				s.calls[name][text] = true
			}
		}
	case *ast.ValueSpec:
		if typ, ok := n.Type.(*ast.Ident); ok && typ.Name == "Code" {
			for _, v := range n.Values {
				if text, ok := literal(v); ok {
					s.codes = append(s.codes, text)
				}
			}
		}
	}
	return true
}

func literal(e ast.Expr) (string, bool) {
	lit, ok := e.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return "", false
	}
	text, err := strconv.Unquote(lit.Value)
	return text, err == nil
}

// drawn is what the templates of all pages hold.
type drawn struct {
	texts    map[string]bool // their string literals
	prefixes map[string]bool // what the keys begin with that they build
	defined  map[string]bool
	reached  map[string]bool // from the layout
}

func readTemplates(t *testing.T) *drawn {
	t.Helper()
	pages, err := readPages() // of its own: to draw a page changes its templates
	if err != nil {
		t.Fatal(err)
	}
	out := &drawn{texts: map[string]bool{}, prefixes: map[string]bool{}, defined: map[string]bool{}, reached: map[string]bool{}}
	for _, page := range pages.sets[survey.Languages()[0]] {
		calls := map[string][]string{}
		for _, one := range page.Templates() {
			if one.Tree == nil || parse.IsEmptyTree(one.Tree.Root) {
				continue
			}
			out.walk(one.Tree.Root, func(called string) { calls[one.Name()] = append(calls[one.Name()], called) })
		}
		seen := map[string]bool{}
		var visit func(name string)
		visit = func(name string) {
			if seen[name] {
				return
			}
			seen[name], out.reached[path.Base(name)] = true, true // a page's own are named after it
			for _, called := range calls[name] {
				visit(called)
			}
		}
		visit(page.Name())
	}
	out.readDefined(t)
	return out
}

// readDefined notes the templates that the files define, drawn or not.
func (d *drawn) readDefined(t *testing.T) {
	t.Helper()
	defines := regexp.MustCompile(`\{\{(?:define|block) "([^"]+)"`)
	err := fs.WalkDir(files, "templates", func(file string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		source, err := files.ReadFile(file)
		for _, m := range defines.FindAllSubmatch(source, -1) {
			d.defined[string(m[1])] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func (d *drawn) walk(n parse.Node, called func(string)) {
	list := func(l *parse.ListNode) {
		if l != nil {
			d.walk(l, called)
		}
	}
	branch := func(b *parse.BranchNode) {
		d.walk(b.Pipe, called)
		list(b.List)
		list(b.ElseList)
	}
	switch n := n.(type) {
	case *parse.ListNode:
		for _, one := range n.Nodes {
			d.walk(one, called)
		}
	case *parse.IfNode:
		branch(&n.BranchNode)
	case *parse.RangeNode:
		branch(&n.BranchNode)
	case *parse.WithNode:
		branch(&n.BranchNode)
	case *parse.TemplateNode:
		called(n.Name)
		if n.Pipe != nil {
			d.walk(n.Pipe, called)
		}
	case *parse.ActionNode:
		d.walk(n.Pipe, called)
	case *parse.PipeNode:
		for _, c := range n.Cmds {
			d.walk(c, called)
		}
	case *parse.CommandNode:
		if said := n.Args[0].String() == "t" && len(n.Args) > 1; said {
			d.prefix(n.Args[1])
		}
		for _, a := range n.Args {
			d.walk(a, called)
		}
	case *parse.StringNode:
		d.texts[n.Text] = true
	}
}

// prefix notes the key that is built in {{t (print "prefix." …)}}.
func (d *drawn) prefix(n parse.Node) {
	pipe, ok := n.(*parse.PipeNode)
	if !ok || len(pipe.Cmds) != 1 || pipe.Cmds[0].Args[0].String() != "print" {
		return
	}
	if text, ok := pipe.Cmds[0].Args[1].(*parse.StringNode); ok {
		d.prefixes[text.Text] = true
	}
}
