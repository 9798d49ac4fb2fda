package view

import (
	"fmt"
	"html/template"
	"io/fs"
	"path"
	"regexp"
	"strings"
)

// layout is the template of what every page has; it draws the page's "main".
const layout = "layout.html"

// newSet parses the pages, by name: each is the layout, a file of its own, and of the
// parts that pages share those that it draws. Copies of all parts in every page took two
// thirds of the memory of a server at rest.
func newSet(functions template.FuncMap) (map[string]*template.Template, error) {
	shared, err := sharedParts(functions)
	if err != nil {
		return nil, err
	}
	pages, err := fs.Glob(files, "templates/*.html")
	if err != nil {
		return nil, fmt.Errorf("list templates: %w", err)
	}
	set := map[string]*template.Template{}
	for _, page := range pages {
		name := path.Base(page)
		if name == layout {
			continue
		}
		own := template.New(name).Funcs(functions)
		if err := parseFile(own, page); err != nil {
			return nil, err
		}
		t := template.New(layout).Funcs(functions).Option("missingkey=error")
		if err := addDrawn(t, layout, own, shared); err != nil {
			return nil, fmt.Errorf("put together %s: %w", page, err)
		}
		set[strings.TrimSuffix(name, ".html")] = t
	}
	return set, nil
}

// sharedParts parses the layout and the parts that pages share.
func sharedParts(functions template.FuncMap) (*template.Template, error) {
	t := template.New(layout).Funcs(functions)
	if err := parseFile(t, "templates/"+layout); err != nil {
		return nil, err
	}
	parts, err := fs.Glob(files, "templates/parts/*.html")
	if err != nil {
		return nil, fmt.Errorf("list the parts of templates: %w", err)
	}
	for _, part := range parts {
		if err := parseFile(t.New(path.Base(part)), part); err != nil {
			return nil, err
		}
	}
	return t, nil
}

// drawsTemplate finds the names of the templates that one draws, in its text as it was parsed.
var drawsTemplate = regexp.MustCompile(`\{\{template "([^"]+)"`)

// addDrawn adds to a page the template of a name and all that it draws: the page's own,
// else the shared one.
func addDrawn(page *template.Template, name string, own, shared *template.Template) error {
	from := own.Lookup(name)
	if from == nil {
		from = shared.Lookup(name)
	}
	if from == nil || from.Tree == nil {
		return fmt.Errorf("there is no template %q", name)
	}
	// A page's templates are escaped in place when it is first drawn: each has its own.
	if _, err := page.AddParseTree(name, from.Tree.Copy()); err != nil {
		return fmt.Errorf("template %q: %w", name, err)
	}
	for _, call := range drawsTemplate.FindAllStringSubmatch(from.Tree.Root.String(), -1) {
		if at := page.Lookup(call[1]); at != nil && at.Tree != nil {
			continue
		}
		if err := addDrawn(page, call[1], own, shared); err != nil {
			return err
		}
	}
	return nil
}

func parseFile(t *template.Template, file string) error {
	source, err := files.ReadFile(file)
	if err != nil {
		return fmt.Errorf("read a template: %w", err)
	}
	if _, err := t.Parse(dense(string(source))); err != nil {
		return fmt.Errorf("parse %s: %w", file, err)
	}
	return nil
}

// actions is a line of nothing but actions that write nothing themselves.
var actions = regexp.MustCompile(`^(\{\{-? *(if|else|end|range|with|define|template|\$\w+ :?=|/\*)[^{}]*\}\})+$`)

// dense drops what makes a template readable and a page heavy: indentation,
// empty lines, and the line break after a line that holds only actions. Of
// all other line breaks one character stays, so that they mean in a template
// what they mean in HTML.
func dense(source string) string {
	var out strings.Builder
	for line := range strings.Lines(source) {
		line = strings.TrimSpace(line)
		if line == "" {
			continue
		}
		out.WriteString(line)
		if !actions.MatchString(line) {
			out.WriteByte('\n')
		}
	}
	return out.String()
}

// dict returns a map of names and values in turn: what a part is drawn from.
func dict(args ...any) (map[string]any, error) {
	if len(args)%2 != 0 {
		return nil, fmt.Errorf("dict: %d arguments are no pairs", len(args))
	}
	out := make(map[string]any, len(args)/2)
	for i := 0; i < len(args); i += 2 {
		name, ok := args[i].(string)
		if !ok {
			return nil, fmt.Errorf("dict: %v is no name", args[i])
		}
		out[name] = args[i+1]
	}
	return out, nil
}

// address returns where an asset is, by the name of its file.
func (p *Pages) address(name string) (string, error) {
	a, ok := p.assets[name]
	if !ok {
		return "", fmt.Errorf("there is no asset %q", name)
	}
	return a.Path, nil
}
