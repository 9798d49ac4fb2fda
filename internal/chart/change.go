package chart

// ChangeInput is a value before and after something was done about it.
type ChangeInput struct {
	Head
	// From and To are the ends of the axis: the same for all charts that stand together.
	From, To      float64
	Before, After Aspect
	// Target is what was aimed at; its name stands above its line: "sasaran 3,25".
	Target *Limit
}

// Change draws two rows on one axis: before, hollow and pale, and after, with the target
// as a dashed line through both. What is not known yet is a row without a dot, and says
// so beside its name.
func Change(in ChangeInput, widths ...int) *Chart {
	w := in.Words
	table := Table{Columns: []string{w.Name, w.Value, w.Low, w.High}}
	for _, r := range []Aspect{in.Before, in.After} {
		table.Rows = append(table.Rows, append([]string{r.Name}, r.Index.cells(r.Withheld)...))
	}
	if in.Target != nil {
		table.Rows = append(table.Rows, []string{w.Target, in.Target.Text, "", ""})
	}
	return build(in.Head, table, widths, []int{Part, Half}, in.draw)
}

func (in *ChangeInput) draw(d *Drawing) {
	widest := Strong.width("0,00")
	for _, r := range []Aspect{in.Before, in.After} {
		if r.Index != nil {
			widest = max(widest, Strong.width(r.Index.Mean.Text))
		}
	}
	s := scale{in.From, in.To, 6, d.Width - widest - 12}
	p := &places{}
	rows := []Aspect{in.Before, in.After}
	lines := make([][]string, 2)
	y := 22.0
	at := make([]float64, 2)
	for i, r := range rows {
		lines[i] = Plain.wrap(r.said(), s.right)
		y += lineHigh*float64(len(lines[i])) + 10
		at[i] = y
		y += 14
	}
	d.Height = y + 18
	p.within = box{0, 0, d.Width, d.Height}
	if in.Target != nil {
		x := s.at(in.Target.At)
		p.put(d, Text{Plain, x, 14, Middle, in.Target.Name}, Text{Plain, 0, 14, Start, in.Target.Name}, Text{Plain, d.Width, 14, End, in.Target.Name})
		// The line leaves out the names that it would cross.
		from := 20.0
		for i := range rows {
			for k, line := range lines[i] {
				words := Text{Plain, 0, at[i] - 14 - lineHigh*float64(len(lines[i])-1-k), Start, line}.bounds()
				if x > words.right+3 || words.top <= from {
					continue
				}
				d.line(Target, x, from, x, words.top)
				from = words.bottom + 1
			}
		}
		defer d.line(Target, x, from, x, at[1]+12)
	}
	for i, r := range rows {
		for k, line := range lines[i] {
			d.add(Text{Plain, 0, at[i] - 14 - lineHigh*float64(len(lines[i])-1-k), Start, line})
		}
		d.line(Axis, s.left, at[i], s.right, at[i])
		if r.Index == nil {
			d.add(Text{Label, d.Width, at[i] + 4, End, "–"})
			continue
		}
		d.band(s.at(r.Index.Low.At), s.at(r.Index.High.At), at[i], 6, false, i == 0)
		role, value := Hollow, Plain
		if i == 1 {
			role, value = Dot, Strong
		}
		d.add(Circle{role, s.at(r.Index.Mean.At), at[i], 5.5})
		d.add(Text{value, d.Width, at[i] + 4, End, r.Index.Mean.Text})
	}
	all, digits := ticks(in.From, in.To, int(max(3, (s.right-s.left)/75)))
	for _, v := range all {
		p.put(d, Text{Small, s.at(v), d.Height - 5, Middle, in.Numbers(digits, v)})
	}
}
