package archtest

import (
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
)

// beside is what stands between the names of rooms in the drawing.
func beside(r rune) bool { return !unicode.IsLetter(r) && r != '-' }

// TestContributingAndTheTableNameTheSameRooms: the guide says where things belong, the table
// what each room may import.
func TestContributingAndTheTableNameTheSameRooms(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../../CONTRIBUTING.md")
	if err != nil {
		t.Fatal(err)
	}
	table := architecture()
	drawing := regexp.MustCompile("(?s)## The house\n.*?```\n(.*?)```").FindSubmatch(page)
	if drawing == nil {
		t.Fatal("CONTRIBUTING.md draws no house")
	}
	for _, room := range table.rooms {
		if _, err := os.Stat("../../" + room.path); err != nil {
			t.Errorf("the table has %s, which is not there", room.path)
		}
		if product := !slices.Contains(table.testing, room.path); product != slices.Contains(strings.FieldsFunc(string(drawing[1]), beside), path.Base(room.path)) {
			t.Errorf("%s is product code: %t, and in the drawing: %t", room.path, product, !product)
		}
		if !regexp.MustCompile("`" + regexp.QuoteMeta(room.path) + "[`/.]").Match(page) {
			t.Errorf("CONTRIBUTING.md does not tell what belongs into %s", room.path)
		}
	}
	named := 0
	for _, m := range regexp.MustCompile("`((?:cmd|handlers|internal|survey|analytics|qr|migrations|docs)/[a-z0-9_/.-]+)`").FindAllStringSubmatch(string(page), -1) {
		named++
		if _, err := os.Stat("../../" + strings.TrimSuffix(m[1], "/")); err != nil {
			t.Errorf("CONTRIBUTING.md names %s, which is not there", m[1])
		}
	}
	if named < 50 {
		t.Errorf("%d paths of CONTRIBUTING.md were read", named)
	}
}
