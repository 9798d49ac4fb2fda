package report

import (
	"slices"

	"persepsi/analytics"
	"persepsi/survey"
)

// rank orders indexes: those of the regulations first, in their order.
func rank(index string) int {
	if i := slices.Index(analytics.Regulated(), index); i >= 0 {
		return i
	}
	return 3
}

// order puts rows in the order of their days, a shorter one before the longer.
func order(rows []HistoryRow) {
	slices.SortStableFunc(rows, func(a, b HistoryRow) int {
		if a.From != b.From {
			return int(a.From) - int(b.From)
		}
		return int(a.To) - int(b.To)
	})
}

func periodRow(d *survey.Directory, p *survey.Period, u *UnitResult, index string) HistoryRow {
	row := HistoryRow{
		Kind: KindPeriod, Period: p.Code, Name: p.Name, From: p.From, To: p.To, State: "released", AsOf: u.AsOf,
		Amended: len(p.Amendments) > 0, Withheld: u.Withheld, Instrument: d.Form(p.Code).InstrumentOf(index).Ref(),
	}
	switch {
	case u.Final:
		row.State = "final"
	case u.Released == nil && u.Withheld == "":
		row.State = "live"
	}
	x := u.Indexes[index]
	if x == nil {
		if row.Withheld == "" {
			row.Withheld = "no_answers"
		}
		return row
	}
	row.HistoryFigure, row.Method, row.exact = figureOf(index, row.Instrument, x), x.Method, x.ExactValue
	row.Adequate, row.SampleFault = &x.Adequate, x.SampleFault
	return row
}

func (b *Builder) earlierRow(d *survey.Directory, e survey.Earlier) HistoryRow {
	row := HistoryRow{
		Kind: KindEarlier, Name: e.Period, From: e.From, To: e.To, Source: e.Source, Note: e.Note, Instrument: e.Instrument, Method: e.Method,
	}
	row.exact, _ = analytics.ParseRatio(e.Value) // apply lets numbers alone pass
	grade := gradeOf(b.maker.grades.At(e.To), e.Index, row.exact)
	row.HistoryFigure = &HistoryFigure{Value: row.exact.Float64(), Shown: e.Value, Mutu: grade.Mutu, Kinerja: grade.Kinerja}
	if e.N > 0 {
		n := int64(e.N)
		row.N = &n
	}
	if e.Mutu != grade.Mutu {
		row.PrintedMutu = e.Mutu
	}
	if form, err := d.Library().Form(e.Instrument); err == nil { // apply sees to it that it has the index
		if m, err := d.Methods().For(&form.Index(e.Index).Index, e.Method); err == nil {
			row.Method = m.Ref()
		}
	}
	return row
}

// compare compares each row with the one that it follows.
func compare(rows []HistoryRow) {
	for i := range rows {
		row := &rows[i]
		var before *HistoryRow
		for j := range rows[:i] {
			if o := &rows[j]; o.HistoryFigure != nil && o.To < row.From && (before == nil || o.To >= before.To) {
				before = o
			}
		}
		if before == nil || row.HistoryFigure == nil {
			continue
		}
		row.Before = before.Name
		switch {
		case row.Instrument == "" || before.Instrument == "" || row.Method == "" || before.Method == "":
			row.NotCompared = "unknown"
		case row.Instrument != before.Instrument:
			row.NotCompared = "form"
		case row.Method != before.Method:
			row.NotCompared = "method"
		default:
			by := row.exact.Sub(before.exact)
			value := by.Float64()
			row.Difference, row.ShownDifference = &value, analytics.Shown(by, 2)
			if by.Sign() > 0 {
				row.ShownDifference = "+" + row.ShownDifference
			}
		}
	}
}
