package export

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"persepsi/analytics"
	"persepsi/internal/lke"
	"persepsi/internal/report"
)

// formula is what makes a row's points out of the answers in a column: of the unit, of TPI
// or of TPN.
func (b *lkeBook) formula(key string, answers, points int) string {
	row := b.rows[key]
	answer := at(answers, row)
	whole := func(x analytics.Ratio) string { return strconv.FormatFloat(x.Float64(), 'f', -1, 64) }
	sum := func(keys ...string) string {
		cells := make([]string, len(keys))
		for i, k := range keys {
			cells[i] = at(points, b.rows[k])
		}
		return fmt.Sprintf(`IF(COUNT(%s)<%d,"",%s)`, strings.Join(cells, ","), len(keys), strings.Join(cells, "+"))
	}
	switch {
	case key == lke.RowIPAK || key == lke.RowIPKP:
		return fmt.Sprintf(`IF(ISNUMBER(%[1]s),%[1]s/%[2]s*%[3]s,"")`, answer, whole(b.table.IndexMax), at(lke.ColumnWeight, row))
	case key == lke.RowLevel:
		out := `""`
		for _, level := range slices.Backward(b.levels()) {
			out = fmt.Sprintf(`IF(%s="%s",%s*%s,%s)`, answer, level, whole(b.table.Levels[level]), at(lke.ColumnWeight, row), out)
		}
		return out
	case key == lke.Total:
		first, last := b.rows[lke.AreaPrefix+b.table.Areas[0].Code], b.rows[lke.AreaPrefix+b.table.Areas[len(b.table.Areas)-1].Code]
		return fmt.Sprintf(`IF(ISNUMBER(%[1]s),%[1]s,IF(COUNT(%[2]s:%[3]s)<%[4]d,"",SUM(%[2]s:%[3]s)))`, answer, at(answers, first), at(answers, last), len(b.table.Areas))
	case strings.HasPrefix(key, lke.AreaPrefix):
		return fmt.Sprintf(`IF(ISNUMBER(%[1]s),%[1]s,"")`, answer)
	case key == lke.RowClean:
		return sum(lke.RowIPAK, lke.RowLevel)
	case key == lke.RowService:
		return sum(lke.RowIPKP)
	case key == lke.RowResult:
		return sum(lke.RowClean, lke.RowService)
	}
	return sum(lke.Total, lke.RowResult)
}

// pointsOf are a row's points as they are known; an empty text where they are not.
func pointsOf(u *report.UnitResult, key string) any {
	figures := map[string]*analytics.LKEFigure{
		lke.Total: u.LKE.Pengungkit, lke.RowResult: u.LKE.Hasil, lke.RowClean: figureOf(u.LKE.I), lke.RowIPAK: figureOf(u.LKE.IA), lke.RowLevel: figureOf(u.LKE.IB),
		lke.RowService: figureOf(u.LKE.II), lke.RowIPKP: figureOf(u.LKE.II), lke.RowTotal: u.LKE.Total,
	}
	if f := figures[key]; f != nil {
		return f.Points
	}
	for _, t := range u.LKE.WBK.Tests {
		if t.Row == key && t.Points != nil {
			return *t.Points
		}
	}
	return ""
}

// tests writes what WBK and WBBM ask for and whether it is reached, and returns the cells of
// both verdicts. Points are compared unrounded, but for what floating point adds: 3.5999
// makes 15.7496, which looks like 15.75 and fails.
func (b *lkeBook) tests(s *sheet, u *report.UnitResult) (wbk, wbbm string, err error) {
	const points, minimum, found = lke.ColumnWeight, lke.ColumnChoices, lke.ColumnAnswer
	const minimum2, found2 = lke.ColumnPoints, lke.ColumnShare
	heads := make([]value, lke.ColumnNote)
	for i := range heads {
		heads[i].look = look{head: true}
	}
	heads[lke.ColumnName].content, heads[points].content = b.say("lkebook.tests"), b.say("lkebook.points")
	heads[minimum].content, heads[found].content = b.say("lkebook.minimum", "Level", "WBK"), "WBK"
	heads[minimum2].content, heads[found2].content = b.say("lkebook.minimum", "Level", "WBBM"), "WBBM"
	if err := s.write(30, heads...); err != nil {
		return "", "", err
	}
	first := s.row + 1
	fine := look{line: true, format: "0.00##"}
	for i, t := range u.LKE.WBK.Tests {
		row := s.row + 1
		cells := make([]value, lke.ColumnNote)
		for k := range cells {
			cells[k].look = look{line: true}
		}
		cells[lke.ColumnName].content = b.say("lke.row." + t.Row)
		cells[points] = value{pointsOf(u, t.Row), fine, reference2(lke.ColumnPoints, b.rows[t.Row])}
		other := u.LKE.WBBM.Tests[i]
		cells[minimum], cells[minimum2] = value{content: t.Minimum, look: fine}, value{content: other.Minimum, look: fine}
		cells[found] = b.test(t, at(points, row), at(minimum, row))
		cells[found2] = b.test(other, at(points, row), at(minimum2, row))
		if err := s.write(0, cells...); err != nil {
			return "", "", err
		}
	}
	cells := make([]value, lke.ColumnNote)
	for k := range cells {
		cells[k].look = look{strong: true}
	}
	cells[lke.ColumnName].content = b.say("lkebook.verdict")
	for column, v := range map[int]analytics.Verdict{found: u.LKE.WBK, found2: u.LKE.WBBM} {
		tests := at(column, first) + ":" + at(column, s.row)
		cells[column] = value{b.verdict(v), look{strong: true, center: true}, fmt.Sprintf(`IF(COUNTIF(%[1]s,%[2]s)>0,%[2]s,IF(COUNTIF(%[1]s,%[3]s)>0,%[4]s,%[5]s))`,
			tests, literal(b.say("sheet.verdict.failed")), literal(b.say("lkebook.untold")), literal(b.say("sheet.verdict.missing")), literal(b.say("sheet.verdict.passed")))}
	}
	err = s.write(0, cells...)
	return at(found, s.row), at(found2, s.row), err
}

// test is whether a row's points reach a minimum.
func (b *lkeBook) test(t *analytics.Test, points, minimum string) value {
	failed, passed, missing := b.say("sheet.verdict.failed"), b.say("sheet.verdict.passed"), b.say("lkebook.untold")
	text := failed
	switch {
	case t.Missing:
		text = missing
	case t.OK():
		text = passed
	}
	return value{text, look{line: true, center: true}, fmt.Sprintf(`IF(ISNUMBER(%[1]s),IF(ROUND(%[1]s,12)>=%[2]s,%[3]s,%[4]s),%[5]s)`, points, minimum, literal(passed), literal(failed), literal(missing))}
}

// literal is a word of ours in a formula.
func literal(word string) string { return `"` + strings.ReplaceAll(word, `"`, `""`) + `"` }
