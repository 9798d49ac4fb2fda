package view

import (
	"fmt"
	"html/template"
	"io/fs"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
	"text/template/parse"
)

// layout is the template of what every page has; it draws the page's "main".
const layout = "layout.html"

// newSet parses the pages, by name: each is the layout and a file of its own, and draws
// parts that all share. All are templates of one set, where a page's own are named after it:
// a copy for each page took a sixth of what lives in a server at rest.
func newSet(functions template.FuncMap) (map[string]*template.Template, error) {
	set, err := sharedParts(functions)
	if err != nil {
		return nil, err
	}
	shared := trees(set)
	names, err := fs.Glob(files, "templates/*.html")
	if err != nil {
		return nil, fmt.Errorf("list templates: %w", err)
	}
	pages := map[string]*template.Template{}
	for _, file := range names {
		if path.Base(file) == layout {
			continue
		}
		page := strings.TrimSuffix(path.Base(file), ".html")
		own := template.New(layout + " of " + page).Funcs(functions)
		if err := parseFile(own, file); err != nil {
			return nil, err
		}
		if pages[page], err = addPage(set, page, trees(own), shared); err != nil {
			return nil, fmt.Errorf("put together %s: %w", file, err)
		}
	}
	return pages, nil
}

// sharedParts parses the layout and the parts that pages share.
func sharedParts(functions template.FuncMap) (*template.Template, error) {
	t := template.New(layout).Funcs(functions).Option("missingkey=error")
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

// trees returns the templates of a set by name, as they were parsed.
func trees(set *template.Template) map[string]*parse.Tree {
	out := map[string]*parse.Tree{}
	for _, t := range set.Templates() {
		if t.Tree != nil {
			out[t.Name()] = t.Tree
		}
	}
	return out
}

// addPage adds to a set the templates that one page alone has: its own, the layout, and
// those shared ones that draw, at whatever depth, one of its own. It returns the layout.
func addPage(set *template.Template, page string, own, shared map[string]*parse.Tree) (*template.Template, error) {
	all := maps.Clone(shared)
	maps.Copy(all, own)
	its := map[string]bool{layout: true}
	for name := range own {
		its[name] = true
	}
	for found := true; found; {
		found = false
		for name, tree := range all {
			if !its[name] && slices.ContainsFunc(calls(tree.Root), func(n *parse.TemplateNode) bool { return its[n.Name] }) {
				its[name], found = true, true
			}
		}
	}
	for name := range its {
		tree := all[name]
		if shared[name] == tree {
			tree = tree.Copy()
		}
		for _, n := range calls(tree.Root) {
			if all[n.Name] == nil {
				return nil, fmt.Errorf("there is no template %q", n.Name)
			}
			if its[n.Name] {
				n.Name = page + "/" + n.Name
			}
		}
		if _, err := set.AddParseTree(page+"/"+name, tree); err != nil {
			return nil, fmt.Errorf("template %q: %w", name, err)
		}
	}
	return set.Lookup(page + "/" + layout), nil
}

// calls returns where a part of a template draws others.
func calls(node parse.Node) []*parse.TemplateNode {
	var out []*parse.TemplateNode
	branch := func(b *parse.BranchNode) {
		out = append(out, calls(b.List)...)
		if b.ElseList != nil {
			out = append(out, calls(b.ElseList)...)
		}
	}
	switch n := node.(type) {
	case *parse.ListNode:
		for _, each := range n.Nodes {
			out = append(out, calls(each)...)
		}
	case *parse.TemplateNode:
		out = append(out, n)
	case *parse.IfNode:
		branch(&n.BranchNode)
	case *parse.RangeNode:
		branch(&n.BranchNode)
	case *parse.WithNode:
		branch(&n.BranchNode)
	}
	return out
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
