package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// An area is the package that is changed, with its types.
type area struct {
	path   string // its directory below the module's root
	dir    string
	name   string
	fset   *token.FileSet
	files  []*file
	info   *types.Info
	module string // where the module is
}

type file struct {
	name   string // without directories
	source []byte
	syntax *ast.File
}

// listedPackage is what `go list -json` says of one package.
type listedPackage struct {
	Dir, ImportPath, Name, Export string
	GoFiles                       []string
	DepOnly                       bool
	Module                        *struct{ Path, Dir string }
}

// load reads the package of a directory. What it imports is read as the
// compiler left it, which is why nothing beside the package is parsed.
func load(ctx context.Context, dir string) (*area, error) {
	listing, err := output(exec.CommandContext(ctx, "go", "list", "-export", "-deps", "-json=Dir,ImportPath,Name,Export,GoFiles,DepOnly,Module", "./"+filepath.ToSlash(filepath.Clean(dir))))
	if err != nil {
		return nil, err
	}
	exports := map[string]string{}
	var p listedPackage
	for d := json.NewDecoder(bytes.NewReader(listing)); ; {
		var l listedPackage
		if err := d.Decode(&l); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, fmt.Errorf("read what go list prints: %w", err)
		}
		exports[l.ImportPath] = l.Export
		if !l.DepOnly {
			p = l
		}
	}
	if p.Module == nil {
		return nil, fmt.Errorf("%s is no package of a module", dir)
	}
	a := &area{
		path: strings.TrimPrefix(p.ImportPath, p.Module.Path+"/"), dir: p.Dir, name: p.Name, module: p.Module.Dir, fset: token.NewFileSet(),
		info: &types.Info{Types: map[ast.Expr]types.TypeAndValue{}, Defs: map[*ast.Ident]types.Object{}, Uses: map[*ast.Ident]types.Object{}},
	}
	syntax := make([]*ast.File, 0, len(p.GoFiles))
	for _, name := range p.GoFiles {
		source, err := os.ReadFile(filepath.Join(p.Dir, name))
		if err != nil {
			return nil, err
		}
		f, err := parser.ParseFile(a.fset, filepath.Join(p.Dir, name), source, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		syntax = append(syntax, f)
		a.files = append(a.files, &file{name, source, f})
	}
	config := types.Config{Importer: importer.ForCompiler(a.fset, "gc", func(path string) (io.ReadCloser, error) {
		return os.Open(exports[path])
	})}
	if _, err := config.Check(p.ImportPath, a.fset, syntax, a.info); err != nil {
		return nil, err
	}
	return a, nil
}

// sites finds everything that can be changed in the files of these names, or in
// all, and numbers the changes.
func (a *area) sites(names []string) ([]*site, error) {
	for _, name := range names {
		if !slices.ContainsFunc(a.files, func(f *file) bool { return f.name == name }) {
			return nil, fmt.Errorf("%s has no file %s", a.path, name)
		}
	}
	var all []*site
	id := 0
	for _, f := range a.files {
		if ast.IsGenerated(f.syntax) || len(names) > 0 && !slices.Contains(names, f.name) {
			continue
		}
		for _, s := range (&finder{area: a, file: f}).find() {
			for _, c := range s.changes {
				id++
				c.id = id
			}
			all = append(all, s)
		}
	}
	return all, nil
}

// output runs a command; its error says what it printed.
func output(c *exec.Cmd) ([]byte, error) {
	var out, said bytes.Buffer
	c.Stdout, c.Stderr = &out, &said
	if err := c.Run(); err != nil {
		return nil, fmt.Errorf("%s: %w\n%s%s", strings.Join(c.Args[:2], " "), err, said.Bytes(), out.Bytes())
	}
	return out.Bytes(), nil
}
