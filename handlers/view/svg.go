package view

import (
	"fmt"
	"html/template"
	"strconv"
	"strings"

	"persepsi/internal/chart"
)

// drawings paints a chart at each of its widths as SVG; the style sheet shows the widest
// that its place has room for. Title and description are elements of each: a program
// that reads the page aloud names the picture by them, and no id has to be unique.
func drawings(c *chart.Chart) template.HTML {
	var out strings.Builder
	for i := range c.Drawings {
		paint(&out, c.Drawings, i, c.Title, c.Desc)
	}
	return template.HTML(out.String()) //nolint:gosec // every text is escaped by paint
}

// strips paints drawings whose numbers stand beside them as words: nobody has to read
// them aloud.
func strips(all []chart.Drawing) template.HTML {
	var out strings.Builder
	for i := range all {
		paint(&out, all, i, "", "")
	}
	return template.HTML(out.String()) //nolint:gosec // every text is escaped by paint
}

// paint writes the i-th of the drawings of a chart. Its classes say from which width of
// its place it is shown, and from which the next one is.
func paint(out *strings.Builder, all []chart.Drawing, i int, title, desc string) {
	d := &all[i]
	w, h := place(d.Width), place(d.Height)
	fmt.Fprintf(out, `<svg width="%s" height="%s" viewBox="0 0 %s %s"`, w, h, w, h)
	var classes []string
	if i > 0 {
		classes = append(classes, "at"+w)
	}
	if i+1 < len(all) {
		classes = append(classes, "to"+place(all[i+1].Width))
	}
	if classes != nil {
		fmt.Fprintf(out, ` class="%s"`, strings.Join(classes, " "))
	}
	if title == "" {
		out.WriteString(` aria-hidden="true">`)
	} else {
		fmt.Fprintf(out, ` role="img"><title>%s</title><desc>%s</desc>`, template.HTMLEscapeString(title), template.HTMLEscapeString(desc))
	}
	for k := 0; k < len(d.Commands); k++ {
		c := d.Commands[k]
		if first, ok := c.(chart.Path); ok { // neighbours of one role are one element
			fmt.Fprintf(out, `<path class="%s" d="`, first.Role)
			for ; k < len(d.Commands); k++ {
				p, ok := d.Commands[k].(chart.Path)
				if !ok || p.Role != first.Role {
					break
				}
				course(out, p)
			}
			k--
			out.WriteString(`"/>`)
			continue
		}
		shape(out, c)
	}
	out.WriteString("</svg>\n")
}

func shape(out *strings.Builder, c chart.Command) {
	switch c := c.(type) {
	case chart.Rect:
		fmt.Fprintf(out, `<rect class="%s" x="%s" y="%s" width="%s" height="%s"`, c.Role, place(c.X), place(c.Y), place(c.Width), place(c.Height))
		if c.Round > 0 {
			fmt.Fprintf(out, ` rx="%s"`, place(c.Round))
		}
		out.WriteString("/>")
	case chart.Circle:
		fmt.Fprintf(out, `<circle class="%s" cx="%s" cy="%s" r="%s"/>`, c.Role, place(c.X), place(c.Y), place(c.Radius))
	case chart.Text:
		class := []string{}
		if c.Role != chart.Label { // what texts are unless they say otherwise
			class = append(class, string(c.Role))
		}
		if c.Anchor != chart.Start {
			class = append(class, []string{"", "mid", "end"}[c.Anchor])
		}
		fmt.Fprintf(out, `<text x="%s" y="%s"`, place(c.X), place(c.Y))
		if len(class) > 0 {
			fmt.Fprintf(out, ` class="%s"`, strings.Join(class, " "))
		}
		fmt.Fprintf(out, ">%s</text>", template.HTMLEscapeString(c.Words))
	}
}

// course writes the points of a path as data of SVG.
func course(out *strings.Builder, p chart.Path) {
	same := func(get func(chart.Point) float64) bool {
		return len(p.Points) == 2 && place(get(p.Points[0])) == place(get(p.Points[1]))
	}
	x, y := func(q chart.Point) float64 { return q.X }, func(q chart.Point) float64 { return q.Y }
	first, last := p.Points[0], p.Points[len(p.Points)-1]
	fmt.Fprintf(out, "M%s %s", place(first.X), place(first.Y))
	switch {
	case same(x):
		fmt.Fprintf(out, "V%s", place(last.Y))
	case same(y):
		fmt.Fprintf(out, "H%s", place(last.X))
	default:
		for _, q := range p.Points[1:] {
			fmt.Fprintf(out, "L%s %s", place(q.X), place(q.Y))
		}
	}
	if p.Closed {
		out.WriteString("Z")
	}
}

// place writes a length with one decimal at most.
func place(v float64) string {
	return strings.TrimSuffix(strconv.FormatFloat(v, 'f', 1, 64), ".0")
}
