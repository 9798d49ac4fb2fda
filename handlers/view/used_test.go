package view

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"persepsi/survey"
)

func TestEveryMessageIsUsedAndEveryUsedOneIsThere(t *testing.T) {
	t.Parallel()
	catalogue := messages(t, "id")
	pages, rules, templates := readSource(t, speaking(t)...), readSource(t, "../../survey"), readTemplates(t)
	used := map[string]bool{}
	built := map[string]bool{}
	for _, f := range families(t, rules, pages) {
		built[f.prefix] = true
		if !templates.prefixes[f.prefix] && !pages.texts[f.prefix] {
			t.Errorf("no key is built from %q", f.prefix)
		}
		for _, key := range f.keys() {
			used[key] = true
			if catalogue[key] == "" {
				t.Errorf("%s is built and no catalogue has it", key)
			}
		}
	}
	for prefix := range templates.prefixes {
		if !built[prefix] {
			t.Errorf("templates build keys from %q; families does not say with what", prefix)
		}
	}
	for key := range pageOfPackages(t) {
		used[key] = true
		if catalogue[key] == "" {
			t.Errorf("%s is named in the page of evidence packages and no catalogue has it", key)
		}
	}
	// What looks like a key, begins like one and is no file's name, is one.
	spaces := map[string]bool{}
	for key := range catalogue {
		space, _, _ := strings.Cut(key, ".")
		spaces[space] = true
	}
	shape := regexp.MustCompile(`^([a-z]+)(\.[A-Za-z0-9_]+)+$`)
	for _, texts := range []map[string]bool{templates.texts, pages.texts} {
		for text := range texts {
			m := shape.FindStringSubmatch(text)
			file := slices.Contains([]string{".html", ".css", ".js", ".yaml", ".json"}, filepath.Ext(text))
			if m == nil || !spaces[m[1]] || file || built[text] {
				continue
			}
			used[text] = true
			if catalogue[text] == "" {
				t.Errorf("%s is named and no catalogue has it", text)
			}
		}
	}
	for _, key := range slices.Sorted(maps.Keys(catalogue)) {
		if !used[key] {
			t.Errorf("%s is said nowhere", key)
		}
	}
}

// pageOfPackages are the keys in the page that explains an evidence package.
func pageOfPackages(t *testing.T) map[string]bool {
	t.Helper()
	text, err := os.ReadFile("../../internal/dossier/readme.html")
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]bool{}
	for _, m := range regexp.MustCompile(`\{\{t "([^"]+)"`).FindAllStringSubmatch(string(text), -1) {
		out[m[1]] = true
	}
	return out
}

func TestEveryFaultOfADraftHasItsWord(t *testing.T) {
	t.Parallel()
	catalogue := messages(t, "id")
	n := 0
	for text := range readSource(t, "../../survey/draft.go").calls["add"] {
		if !regexp.MustCompile(`^[a-z]+(_[a-z]+)+$|^required$`).MatchString(text) || text == "started_at" {
			continue
		}
		n++
		if catalogue["fault."+text] == "" {
			t.Errorf("fault.%s is missing", text)
		}
	}
	if n < 8 {
		t.Errorf("only %d codes were found", n)
	}
}

func TestEveryTemplateIsDrawnBySomePage(t *testing.T) {
	t.Parallel()
	templates := readTemplates(t)
	for _, name := range slices.Sorted(maps.Keys(templates.defined)) {
		if !templates.reached[name] {
			t.Errorf("no page draws %q", name)
		}
	}
	pages, err := New()
	if err != nil {
		t.Fatal(err)
	}
	calls := readSource(t, "..").calls
	for name := range pages.sets[survey.Languages()[0]] {
		sent := false
		for function, texts := range calls {
			sent = sent || texts[name] && (strings.Contains(function, "page") || strings.Contains(function, "render"))
		}
		if !sent {
			t.Errorf("no code sends the page %q", name)
		}
	}
}
