package chart

// RanksInput is units on one axis, in the order in which they shall stand: by their
// value, without numbers, for many can't be told apart. The caller cuts a long list.
type RanksInput struct {
	Head
	From, To Value
	Grades   []Limit // as of StripInput
	Units    []RankedUnit
}

// RankedUnit is one unit. Index is nil where nothing may be shown, which Withheld says:
// such units stand last, whatever their place in the list.
type RankedUnit struct {
	Name, Note string // Note: its agency
	Link       string // address of the unit's page; empty: none
	Index      *Estimate
	Places     string // the possible places, in words: "mungkin 5–12"
	N          string
	Withheld   string
}

// Ranking is the rows of units, each with its strip, and the head of their common axis.
type Ranking struct {
	Words Words
	Head  []Drawing // at each width, as the drawings of the rows
	Rows  []RankingRow
}

// RankingRow is a unit with its drawings, none where nothing may be shown.
type RankingRow struct {
	RankedUnit
	Drawings []Drawing
}

// Ranks draws units beneath each other on one axis, each with the places that it could
// have. Names are no part of the drawing: they are links, and break as words do.
func Ranks(in RanksInput, widths ...int) *Chart {
	if len(widths) == 0 {
		widths = []int{Part}
	}
	w := in.Words
	c := &Chart{Title: in.Title, Desc: in.Desc, Ranking: &Ranking{Words: w}}
	c.Table.Columns = []string{w.Name, w.Value, w.Low, w.High, w.Ranks, w.N}
	for _, width := range widths {
		c.Ranking.Head = append(c.Ranking.Head, in.head(float64(width)))
	}
	for _, withheld := range []bool{false, true} {
		for _, u := range in.Units {
			if withheld != (u.Index == nil) {
				continue
			}
			row := RankingRow{RankedUnit: u}
			for _, width := range widths {
				if u.Index != nil {
					row.Drawings = append(row.Drawings, in.row(float64(width), u.Index))
				}
			}
			c.Ranking.Rows = append(c.Ranking.Rows, row)
			c.Table.Rows = append(c.Table.Rows, append(append([]string{u.Name}, u.Index.cells(u.Withheld)...), u.Places, u.N))
		}
	}
	if c.Desc == "" {
		c.Desc = c.Table.spoken()
	}
	return c
}

func (in *RanksInput) scale(width float64) scale { return scale{in.From.At, in.To.At, 8, width - 8} }

// head names the limits and the grades between them.
func (in *RanksInput) head(width float64) Drawing {
	d := Drawing{Width: width, Height: 22}
	s, p := in.scale(width), &places{within: box{0, 0, width, d.Height}}
	for _, g := range in.Grades {
		if g.At > in.From.At {
			p.put(&d, Text{Small, s.at(g.At), 15, Middle, g.Brief})
		}
	}
	for i, g := range in.Grades {
		right := s.right
		if i+1 < len(in.Grades) {
			right = s.at(in.Grades[i+1].At)
		}
		p.put(&d, Text{Small, (s.at(g.At) + right) / 2, 15, Middle, g.Name})
	}
	return d
}

func (in *RanksInput) row(width float64, x *Estimate) Drawing {
	d := Drawing{Width: width, Height: 32}
	s, y := in.scale(width), d.Height/2
	d.line(Axis, s.left, y, s.right, y)
	d.band(s.at(x.Low.At), s.at(x.High.At), y, 7, false)
	for _, g := range in.Grades {
		if g.At <= in.From.At {
			continue
		}
		role := Limiting
		if g.At > x.Low.At && g.At < x.High.At {
			role = Inside
		}
		d.line(role, s.at(g.At), 0, s.at(g.At), d.Height)
	}
	d.add(Circle{Dot, s.at(x.Mean.At), y, 5})
	return d
}
