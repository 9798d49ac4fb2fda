package typeset

import (
	"strconv"

	"persepsi/internal/document"
	"persepsi/internal/ink"
	"persepsi/internal/pdf"
)

// section returns the pieces of a section, its heading first.
func (s *setter) section(i int) []piece {
	sec := &s.doc.Sections[i]
	var out []piece
	if sec.Title != "" {
		size, above := 16.5, 9.0
		switch {
		case sec.Level == 2:
			size, above = 12.5, 8
		case sec.Level > 2:
			size, above = 10.5, 6
		}
		h := &heading{title: sec.Title, level: max(sec.Level, 1), target: s.file.NewTarget()}
		s.heads = append(s.heads, h)
		out = s.lines(document.Plain(sec.Title), strong(size), 0, above)
		for j := range out {
			out[j].tied = true
		}
		out[0].mark = h
	}
	for j, b := range sec.Blocks {
		made := s.block(b)
		if j == 0 && len(out) > 0 && len(made) > 0 {
			made[0].above = min(made[0].above, 3)
		}
		out = append(out, made...)
		s.doc.Pause()
	}
	if len(out) > 0 {
		out[0].apart = sec.Apart
	}
	return out
}

// block returns the pieces of a block.
func (s *setter) block(b document.Block) []piece {
	switch b := b.(type) {
	case document.Paragraph:
		return s.paragraph(b)
	case document.List:
		return s.list(b)
	case document.Table:
		return s.table(b)
	case document.Figure:
		return s.figure(b)
	case document.Facts:
		return s.facts(b)
	case document.Picture:
		return s.picture(b)
	case document.Signatures:
		return s.signatures(b)
	}
	return nil
}

// spans gives runs their style.
func (s *setter) spans(runs []document.Run, style pdf.Style) []pdf.Span {
	out := make([]pdf.Span, len(runs))
	for i, r := range runs {
		one := style
		switch {
		case r.Bold:
			one.Face = pdf.Bold
		case r.Italic && one.Face != pdf.Bold:
			one.Face = pdf.Italic
		}
		if r.Address != "" {
			one.Color = s.accent
		}
		out[i] = pdf.Span{Style: one, Text: r.Text, Address: r.Address}
	}
	return out
}

// lines sets a text as a piece each line, so that no line is left alone at the foot or the
// top of a page.
func (s *setter) lines(runs []document.Run, style pdf.Style, indent, above float64) []piece {
	broken := s.file.Lines(s.spans(runs, style), frameOf(false).width-indent)
	return s.set(broken, style, indent, above)
}

func (s *setter) set(broken [][]pdf.Span, style pdf.Style, indent, above float64) []piece {
	out := make([]piece, len(broken))
	for i, line := range broken {
		out[i] = piece{height: style.Leading(), tied: i == 0 || i == len(broken)-2, paint: func(x, y float64) {
			s.file.Line(x+indent, y+baseline(style), 0, pdf.Left, line)
		}}
	}
	if n := len(out); n > 0 {
		out[0].above = above
		out[n-1].tied = false
	}
	return out
}

// baseline is how far below the top of its line the letters of a style stand.
func baseline(style pdf.Style) float64 { return style.Leading() * 0.74 }

func (s *setter) paragraph(b document.Paragraph) []piece {
	style, above, indent := body(), 3.0, 0.0
	if b.Small {
		style, above = small(), 2
	}
	if b.Quote {
		indent = 6
	}
	out := s.lines(b.Runs, style, indent, above)
	if !b.Quote {
		return out
	}
	for i := range out {
		inner := out[i].paint
		out[i].paint = func(x, y float64) {
			s.file.Stroke(ink.Edge, 0.6)
			s.file.Rule(x+2, y, x+2, y+style.Leading())
			inner(x, y)
		}
	}
	return out
}

func (s *setter) list(b document.List) []piece {
	const indent = 7
	var out []piece
	for i, item := range b.Items {
		above := 1.2
		if i == 0 {
			above = 3
		}
		lines := s.lines(item, body(), indent, above)
		if len(lines) == 0 {
			continue
		}
		sign := "•"
		if b.Numbered {
			sign = strconv.Itoa(i+1) + "."
		}
		inner := lines[0].paint
		lines[0].paint = func(x, y float64) {
			s.file.Line(x, y+baseline(body()), indent-2, pdf.Right, []pdf.Span{{Style: body(), Text: sign}})
			inner(x, y)
		}
		out = append(out, lines...)
	}
	return out
}

// mostLines is how many lines of a fact are kept together: a longer one is cut.
const mostLines = 40

func (s *setter) facts(b document.Facts) []piece {
	const column, gap = 48.0, 4.0
	name, value := pdf.Style{Size: 9.5, Color: ink.Soft}, body()
	width := frameOf(false).width
	var out []piece
	for i, f := range b.Rows {
		names := s.file.Lines([]pdf.Span{{Style: name, Text: f.Name}}, column)
		values := s.file.Lines(s.spans(f.Value, value), width-column-gap)
		for from := 0; from < max(len(names), len(values)); from += mostLines {
			left := names[min(from, len(names)):min(from+mostLines, len(names))]
			right := values[min(from, len(values)):min(from+mostLines, len(values))]
			p := piece{height: float64(max(len(left), len(right))) * value.Leading(), paint: func(x, y float64) {
				for k, l := range left { // the whole name is read before its value
					s.file.Line(x, y+float64(k)*value.Leading()+baseline(value), column, pdf.Left, l)
				}
				for k, l := range right {
					s.file.Line(x+column+gap, y+float64(k)*value.Leading()+baseline(value), 0, pdf.Left, l)
				}
			}}
			if from == 0 {
				p.above = 1
				if i == 0 {
					p.above = 3
				}
			}
			out = append(out, p)
		}
	}
	return out
}

// contents returns the list of sections: chapters and their parts.
func (s *setter) contents() []piece {
	if s.doc.Contents == "" || len(s.heads) == 0 {
		return nil
	}
	out := s.lines(document.Plain(s.doc.Contents), strong(16.5), 0, 0)
	for i := range out {
		out[i].tied = true
	}
	for _, h := range s.heads {
		if h.level > 2 {
			continue
		}
		out = append(out, s.entry(h)...)
	}
	return out
}

// entry is a line of the contents: title, dots, number; the whole of it is a link.
func (s *setter) entry(h *heading) []piece {
	const number, dot = 12.0, 1.6
	style, indent, above := body(), 0.0, 1.2
	if h.level == 1 {
		style.Face, above = pdf.Bold, 3
	} else {
		indent = 6
	}
	width := frameOf(false).width
	broken := s.file.Lines([]pdf.Span{{Style: style, Text: h.title}}, width-indent-number)
	out := s.set(broken, style, indent, above)
	for i := range out {
		out[i].tied = i+1 < len(out)
		inner, last := out[i].paint, i+1 == len(out)
		out[i].paint = func(x, y float64) {
			inner(x, y)
			s.file.LinkTo(h.target, x, y, width, style.Leading())
			if !last {
				return
			}
			base := y + baseline(style)
			s.file.Line(x, base, width, pdf.Right, []pdf.Span{{Style: style, Text: strconv.Itoa(h.page)}})
			from := x + indent + 2
			for _, span := range broken[i] {
				from += s.file.Width(span.Style, span.Text)
			}
			if to := x + width - number + 3; to > from {
				s.file.Stroke(ink.Edge, 0.25, 0.25, dot)
				s.file.Rule(from, base, to, base)
			}
		}
	}
	return out
}
