package export

import (
	"fmt"
	"strconv"
	"strings"

	"persepsi/analytics"
	"persepsi/internal/report"
	"persepsi/survey"
)

// gradeSheet is where the grades stand that formulas look up.
type gradeSheet struct {
	*sheet
	from, to int // the rows of the grades, the lowest first
}

// grades writes the table that the figures are graded by.
func (r *resultsBook) grades() (*gradeSheet, error) {
	s, err := r.add(page{title: r.say("sheet.grades"), widths: []float64{14, 10, 26}, foot: r.foot, tall: true})
	if err != nil {
		return nil, err
	}
	ref := r.gradeTable()
	if err := s.title(r.say("sheet.grades"), r.say("sheet.grades.is", "Table", ref)); err != nil {
		return nil, err
	}
	if err := s.heads(0, r.say("sheet.from"), r.say("sheet.mutu"), r.say("sheet.kinerja")); err != nil {
		return nil, err
	}
	out := &gradeSheet{sheet: s, from: s.row + 1}
	all, err := analytics.LoadGrades()
	if err != nil {
		return nil, err
	}
	if table := all.ByRef(ref); table != nil {
		for i := len(table.Grades) - 1; i >= 0; i-- {
			g := table.Grades[i]
			if err := s.write(0, number(g.From.Float64(), formatFigure), value{content: g.Mutu, look: look{line: true, center: true}}, plain(r.say("kinerja."+g.Kinerja))); err != nil {
				return nil, err
			}
		}
	}
	out.to = s.row
	return out, nil
}

// gradeTable names the table of the results' figures; empty where there are none.
func (r *resultsBook) gradeTable() string {
	for _, u := range r.results.Units {
		for _, x := range u.Indexes {
			if x != nil {
				return x.GradeTable
			}
		}
	}
	return ""
}

// of is the formula that grades the figure out of 100 in a cell. It is rounded half up to two
// decimals, as analytics.GradeTable.Grade does: ten decimals first, so that 88.305, which
// computing in floating point makes 88.30499999999999, stays a half.
func (g *gradeSheet) of(cell string) string {
	return fmt.Sprintf("LOOKUP(ROUND(ROUND(%s,10),2),%s:%s,%s:%s)", cell,
		g.absolute(0, g.from), absoluteCell(0, g.to), g.absolute(1, g.from), absoluteCell(1, g.to))
}

func (s *sheet) absolute(column, row int) string {
	return "'" + quotedName(s.name) + "'!" + absoluteCell(column, row)
}

// absoluteCell names a cell so that it stays when a formula is copied.
func absoluteCell(column, row int) string {
	name := at(column, row)
	letters := strings.TrimRight(name, "0123456789")
	return "$" + letters + "$" + name[len(letters):]
}

// The columns of a processing table.
const (
	processCode = iota
	processName
	processSum
	processN
	processMean // NRR
	processWeight
	processWeighted
	process100
	processGrade
)

// indexCellRefs are the cells that hold a unit's index, for the other sheets' formulas.
type indexCellRefs struct{ value, grade string }

// processing writes an index's table: what was answered, and every figure that follows from
// it as a formula. It returns where each unit's index stands.
func (r *resultsBook) processing(code string, grades *gradeSheet) (map[string]indexCellRefs, error) {
	s, err := r.add(page{
		title: r.say("sheet.processing", "Index", strings.ToUpper(code)), widths: []float64{7, 46, 13, 11, 12, 12, 14, 12, 9}, frozen: 3, fixed: 2, foot: r.foot, tall: true,
	})
	if err != nil {
		return nil, err
	}
	name := strings.ToUpper(code)
	if err := s.title(r.say("sheet.processing.title", "Index", name), r.line()); err != nil {
		return nil, err
	}
	if err := s.heads(30, r.say("sheet.code"), r.say("sheet.aspect"), r.say("sheet.sum"), r.say("sheet.answers"), r.say("sheet.mean"), r.say("sheet.weight"),
		r.say("sheet.weighted"), r.say("sheet.times25"), r.say("sheet.mutu")); err != nil {
		return nil, err
	}
	out := map[string]indexCellRefs{}
	for _, u := range r.results.Units {
		x := u.Indexes[code]
		if x == nil {
			continue
		}
		t := &unitTable{sheet: s, of: r, grades: grades, code: code, index: x, asked: r.results.Form.Index(code)}
		if out[u.Unit], err = t.write(u); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// unitTable is a unit's part of a processing table.
type unitTable struct {
	*sheet
	of     *resultsBook
	grades *gradeSheet
	code   string
	index  *analytics.Index
	asked  *survey.FormIndex
}

func (t *unitTable) write(u *report.UnitResult) (indexCellRefs, error) {
	if err := t.sheet.write(0, value{content: u.UnitName, look: look{bold: true}}, value{}, value{content: u.AgencyName, look: look{quiet: true}}); err != nil {
		return indexCellRefs{}, err
	}
	first := t.row + 1
	for i := range t.index.Aspects {
		if err := t.aspect(i); err != nil {
			return indexCellRefs{}, err
		}
	}
	last, row := t.row, t.row+1
	x := t.index
	total := look{strong: true}
	graded := look{strong: true, center: true}
	fine, figure := total, total
	fine.format, figure.format = formatFine, formatFigure
	cells := make([]value, processGrade+1)
	for i := range cells {
		cells[i].look = total
	}
	cells[processName].content = t.say("sheet.index", "Index", strings.ToUpper(t.code))
	cells[processWeighted] = value{x.Mean, fine, fmt.Sprintf("SUM(%s:%s)", at(processWeighted, first), at(processWeighted, last))}
	cells[process100] = value{x.Mean * hundred, figure, fmt.Sprintf("%s*%d", at(processWeighted, row), hundred)}
	cells[processGrade] = value{x.Mutu, graded, t.grades.of(at(process100, row))}
	out := indexCellRefs{value: t.on(processWeighted, row), grade: t.on(processGrade, row)}
	if t.code == analytics.IKM {
		out.value = t.on(process100, row)
	}
	if err := t.sheet.write(0, cells...); err != nil {
		return indexCellRefs{}, err
	}
	t.skip(1)
	return out, nil
}

// hundred carries a figure of 0..4 to 0..100.
const hundred = 25

// aspect writes the row of an aspect and, where several questions ask for it, one for each
// of them. Released figures have no sums: there the mean is a number and the rest follows
// from it.
func (t *unitTable) aspect(i int) error {
	a := &t.index.Aspects[i]
	row := t.row + 1
	cells := make([]value, processGrade+1)
	for k := range cells {
		cells[k].look = look{line: true}
	}
	cells[processCode].content, cells[processName].content = "U"+strconv.Itoa(i+1), a.Name.In("id")
	if !a.Withheld {
		cells[processN] = number(a.N, formatCount)
	}
	if a.Mean == nil {
		return t.sheet.write(0, cells...)
	}
	told := a.Sum > 0
	mean := ""
	questions := t.index.Aspects[i].Questions
	switch {
	case !told:
	case len(questions) > 1:
		mean = t.converted(fmt.Sprintf("AVERAGE(%s:%s)", at(processMean, row+1), at(processMean, row+len(questions))))
		cells[processSum] = value{a.Sum, look{line: true, format: formatCount}, fmt.Sprintf("SUM(%s:%s)", at(processSum, row+1), at(processSum, row+len(questions)))}
		cells[processN].formula = fmt.Sprintf("SUM(%s:%s)", at(processN, row+1), at(processN, row+len(questions)))
	default:
		mean = t.converted(fmt.Sprintf("(%s/%s)", at(processSum, row), at(processN, row)))
		cells[processSum] = number(a.Sum, formatCount)
	}
	cells[processMean] = value{*a.Mean, look{line: true, format: formatFine}, mean}
	cells[processWeight] = value{*a.Weighted / *a.Mean, look{line: true, format: formatFine}, t.index.Explanation.Weight}
	cells[processWeighted] = value{*a.Weighted, look{line: true, format: formatFine}, at(processMean, row) + "*" + at(processWeight, row)}
	cells[process100] = value{*a.Value100, look{line: true, format: formatFigure}, fmt.Sprintf("%s*%d", at(processMean, row), hundred)}
	cells[processGrade] = value{a.Mutu, look{line: true, center: true}, t.grades.of(at(process100, row))}
	if err := t.sheet.write(0, cells...); err != nil {
		return err
	}
	if !told || len(questions) < 2 {
		return nil
	}
	for k, q := range questions {
		if err := t.question(i, k, q); err != nil {
			return err
		}
	}
	return nil
}

// converted is the formula that carries a mean of answers to 0..4, as the method does.
func (t *unitTable) converted(mean string) string {
	e := t.index.Explanation
	if e.Slope == "" {
		return mean
	}
	return e.Slope + "*" + mean + "+" + e.Offset
}

// question writes one of several questions of an aspect: its own mean, unconverted.
func (t *unitTable) question(aspect, i int, q analytics.QuestionSum) error {
	quiet := look{line: true, quiet: true}
	cells := make([]value, processGrade+1)
	for k := range cells {
		cells[k].look = quiet
	}
	row := t.row + 1
	asked := t.of.results.Form.Questions[t.asked.Positions[aspect][i]]
	cells[processCode].content, cells[processName].content = fmt.Sprintf("U%d.%d", aspect+1, i+1), asked.Text.In("id")
	cells[processName].look.wrap = true
	count, fine := quiet, quiet
	count.format, fine.format = formatCount, formatFine
	cells[processSum], cells[processN] = value{content: q.Sum, look: count}, value{content: q.N, look: count}
	if q.N > 0 {
		cells[processMean] = value{float64(q.Sum) / float64(q.N), fine, at(processSum, row) + "/" + at(processN, row)}
	}
	return t.sheet.write(0, cells...)
}

// plain and number are cells of a table.
func plain(s string) value { return value{content: s, look: look{line: true}} }

func number(n any, format string) value {
	return value{content: n, look: look{line: true, format: format}}
}
