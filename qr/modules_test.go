package qr_test

import (
	"encoding/xml"
	"fmt"
	"image"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"persepsi/qr"
)

// svgModules reads the modules back from the SVG: the first path must be the
// white ground of the whole picture, the second the dark ones.
func svgModules(t *testing.T, url string) [][]bool {
	t.Helper()
	data, err := qr.SVG(url)
	if err != nil {
		t.Fatal(err)
	}
	var doc struct {
		ViewBox string `xml:"viewBox,attr"`
		Label   string `xml:"aria-label,attr"`
		Paths   []struct {
			Fill string `xml:"fill,attr"`
			D    string `xml:"d,attr"`
		} `xml:"path"`
	}
	if err := xml.Unmarshal(data, &doc); err != nil {
		t.Fatalf("%v: %s", err, data)
	}
	var width, height int
	if _, err := fmt.Sscanf(doc.ViewBox, "0 0 %d %d", &width, &height); err != nil || width != height {
		t.Fatalf("viewBox = %q: %v", doc.ViewBox, err)
	}
	if len(doc.Paths) != 2 || doc.Label == "" {
		t.Fatalf("%d paths, label %q", len(doc.Paths), doc.Label)
	}
	ground := pathModules(t, doc.Paths[0].D, width)
	if doc.Paths[0].Fill != "#fff" || count(ground) != width*height {
		t.Fatalf("the ground is %q on %d of %d modules", doc.Paths[0].Fill, count(ground), width*height)
	}
	if fill := doc.Paths[1].Fill; fill != "" {
		t.Fatalf("the modules are %q, want black, which is the default", fill)
	}
	return pathModules(t, doc.Paths[1].D, width)
}

var (
	rectangles = regexp.MustCompile(`^(?:M(\d+) (\d+)h([1-9]\d*)v(\d+)(?:h-(\d+)|H(\d+))z)+$`)
	rectangle  = regexp.MustCompile(`M(\d+) (\d+)h(\d+)v(\d+)(?:h-(\d+)|H(\d+))z`)
)

// pathModules fills what a path of rectangles encloses: M x y, right, down,
// back to the left edge, closed.
func pathModules(t *testing.T, path string, n int) [][]bool {
	t.Helper()
	if !rectangles.MatchString(path) {
		t.Fatalf("the path is not one of rectangles: %.80s", path)
	}
	rows := make([][]bool, n)
	for y := range rows {
		rows[y] = make([]bool, n)
	}
	number := func(s string) int {
		v, err := strconv.Atoi(s)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	for _, m := range rectangle.FindAllStringSubmatch(path, -1) {
		x, y, w, h := number(m[1]), number(m[2]), number(m[3]), number(m[4])
		if (m[5] != "" && number(m[5]) != w) || (m[6] != "" && number(m[6]) != x) {
			t.Fatalf("%s does not come back to where it began", m[0])
		}
		for j := y; j < y+h; j++ {
			for i := x; i < x+w; i++ {
				rows[j][i] = true
			}
		}
	}
	return rows
}

// terminalModules reads the modules as a terminal shows them: colours are
// followed, and a place that is neither black nor white fails the test, since
// it would be left to the terminal's own colours.
func terminalModules(t *testing.T, url string) [][]bool {
	t.Helper()
	text, err := qr.Terminal(url)
	if err != nil {
		t.Fatal(err)
	}
	var rows [][]bool
	for line := range strings.Lines(text) {
		top, bottom := terminalLine(t, strings.TrimSuffix(line, "\n"))
		rows = append(rows, top, bottom)
	}
	// An odd number of rows is filled up with a white one.
	if last := rows[len(rows)-1]; len(rows) == len(last)+1 && count([][]bool{last}) == 0 {
		rows = rows[:len(rows)-1]
	}
	if len(rows) != len(rows[0]) {
		t.Fatalf("%d rows of %d modules", len(rows), len(rows[0]))
	}
	return rows
}

// terminalLine reads one line of half blocks.
func terminalLine(t *testing.T, line string) (top, bottom []bool) {
	t.Helper()
	front, back := "", "" // no colour is set yet
	for line != "" {
		if codes, ok := strings.CutPrefix(line, "\x1b["); ok {
			set, rest, found := strings.Cut(codes, "m")
			if !found {
				t.Fatalf("a colour never ends: %q", line)
			}
			front, back = colours(t, set, front, back)
			line = rest
			continue
		}
		sign, size := utf8.DecodeRuneInString(line)
		line = line[size:]
		shades := map[rune][2]string{'█': {front, front}, '▀': {front, back}, '▄': {back, front}, ' ': {back, back}}[sign]
		top, bottom = append(top, black(t, shades[0])), append(bottom, black(t, shades[1]))
	}
	if front != "" || back != "" {
		t.Error("the colours are not put back at the end of the line")
	}
	return top, bottom
}

// colours follows one sequence of colour codes.
func colours(t *testing.T, codes, front, back string) (newFront, newBack string) {
	t.Helper()
	list := strings.Split(codes, ";")
	for i := 0; i < len(list); i++ {
		switch {
		case list[i] == "0":
			front, back = "", ""
		case i+2 < len(list) && list[i] == "38" && list[i+1] == "5":
			front, i = list[i+2], i+2
		case i+2 < len(list) && list[i] == "48" && list[i+1] == "5":
			back, i = list[i+2], i+2
		default:
			t.Fatalf("colour code %q is not known here", codes)
		}
	}
	return front, back
}

// black tells the two colours apart that a symbol may have: 16 is black and
// 231 white in the part of the 256 colours that no terminal's theme changes.
func black(t *testing.T, colour string) bool {
	t.Helper()
	if colour != "16" && colour != "231" {
		t.Fatalf("colour %q depends on the terminal", colour)
	}
	return colour == "16"
}

func count(rows [][]bool) int {
	n := 0
	for _, row := range rows {
		for _, dark := range row {
			if dark {
				n++
			}
		}
	}
	return n
}

// darkBox is the smallest rectangle that holds everything dark.
func darkBox(rows [][]bool) image.Rectangle {
	var box image.Rectangle
	for y, row := range rows {
		for x, dark := range row {
			if dark {
				box = box.Union(image.Rect(x, y, x+1, y+1))
			}
		}
	}
	return box
}

// dark tells which pixels of a picture are nearer to black.
func dark(img image.Image) [][]bool {
	g := grey(img)
	rows := make([][]bool, g.Rect.Dy())
	for y := range rows {
		rows[y] = make([]bool, g.Rect.Dx())
		for x := range rows[y] {
			rows[y][x] = g.GrayAt(x, y).Y < 128
		}
	}
	return rows
}
