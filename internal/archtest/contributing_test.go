package archtest

import (
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// drawn reads the drawing of a house: the rows from its top, each with its name and, in their
// order, the last parts of its rooms' paths. A line between rows is of dashes, a row has one
// line or more, and its name begins the first of them.
func drawn(drawing string) (out []string) {
	below := true
	for _, line := range strings.Split(strings.TrimRight(drawing, "\n"), "\n") {
		line = strings.TrimSpace(line)
		if strings.Trim(line, "─") == "" {
			below = true
			continue
		}
		names := strings.Join(apart.Split(line, -1), " | ")
		if below {
			out = append(out, names)
		} else {
			out[len(out)-1] += " | " + names
		}
		below = false
	}
	return out
}

// apart is what stands between two names of a drawing; a name may be of two words.
var apart = regexp.MustCompile(" {2,}")

// asDrawn returns what drawn reads where a table is drawn as it is, without its test code.
func asDrawn(rows []row, testing []string) (out []string) {
	for _, of := range rows {
		names := []string{of.name}
		for _, room := range of.rooms {
			if !slices.Contains(testing, room.path) {
				names = append(names, path.Base(room.path))
			}
		}
		if len(names) > 1 {
			out = append(out, strings.Join(names, " | "))
		}
	}
	return out
}

func TestTheHouseIsDrawnAsTheTableHasIt(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../../CONTRIBUTING.md")
	if err != nil {
		t.Fatal(err)
	}
	drawing := regexp.MustCompile("(?s)## The house\n.*?```\n(.*?)```").FindSubmatch(page)
	if drawing == nil {
		t.Fatal("CONTRIBUTING.md draws no house")
	}
	if got, want := drawn(string(drawing[1])), asDrawn(house(), architecture().testing); !slices.Equal(got, want) {
		t.Errorf("CONTRIBUTING.md draws\n%s\nand the table is\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestADrawingIsReadInItsOrder(t *testing.T) {
	t.Parallel()
	got := drawn(" top row    a   b\n            c\n ─────\n ground     d\n")
	if want := []string{"top row | a | b | c", "ground | d"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestContributingAndTheTableNameTheSameRooms: the guide says where things belong, the table
// what each room may import.
func TestContributingAndTheTableNameTheSameRooms(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../../CONTRIBUTING.md")
	if err != nil {
		t.Fatal(err)
	}
	table := architecture()
	for _, room := range table.rooms {
		if _, err := os.Stat("../../" + room.path); err != nil {
			t.Errorf("the table has %s, which is not there", room.path)
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
