package archtest

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// embedsSite lists the structs of a file that embed web.Site: each of their methods would have
// all that the areas share, and nobody could read what it needs.
func embedsSite(file *ast.File) (out []string) {
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.TypeSpec)
		if !ok {
			return true
		}
		of, ok := spec.Type.(*ast.StructType)
		if !ok {
			return true
		}
		for _, field := range of.Fields.List {
			kind := field.Type
			if to, ok := kind.(*ast.StarExpr); ok {
				kind = to.X
			}
			of, ok := kind.(*ast.SelectorExpr)
			if !ok || len(field.Names) > 0 || of.Sel.Name != "Site" {
				continue
			}
			if from, ok := of.X.(*ast.Ident); ok && from.Name == "web" {
				out = append(out, spec.Name.Name)
			}
		}
		return true
	})
	return out
}

func TestAreasNameWhatTheyUseOfTheSite(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../../handlers/*/*.go")
	if err != nil {
		t.Fatal(err)
	}
	read := 0
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, text, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		read++
		for _, value := range embedsSite(file) {
			t.Errorf("%s: %s embeds web.Site: give it a name, or what of it is needed", strings.TrimPrefix(name, "../../"), value)
		}
	}
	if read < 50 {
		t.Errorf("%d files of the areas were read", read)
	}
}

func TestAnEmbeddedSiteIsFound(t *testing.T) {
	t.Parallel()
	const text = "package x\ntype a struct{ *web.Site }\ntype b struct{ site *web.Site }\ntype c struct{ web.Site; n int }\ntype d struct{ web.Settings; view.Site }"
	file, err := parser.ParseFile(token.NewFileSet(), "x.go", text, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(embedsSite(file), " "); got != "a c" {
		t.Errorf("found %q", got)
	}
}
