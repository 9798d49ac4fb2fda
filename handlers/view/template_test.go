package view

import (
	"io/fs"
	"regexp"
	"slices"
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
			if sharesItsLine(line) {
				t.Errorf("%s:%d holds an element that belongs on a line of its own: %s", file, i+1, strings.TrimSpace(line))
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

// phrasing are the elements that may stand within a sentence. Each other one begins a line.
const phrasing = "a abbr b br code em i img q small span strong time"

var (
	startTag = regexp.MustCompile(`<([a-z][a-z0-9]*)`)
	// onlyChild is an element and, as all that it holds, another.
	onlyChild = regexp.MustCompile(`^\s*<(\w+)[^>]*><(\w+)[^>]*>(.*?)(</\w+>)?</(\w+)>$`)
)

// sharesItsLine reports whether a line of a template holds two elements that begin a line
// each, or an element that is all that another one holds. A sentence may have others in it.
func sharesItsLine(line string) bool {
	begins := func(element string) bool { return !slices.Contains(strings.Fields(phrasing), element) }
	begin := 0
	for _, m := range startTag.FindAllStringSubmatch(line, -1) {
		if begins(m[1]) {
			begin++
		}
	}
	m := onlyChild.FindStringSubmatch(line)
	alone := m != nil && begins(m[1]) && m[1] == m[5] && (m[4] == "</"+m[2]+">" && !strings.Contains(m[3], m[4]) || m[3]+m[4] == "")
	return begin > 1 || alone
}

func TestALineOfATemplateHoldsOneElementAndItsSentence(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		line   string
		shares bool
	}{
		{`<p>{{t "a"}}</p>`, false},
		{`  <p>{{t "a"}} <b>{{.B}}</b>.</p>`, false},
		{`<p><b>{{.A}}</b> {{t "b"}}</p>`, false},
		{`<li><a href="/">{{.A}}</a>{{template "b" .}}</li>`, false},
		{`<td>{{if .A}}<b>{{.A}}</b>{{else}}–{{end}}</td>`, false},
		{`<p><b>{{.A}}</b> · <b>{{.B}}</b></p>`, false},
		{`<a href="/"><b>{{.A}}</b></a>`, false},
		{`<div><p>{{.A}}</p>`, true},
		{`<summary><h3>{{.A}}</h3></summary>`, true},
		{`<label>{{t "a"}} <input name="a"></label>`, true},
		{`<tr><td>`, true},
		{`  <li><a href="/">{{.A}}</a></li>`, true},
		{`<p><b>{{.A}}</b></p>`, true},
		{`<p><img src="/a.png" alt="{{.A}}"></p>`, true},
	} {
		if got := sharesItsLine(tt.line); got != tt.shares {
			t.Errorf("%s: %t", tt.line, got)
		}
	}
}

// ownCode are the ways in which a template would hold a style or a script itself, which the
// policy of pages stops.
var ownCode = regexp.MustCompile(`(?i)<style|[^\w$-](style|on[a-z]+)\s*=|javascript:|<script[^>]*>`)

// holdsOwnCode returns what of a template is a style or a script of its own. A script that
// is an asset, and holds nothing, is none.
func holdsOwnCode(source string) (out []string) {
	for _, at := range ownCode.FindAllStringIndex(source, -1) {
		found, rest := source[at[0]:at[1]], source[at[1]:]
		if strings.HasPrefix(found, "<script ") && strings.Contains(found, `src="{{asset "`) && strings.HasPrefix(rest, "</script>") {
			continue
		}
		out = append(out, strings.TrimSpace(found))
	}
	return out
}

func TestNoTemplateHoldsAStyleOrAScriptOfItsOwn(t *testing.T) {
	t.Parallel()
	read := 0
	err := fs.WalkDir(files, "templates", func(file string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		source, err := files.ReadFile(file)
		if err != nil {
			return err
		}
		read++
		for _, found := range holdsOwnCode(string(source)) {
			t.Errorf("%s holds %s: the policy of pages stops it", file, found)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if read < 30 {
		t.Errorf("only %d templates were read", read)
	}
}

func TestAStyleOrAScriptOfATemplateItselfIsFound(t *testing.T) {
	t.Parallel()
	for source, held := range map[string]bool{
		`<style>p{}</style>`:                             true,
		`<p style="color:red">`:                          true,
		"<p class=\"a\"\n  style = 'x'>":                 true,
		`<p{{if .A}} class="a"{{end}}style=x>`:           true,
		`<p onclick="x()">`:                              true,
		`<p ONCLICK=x>`:                                  true,
		`<a href="javascript:x()">`:                      true,
		`<script>1</script>`:                             true,
		`<script src="{{asset "a.js"}}">1</script>`:      true,
		`<script src="https://elsewhere/a.js"></script>`: true,
		`<script defer src="{{asset "a.js"}}"></script>`: false,
		"<script src=\"{{asset \"a.js\"}}\"\n  {{- if .A}} data-a=\"1\"{{end}}></script>": false,
		`<link rel="stylesheet" href="{{asset "a.css"}}">`:                                false,
		`<p data-style="a" class="on">{{t "style"}}{{$one = 1}}</p>`:                      false,
	} {
		if got := holdsOwnCode(source); len(got) > 0 != held {
			t.Errorf("%s: found %q", source, got)
		}
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

// Of two parts of one name the later file's would be drawn on every page.
func TestNoTwoPartsThatPagesShareHaveOneName(t *testing.T) {
	t.Parallel()
	names, err := fs.Glob(files, "templates/parts/*.html")
	if err != nil {
		t.Fatal(err)
	}
	in := map[string]string{}
	for _, file := range names {
		source, err := files.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`\{\{-? *(?:define|block) "([^"]+)"`).FindAllStringSubmatch(string(source), -1) {
			if other, ok := in[m[1]]; ok {
				t.Errorf("%q is defined in %s and in %s", m[1], other, file)
			}
			in[m[1]] = file
		}
	}
	if len(in) < 50 {
		t.Errorf("only %d parts were found", len(in))
	}
}

func TestAPartThatPagesShareIsKeptOnce(t *testing.T) {
	t.Parallel()
	pages, err := New()
	if err != nil {
		t.Fatal(err)
	}
	for lang, set := range pages.sets {
		one, other := set["home"].Lookup("brand"), set["result"].Lookup("brand")
		if one == nil || one != other {
			t.Errorf("%s: each page has a part of its own", lang)
		}
		if set["home"].Lookup("home/main") == nil || set["home"].Name() == set["result"].Name() {
			t.Errorf("%s: a page has nothing of its own", lang)
		}
	}
}
