package export

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"

	"persepsi/analytics"
	"persepsi/internal/lke"
	"persepsi/internal/report"
)

// protection is what may be done on a locked sheet: to choose cells, and to widen columns.
func protection() *excelize.SheetProtectionOptions {
	return &excelize.SheetProtectionOptions{SelectLockedCells: true, SelectUnlockedCells: true, FormatColumns: true, FormatRows: true}
}

// The last column of a unit's sheet, and how wide they are.
const lkeColumns = lke.ColumnLast + 1

func lkeWidths() []float64 {
	return []float64{4, 4, 3, 3, 3, 3, 44, 8, 30, 11, 11, 9, 8, 24, 20, 10, 8, 18, 10, 8, 18, 24, 12, 12, 12, 12, 12, 12}
}

// unit writes a unit's sheet and notes where its figures stand.
func (b *lkeBook) unit(u *report.UnitResult) error {
	s, err := b.add(page{title: u.Unit, widths: lkeWidths(), frozen: lke.SheetRowHeads, foot: u.UnitName + " – " + b.results.PeriodName, before: b.open})
	if err != nil {
		return err
	}
	if err := s.stream.SetColVisible(lke.ColumnKey+1, lke.ColumnLast+1, false); err != nil {
		return err
	}
	version := 0
	if u.Evaluation != nil {
		version = u.Evaluation.Version
	}
	for i, row := range []struct {
		text    string
		look    look
		key, of any
	}{
		{b.say("lkebook.title"), look{large: true}, lke.SheetMark, lke.SheetShape},
		{u.UnitName, look{bold: true}, b.results.Period, nil},
		{u.AgencyName, look{}, b.Key(u.Unit), nil},
		{b.line(), look{quiet: true}, version, nil},
		{b.say("lkebook.fill"), look{quiet: true}, nil, nil},
	} {
		cells := make([]value, lkeColumns)
		cells[0] = value{content: row.text, look: row.look}
		cells[lke.ColumnKey].content, cells[lke.ColumnWritten].content = row.key, row.of
		if err := s.write(0, cells...); err != nil {
			return fmt.Errorf("row %d: %w", i+1, err)
		}
	}
	if err := s.heads(44, b.heads()...); err != nil {
		return err
	}
	proofs := b.proofs(u)
	for _, key := range b.keys {
		if err := s.write(0, b.row(u, key, proofs)...); err != nil {
			return err
		}
	}
	place := lkePlace{unit: u, name: quotedName(s.name)}
	s.skip(1)
	if place.wbk, place.wbbm, err = b.tests(s, u); err != nil {
		return err
	}
	b.places = append(b.places, place)
	return b.list(s, proofs)
}

func (b *lkeBook) heads() []string {
	out := make([]string, lke.ColumnKey)
	out[lke.ColumnName], out[lke.ColumnWeight], out[lke.ColumnCriteria] = b.say("lkebook.rows"), b.say("lkebook.weight"), b.say("lkebook.criteria")
	out[lke.ColumnChoices], out[lke.ColumnAnswer], out[lke.ColumnPoints] = b.say("lkebook.choices"), b.say("lkebook.answer"), b.say("lkebook.points")
	out[lke.ColumnShare], out[lke.ColumnNote], out[lke.ColumnEvidence] = "%", b.say("lkebook.note"), b.say("lkebook.evidence")
	for column, team := range map[int]string{lke.ColumnTPI: "TPI", lke.ColumnTPN: "TPN"} {
		out[column], out[column+1], out[column+2] = b.say("lkebook.team.answer", "Team", team), b.say("lkebook.team.points", "Team", team), b.say("lkebook.team.note", "Team", team)
	}
	return out
}

// open locks a unit's sheet and says what may be filled into its open cells.
func (b *lkeBook) open(name string) error {
	for _, key := range b.keys {
		if lke.Field(key) == "" {
			continue
		}
		for _, column := range []int{lke.ColumnAnswer, lke.ColumnTPI, lke.ColumnTPN} {
			v := excelize.NewDataValidation(true)
			v.SetSqref(at(column, b.rows[key]))
			message := b.say("lkebook.points.bound", "Max", strings.Replace(strconv.FormatFloat(b.weights[key], 'f', -1, 64), ".", ",", 1))
			var err error
			if key == lke.RowLevel {
				message = b.say("lkebook.level.bound")
				err = v.SetDropList(b.levels())
			} else {
				err = v.SetRange(0, b.weights[key], excelize.DataValidationTypeDecimal, excelize.DataValidationOperatorBetween)
			}
			if err != nil {
				return err
			}
			v.SetError(excelize.DataValidationErrorStyleStop, b.say("lkebook.bound"), message)
			if err := b.file.AddDataValidation(name, v); err != nil {
				return err
			}
		}
	}
	return b.protect(name)
}

// levels lists the levels of capaian kinerja, the best first.
func (b *lkeBook) levels() []string {
	var out []string
	for level := range b.table.Levels {
		out = append(out, level)
	}
	slices.Sort(out)
	return out
}

// row writes a row of the LKE.
func (b *lkeBook) row(u *report.UnitResult, key string, proofs []proof) []value {
	row, total := b.rows[key], !slices.Contains([]string{lke.RowIPAK, lke.RowLevel, lke.RowIPKP}, key) && !strings.HasPrefix(key, lke.AreaPrefix)
	plain := look{line: true, strong: total}
	cells := make([]value, lkeColumns)
	for i := range cells[:lke.ColumnKey] {
		cells[i].look = plain
	}
	entered := map[string]string{}
	if u.Evaluation != nil {
		entered = lke.Values(u.Evaluation)
	}
	mark, name := b.marks(key)
	cells[mark.column].content, cells[lke.ColumnName] = mark.text, value{content: name, look: look{line: true, strong: total, wrap: true}}
	figure := look{line: true, strong: total, format: formatFigure}
	cells[lke.ColumnWeight] = value{content: b.weights[key], look: figure}
	cells[lke.ColumnCriteria] = value{content: b.criteria(key), look: look{line: true, strong: total, wrap: true, quiet: true}}
	cells[lke.ColumnChoices] = value{content: b.choices(key), look: look{line: true, strong: total, center: true}}
	answer := b.answer(u, key, entered[lke.Field(key)])
	cells[lke.ColumnAnswer] = answer
	points := pointsOf(u, key)
	cells[lke.ColumnPoints] = value{points, figure, b.formula(key, lke.ColumnAnswer, lke.ColumnPoints)}
	share := any("")
	if p, ok := points.(float64); ok {
		share = p / b.weights[key]
	}
	cells[lke.ColumnShare] = value{share, look{line: true, strong: total, format: formatPercent}, fmt.Sprintf(`IF(%[1]s="","",%[1]s/%[2]s)`, at(lke.ColumnPoints, row), at(lke.ColumnWeight, row))}
	cells[lke.ColumnEvidence] = value{content: b.shown(proofs, key), look: look{line: true, strong: total, wrap: true, link: true}}
	for _, column := range []int{lke.ColumnTPI, lke.ColumnTPN} {
		if lke.Field(key) == "" && answer.content != nil { // the survey's figure is every team's
			cells[column] = value{answer.content, answer.look, reference2(lke.ColumnAnswer, row)}
		}
		cells[column+1] = value{"", figure, b.formula(key, column, column+1)}
		if key == lke.RowIPAK || key == lke.RowIPKP || key == lke.RowService {
			cells[column+1].content = points
		}
	}
	cells[lke.ColumnKey] = value{content: key}
	cells[lke.ColumnWritten] = value{content: answer.content}
	for _, c := range b.remarks[key] {
		cell := value{entered[c.Field], look{input: true, wrap: true, format: "@"}, ""}
		if !c.Note {
			cell = b.entered(key, entered[c.Field])
		}
		cells[c.Column], cells[c.Written] = cell, value{content: cell.content}
	}
	return cells
}

func reference2(column, row int) string {
	return fmt.Sprintf(`IF(%[1]s="","",%[1]s)`, "$"+at(column, row))
}

// levelCell is where the level of a row stands.
type levelCell struct {
	column int
	text   string
}

// marks returns the level of a row and its name.
func (b *lkeBook) marks(key string) (levelCell, string) {
	for i, a := range b.table.Areas {
		if key == lke.AreaPrefix+a.Code {
			return levelCell{2, strconv.Itoa(i + 1)}, a.Name
		}
	}
	at := map[string]levelCell{
		lke.Total: {0, "A."}, lke.RowResult: {0, "B."}, lke.RowClean: {1, "I."}, lke.RowIPAK: {4, "a."}, lke.RowLevel: {4, "b."}, lke.RowService: {1, "II."}, lke.RowIPKP: {4, "a."},
	}
	return at[key], b.say("lkebook.row." + key)
}

func (b *lkeBook) criteria(key string) string {
	switch {
	case key == lke.RowIPAK, key == lke.RowIPKP, key == lke.RowLevel, key == lke.Total:
		return b.say("lkebook.criteria." + key)
	case strings.HasPrefix(key, lke.AreaPrefix):
		return b.say("lkebook.criteria.area")
	}
	return ""
}

func (b *lkeBook) choices(key string) string {
	switch {
	case key == lke.RowIPAK, key == lke.RowIPKP:
		return b.say("lkebook.choices.index")
	case key == lke.RowLevel:
		return strings.Join(b.levels(), "/")
	case lke.Field(key) != "":
		return b.say("lkebook.choices.points", "Max", strconv.FormatFloat(b.weights[key], 'f', -1, 64))
	}
	return ""
}

// answerLook is how the answer of a row looks: open where somebody enters it.
func (b *lkeBook) answerLook(key string) look {
	switch {
	case key == lke.RowLevel:
		return look{input: true, center: true}
	case lke.Field(key) != "":
		return look{input: true, format: "0.00##"}
	case key == lke.RowIPAK, key == lke.RowIPKP:
		return look{line: true, format: formatFine}
	}
	return look{line: true, strong: true}
}

// answer is what was entered or, of the survey's rows, found.
func (b *lkeBook) answer(u *report.UnitResult, key, entered string) value {
	switch key {
	case lke.RowIPAK:
		return value{content: indexValue(u, analytics.IPAK), look: b.answerLook(key)}
	case lke.RowIPKP:
		return value{content: indexValue(u, analytics.IPKP), look: b.answerLook(key)}
	}
	return b.entered(key, entered)
}

// entered is an answer of a row that somebody entered: a level, or a number of points.
func (b *lkeBook) entered(key, text string) value {
	out := value{look: b.answerLook(key)}
	if x, ok := analytics.ParseRatio(text); key == lke.RowLevel && text != "" {
		out.content = text
	} else if ok {
		out.content = x.Float64()
	}
	return out
}

func indexValue(u *report.UnitResult, code string) any {
	if x := u.Indexes[code]; x != nil {
		return x.Value
	}
	return nil
}
