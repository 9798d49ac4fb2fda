package chart_test

import (
	"crypto/sha256"
	"flag"
	"fmt"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"persepsi/internal/chart"
	"persepsi/internal/testtools"
)

var update = flag.Bool("update", false, "write the drawings that are expected")

// written returns a drawing, a mark a line, to a tenth of a pixel.
func written(d *chart.Drawing) string {
	var b strings.Builder
	fmt.Fprintf(&b, "drawing %.0f × %.1f\n", d.Width, d.Height)
	for _, c := range d.Commands {
		switch m := c.(type) {
		case chart.Path:
			fmt.Fprintf(&b, "  path %s closed=%t", m.Role, m.Closed)
			for _, p := range m.Points {
				fmt.Fprintf(&b, " %.1f,%.1f", p.X, p.Y)
			}
			b.WriteByte('\n')
		case chart.Rect:
			fmt.Fprintf(&b, "  rect %s %.1f,%.1f %.1f×%.1f round %.1f\n", m.Role, m.X, m.Y, m.Width, m.Height, m.Round)
		case chart.Circle:
			fmt.Fprintf(&b, "  circle %s %.1f,%.1f radius %.1f\n", m.Role, m.X, m.Y, m.Radius)
		case chart.Text:
			fmt.Fprintf(&b, "  text %s %.1f,%.1f anchor %d %q\n", m.Role, m.X, m.Y, m.Anchor, m.Words)
		}
	}
	return b.String()
}

// all writes a chart down.
func all(c *chart.Chart) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n%s\ntable %q %q\n", c.Title, c.Desc, c.Table.Columns, c.Table.Rows)
	for i := range c.Drawings {
		b.WriteString(written(&c.Drawings[i]))
	}
	if c.Grid != nil {
		fmt.Fprintf(&b, "%+v\n", *c.Grid)
	}
	if c.Ranking == nil {
		return b.String()
	}
	for i := range c.Ranking.Head {
		b.WriteString(written(&c.Ranking.Head[i]))
	}
	for _, row := range c.Ranking.Rows[:min(4, len(c.Ranking.Rows))] {
		for i := range row.Drawings {
			b.WriteString(written(&row.Drawings[i]))
		}
	}
	return b.String()
}

// A drawing changes only on purpose: no law says where exactly a word stands beside its dot, and
// whoever moves it should have looked. -update writes the drawings anew: the first so that they
// can be read, of the others a checksum. They are of drawn inputs, by seed: another version of
// rapid may draw others.
func TestDrawingsAreWhatTheyWere(t *testing.T) {
	t.Parallel()
	if runtime.GOARCH != "amd64" {
		t.Skip("drawings are compared on amd64 alone: other processors multiply and add in one step, and a tenth of a pixel may round otherwise")
	}
	const read, others = 10, 300
	for name, build := range builders() {
		var b strings.Builder
		sum := sha256.New()
		for seed := range read + others {
			text := all(rapid.Custom(func(r *rapid.T) *chart.Chart { return build(r) }).Example(seed))
			if seed < read {
				fmt.Fprintf(&b, "%d: %s", seed, text)
			} else {
				sum.Write([]byte(text))
			}
		}
		fmt.Fprintf(&b, "%d others: %x\n", others, sum.Sum(nil)[:8])
		file := filepath.Join("testdata", name+".txt")
		testtools.Golden(t, *update, file, b.String())
	}
}
