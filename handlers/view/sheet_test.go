package view

import (
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// Every page loads style.css: a class that only the evaluation sheet has would
// be a burden there of a citizen's first visit.
func TestWhatOnlyTheEvaluationSheetHasIsNoBurdenOfOtherPages(t *testing.T) {
	t.Parallel()
	own, others := map[string]bool{}, map[string]bool{}
	attribute, action := regexp.MustCompile(`class="((?:{{[^}]*}}|[^"{])*)"`), regexp.MustCompile(`{{[^}]*}}`)
	err := fs.WalkDir(files, "templates", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := fs.ReadFile(files, name)
		into := others
		if file := path.Base(name); slices.Contains([]string{"lke.html", "lkeunit.html", "lkeready.html", "verdict.html", "minima.html"}, file) {
			into = own
		}
		for _, m := range attribute.FindAllStringSubmatch(string(text), -1) {
			for _, class := range strings.Fields(action.ReplaceAllString(m[1], " ")) {
				into[class] = true
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	style, err := fs.ReadFile(files, "assets/style.css")
	if err != nil {
		t.Fatal(err)
	}
	sheet, err := fs.ReadFile(files, "assets/lke.css")
	if err != nil {
		t.Fatal(err)
	}
	rules := strings.ReplaceAll(string(style), ":not(.lke)", "") // that is of the other tables
	found := 0
	for class := range own {
		if others[class] {
			continue
		}
		rule := regexp.MustCompile(`\.` + regexp.QuoteMeta(class) + `\b`)
		if rule.MatchString(rules) {
			t.Errorf("style.css has .%s, which belongs to lke.css", class)
		}
		if rule.Match(sheet) {
			found++
		}
	}
	if found < 12 {
		t.Errorf("lke.css has only %d of the sheet's own classes", found)
	}
}
