package testtools

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// Constants returns the texts of the constants of a package, block by block, of each block
// that begins with one of the names: a test that walks them knows one that was added.
func Constants(t testing.TB, dir string, firsts ...string) []string {
	t.Helper()
	var out []string
	for _, first := range firsts {
		block := blockOf(t, dir, first)
		if len(block) == 0 {
			t.Fatalf("no block of constants in %s begins with %s", dir, first)
		}
		out = append(out, block...)
	}
	return out
}

func blockOf(t testing.TB, dir, first string) (texts []string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		source, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, source, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range file.Decls {
			block, ok := d.(*ast.GenDecl)
			if !ok || block.Tok != token.CONST || block.Specs[0].(*ast.ValueSpec).Names[0].Name != first {
				continue
			}
			for _, s := range block.Specs {
				text, err := strconv.Unquote(s.(*ast.ValueSpec).Values[0].(*ast.BasicLit).Value)
				if err != nil {
					t.Fatalf("%s: %v", name, err)
				}
				texts = append(texts, text)
			}
		}
	}
	return texts
}
