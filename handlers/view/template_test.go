package view

import (
	"io/fs"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestTemplatesAreReadable(t *testing.T) {
	t.Parallel()
	const longest, elements = 160, 2 // characters, and elements that a line opens
	opens := regexp.MustCompile(`<[a-z]`)
	lines := 0
	err := fs.WalkDir(files, "templates", func(file string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		source, err := files.ReadFile(file)
		if err != nil {
			return err
		}
		for i, line := range strings.Split(string(source), "\n") {
			lines++
			if n := utf8.RuneCountInString(line); n > longest {
				t.Errorf("%s:%d has %d characters", file, i+1, n)
			}
			if n := len(opens.FindAllString(line, -1)); n > elements {
				t.Errorf("%s:%d opens %d elements", file, i+1, n)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if lines < 100 {
		t.Errorf("only %d lines were looked at", lines)
	}
}

func TestAReadableTemplateIsNoHeavierPage(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, source, want string }{
		{"indentation goes, a line break stays", "<ul>\n  <li>a\n  <li>b\n</ul>\n", "<ul>\n<li>a\n<li>b\n</ul>\n"},
		{"lines of actions and empty ones leave nothing", "{{if .A}}\n\n  {{$b := .A}}\n  <b>{{$b}}</b>\n{{end}}\n", "{{if .A}}{{$b := .A}}<b>{{$b}}</b>\n{{end}}"},
		{"what writes something keeps its line break", "{{.A}}\n{{t \"b\"}}\n{{if .A}}({{.A}}){{end}}\n", "{{.A}}\n{{t \"b\"}}\n{{if .A}}({{.A}}){{end}}\n"},
	} {
		if got := dense(tt.source); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestAPartIsHandedPairsOfNamesAndValues(t *testing.T) {
	t.Parallel()
	if got, err := dict("A", 1, "B", "x"); err != nil || got["A"] != 1 || got["B"] != "x" || len(got) != 2 {
		t.Errorf("%v, %v", got, err)
	}
	for _, bad := range [][]any{{"A"}, {1, "A"}} {
		if _, err := dict(bad...); err == nil {
			t.Errorf("dict takes %v", bad)
		}
	}
}

func TestAnAssetsAddressChangesWithWhatItHolds(t *testing.T) {
	t.Parallel()
	address := func(name, source string) string {
		a, err := newAsset(name, []byte(source))
		if err != nil {
			t.Fatal(err)
		}
		return a.Path
	}
	one := address("style.css", "p{color:red}")
	if one == address("style.css", "p{color:blue}") || one != address("style.css", "/* red */\n  p{color:red}\n") || !regexp.MustCompile(`^/assets/style-[0-9a-f]{12}\.css$`).MatchString(one) {
		t.Errorf("%s", one)
	}
	if _, err := newAsset("style.exe", nil); err == nil {
		t.Error("an asset without a content type is taken")
	}
}
