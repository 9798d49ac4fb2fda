package report

import (
	"fmt"

	"persepsi/analytics"
	"persepsi/survey"
)

// hundred turns an index on 0-4 into one out of 100, as grade tables read it.
const hundred = 25

// gradeOf returns the grade of a figure on an index's own scale.
func gradeOf(table *analytics.GradeTable, index string, value analytics.Ratio) analytics.Grade {
	if index != analytics.IKM {
		value = value.Mul(analytics.NewRatio(hundred, 1))
	}
	return table.Grade(value)
}

// NotesOnEarlier tells what somebody should know of earlier results that are
// declared anew or otherwise: a printed grade that is not the grade table's, and what
// tells of the same index on some of the same days.
func NotesOnEarlier(before *survey.Catalogue, after *survey.Directory) ([]string, error) {
	grades, err := analytics.LoadGrades()
	if err != nil {
		return nil, err
	}
	var out []string
	for _, e := range survey.ChangedEarlier(before, after.Catalogue()) {
		note := func(format string, args ...any) { out = append(out, e.Path()+": "+fmt.Sprintf(format, args...)) }
		value, _ := analytics.ParseRatio(e.Value) // apply lets numbers alone pass
		table := grades.At(e.To)
		if grade := gradeOf(table, e.Index, value); e.Mutu != "" && e.Mutu != grade.Mutu {
			note("the report prints mutu %s; by %s it is %s, and both are shown", e.Mutu, table.Ref(), grade.Mutu)
		}
		for _, p := range after.PeriodsOf(e.Unit) {
			if form := after.Form(p.Code); p.From <= e.To && e.From <= p.To && form.Index(e.Index) != nil {
				note("period %s (%s to %s) has %s of this unit too, on some of the same days; both are shown", p.Code, p.From, p.To, e.Index)
			}
		}
		for _, o := range after.Earlier(e.Unit) {
			if o.Index == e.Index && o.Period != e.Period && o.From <= e.To && e.From <= o.To {
				note("%s tells of some of the same days (%s to %s); both are shown", o.Path(), o.From, o.To)
			}
		}
	}
	return out, nil
}
