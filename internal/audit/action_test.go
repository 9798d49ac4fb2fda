package audit_test

import (
	"io/fs"
	"os"
	"regexp"
	"strings"
	"testing"

	"persepsi/internal/audit"
)

// Whoever asks for the entries of one action is refused another name, so that none may
// be written which is not in the list. Each is told of in docs/audit.md.
func TestEveryActionIsInTheList(t *testing.T) {
	t.Parallel()
	root := os.DirFS("../..")
	literal := regexp.MustCompile("(Action: *|said\\([^,\n]*, )[\"`]")
	uses := 0
	for _, dir := range []string{"cmd", "handlers", "internal", "survey"} {
		if err := fs.WalkDir(root, dir, func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() && d.Name() == "storetest" {
				return fs.SkipDir
			}
			if d.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
				return nil
			}
			text, err := fs.ReadFile(root, name)
			if err != nil {
				return err
			}
			uses += strings.Count(string(text), "audit.UndoImport")
			if strings.Contains(string(text), "internal/audit") && literal.Match(text) {
				t.Errorf("%s: an action is written out; use the constants of internal/audit", name)
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	}
	if uses == 0 {
		t.Error("no source was read")
	}
	doc, err := fs.ReadFile(root, "docs/audit.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, action := range audit.Actions() {
		if !strings.Contains(string(doc), "`"+action+"`") {
			t.Errorf("docs/audit.md tells nothing of %s", action)
		}
	}
}
