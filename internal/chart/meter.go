package chart

// MeterInput is a sample: counts, as their own numbers.
type MeterInput struct {
	Head
	SoFar Value
	// Pace is what it will be at the period's end at this pace; nil: it is over, or there
	// is no pace yet.
	Pace *Value
	// Needed is the sample that is needed; nil: nobody knows, for the number of people
	// served is not known.
	Needed *Value
	// PaceWords and NeededWords stand beside their marks: "perkiraan 181", "perlu 217".
	PaceWords, NeededWords string
}

// Meter draws a sample: filled what there is, dashed what there will be at this pace,
// an upright line what is needed. It looks the same when that is reached: more answers
// are still welcome. Without a need there is an empty rail, for nothing tells how full
// it is.
func Meter(in MeterInput, widths ...int) *Chart {
	table := Table{Rows: [][]string{{in.Words.SoFar, in.SoFar.Text}}}
	if in.Pace != nil {
		table.Rows = append(table.Rows, []string{in.Words.Pace, in.Pace.Text})
	}
	if in.Needed != nil {
		table.Rows = append(table.Rows, []string{in.Words.Needed, in.Needed.Text})
	}
	return build(in.Head, table, widths, []int{Slot, Half}, in.draw)
}

func (in *MeterInput) draw(d *Drawing) {
	const y, high = 22.0, 11.0
	d.Height = 56
	p := &places{within: box{0, 0, d.Width, d.Height}}
	d.add(Rect{Rail, 1, y, d.Width - 2, high, high / 2})
	if in.Needed == nil {
		return
	}
	most := max(in.Needed.At*1.1, in.SoFar.At, 1)
	if in.Pace != nil {
		most = max(most, in.Pace.At)
	}
	s := scale{0, most, 1, d.Width - 1}
	if in.Pace != nil && in.Pace.At > in.SoFar.At {
		from := max(1, s.at(in.SoFar.At)-high)
		d.add(Rect{Paced, from, y, s.at(in.Pace.At) - from, high, min(high/2, (s.at(in.Pace.At)-from)/2)})
		p.put(d, besides(Label, s.at(in.Pace.At), y-5, in.PaceWords, d.Width)...)
	}
	if in.SoFar.At > 0 {
		d.add(Rect{Fill, 1, y, max(s.at(in.SoFar.At)-1, 2), high, min(high/2, max(s.at(in.SoFar.At)-1, 2)/2)})
	}
	x := s.at(in.Needed.At)
	d.line(Needed, x, y-4, x, y+high+4)
	p.put(d, besides(Label, x, y+high+16, in.NeededWords, d.Width)...)
}

// besides returns the ways to write words at a mark: left of it, in the middle, right of
// it, or at the edge.
func besides(role Role, x, y float64, words string, width float64) []Text {
	return []Text{{role, x, y, End, words}, {role, x, y, Middle, words}, {role, x, y, Start, words}, {role, 0, y, Start, words}, {role, width, y, End, words}}
}
