package chart

// StripInput is one index on its axis.
type StripInput struct {
	Head
	// From and To are the ends of the axis: 65 and 100 (2.6 and 4 of an index of 4). Their
	// texts stand at the ends, if they have some.
	From, To Value
	// Grades are the lowest values of the grades, the lowest grade of the axis first, with
	// their letters.
	Grades []Limit
	// Index is the value; nil: none yet or withheld, which Withheld says in the table.
	Index    *Estimate
	Withheld string
	Grade    string // the letter of Index
	// Before is the value of the period before, if it may be compared.
	Before *Value
}

// Strip draws an index: its axis with the limits and letters of grades, the band and
// dot, and a hollow triangle where the period before was. A limit inside the band is
// drawn over it: that the grade could be another is seen, not only said. A value below
// the axis stands at its edge with its number.
func Strip(in StripInput, widths ...int) *Chart {
	table := Table{}
	row := func(name, text string) { table.Rows = append(table.Rows, []string{name, text}) }
	if in.Index == nil {
		row(in.Words.Value, in.Withheld)
	} else {
		row(in.Words.Value, in.Index.Mean.Text)
		row(in.Words.Low, in.Index.Low.Text)
		row(in.Words.High, in.Index.High.Text)
	}
	if in.Before != nil {
		row(in.Words.Before, in.Before.Text)
	}
	for i := len(in.Grades) - 1; i >= 0; i-- {
		row(in.Words.GradeFrom(in.Grades[i].Name), in.Grades[i].Text)
	}
	return build(in.Head, table, widths, []int{Slot, Half}, in.draw)
}

func (in *StripInput) draw(d *Drawing) {
	const edge, half = 10.0, 8.0
	s := scale{in.From.At, in.To.At, edge, d.Width - edge}
	y := 22.0
	numbered := in.From.Text != ""
	if numbered {
		y += 8
	}
	d.Height = y + 30
	p := &places{within: box{0, 0, d.Width, d.Height}}
	d.line(Axis, s.left, y, s.right, y)
	if numbered {
		p.put(d, Text{Small, s.left - 4, 11, Start, in.From.Text})
		p.put(d, Text{Small, s.right + 4, 11, End, in.To.Text})
	}
	if x := in.Index; x != nil {
		d.band(s.at(x.Low.At), s.at(x.High.At), y, half, false)
		if x.Mean.At < in.From.At { // a letter that has no room beside it gives way
			p.put(d, Text{Strong, 2, y + 26, Start, in.Grade + " " + x.Mean.Text})
		}
	}
	for i, g := range in.Grades {
		left, right := s.at(g.At), s.right
		if i+1 < len(in.Grades) {
			right = s.at(in.Grades[i+1].At)
		}
		if g.At > in.From.At {
			d.line(in.limit(g), left, y-half-2, left, y+half+2)
			p.put(d, Text{Small, left, 11, Middle, g.Brief})
		}
		role := Label
		if in.Index != nil && g.Name == in.Grade {
			role = Strong
		}
		if right-left >= role.width(g.Name) {
			p.put(d, Text{role, (left + right) / 2, y + 26, Middle, g.Name})
		}
	}
	if in.Before != nil {
		x, top := s.at(in.Before.At), y-half-10
		d.add(Path{Hollow, []Point{{x - 4.5, top}, {x + 4.5, top}, {x, top + 7}}, true})
		p.block(box{x - 5, top - 1, x + 5, top + 8})
	}
	if x := in.Index; x != nil {
		d.add(Circle{Dot, s.at(x.Mean.At), y, 5})
	}
}

// limit returns the role of a grade's limit: one inside the band is drawn over it.
func (in *StripInput) limit(g Limit) Role {
	if x := in.Index; x != nil && g.At > x.Low.At && g.At < x.High.At {
		return Inside
	}
	return Limiting
}
