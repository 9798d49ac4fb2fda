package paper

import (
	"crypto/sha256"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/xuri/excelize/v2"

	"persepsi/survey"
)

// Reader turns a table of paper answers into responses of one period and form.
type Reader struct {
	// Assignment has period and form, and no point. Where it has a unit, all rows
	// are about that one; else each row names its own.
	Assignment survey.Assignment
	Units      []survey.Place // those that a row may name
	Zone       *time.Location
	Now        time.Time
	Ignore     []string // columns that are there but not wanted
	// Again makes other ids of the same rows: they are wanted once more.
	Again int
}

// Reading is the result of reading paper answers.
type Reading struct {
	Responses []*survey.Response // of one or several units
	// Absent are the form's scored questions without a column: all their
	// answers count as missing.
	Absent []string
	// Dated tells that the file has a column of dates. Rows without a date, as all
	// of a file without that column, are of today or of the period's last day.
	Dated bool
	// Digests are those of the rows, by unit: the same rows have the same one, in
	// whatever order and format they come.
	Digests map[string][sha256.Size]byte
}

// Read reads a file and turns its rows into responses: see Read and Responses.
func (p *Reader) Read(name string, data []byte) (*Reading, error) {
	t, err := Read(name, data)
	if err != nil {
		return nil, err
	}
	return p.Responses(t, data)
}

// columns that are neither questions nor respondent fields.
const (
	colID      = "id"
	colService = "service"
	colComment = "comment"
	colDate    = "date"
	colUnit    = "unit"
)

// officers returns the columns' names in the officers' language.
func officers() map[string]string {
	return map[string]string{
		"layanan": colService, "komentar": colComment, "saran": colComment, "tanggal": colDate,
		"unit layanan": colUnit, "satker": colUnit,
	}
}

// column is what one column of the table means.
type column struct {
	name   string
	kind   string // question, field, or one of the above; empty: ignored
	target string
}

// Responses turns a table into responses of mode paper, all of them or none:
// every fault is named with row and column. Without an id column, each row's
// id is made of the file's content and the row's number, so that importing the
// same file twice stores nothing twice.
func (p *Reader) Responses(t *Table, file []byte) (*Reading, error) {
	columns, faults := p.columns(t.Header)
	if len(faults) > 0 {
		return nil, told(append(faults, t.faults...))
	}
	out := &Reading{Dated: slices.ContainsFunc(columns, func(c column) bool { return c.kind == colDate })}
	if p.Assignment.Unit == nil && !slices.ContainsFunc(columns, func(c column) bool { return c.kind == colUnit }) {
		return nil, fault("row 1", "no_unit", "has no column unit, and no unit was named")
	}
	for _, q := range p.Assignment.Form.Questions {
		if q.Scored && !slices.ContainsFunc(columns, func(c column) bool { return c.kind == "question" && c.target == q.Code }) {
			out.Absent = append(out.Absent, q.Code)
		}
	}
	seed := sha256.Sum256(file)
	ids := map[uuid.UUID]int{}
	dated := map[*survey.Response]bool{}
	for _, row := range t.Rows {
		if len(faults) > MaxFaults {
			break
		}
		if len(row.Faults) > 0 {
			faults = append(faults, row.Faults...)
			continue
		}
		r, told, bad := p.row(columns, row, seed, t.Excel)
		faults = append(faults, bad...)
		if r == nil {
			continue
		}
		if first, ok := ids[r.ID]; ok {
			faults = append(faults, survey.Fault{Field: place(row.Number, colID), Code: "duplicate_id", Message: fmt.Sprintf("is the id of row %d too", first)})
			continue
		}
		ids[r.ID] = row.Number
		out.Responses, dated[r] = append(out.Responses, r), told
	}
	if err := told(faults); err != nil {
		return nil, err
	}
	out.Digests = digests(out.Responses, dated)
	return out, nil
}

func (p *Reader) columns(names []string) ([]column, []survey.Fault) {
	var faults []survey.Fault
	out := make([]column, len(names))
	questions := 0
	seen := map[string]bool{}
	for i, raw := range names {
		name := strings.ToLower(strings.TrimSpace(raw))
		c := column{name: header(names, i)}
		ignored := slices.ContainsFunc(p.Ignore, func(s string) bool { return strings.EqualFold(strings.TrimSpace(s), name) })
		if known, ok := officers()[name]; ok {
			name = known
		}
		_, question := p.Assignment.Form.Position(name)
		_, field := p.Assignment.Form.FieldPosition(name)
		switch {
		case ignored:
			name = "" // another column may have it
		case name == "":
			faults = append(faults, survey.Fault{Field: place(1, c.name), Code: "unknown_column", Message: "has no name"})
		case seen[name]:
			faults = append(faults, survey.Fault{Field: place(1, c.name), Code: "duplicate_column", Message: "is there twice"})
		case question:
			c.kind, c.target = "question", name
			questions++
		case field:
			c.kind, c.target = "field", name
		case name == colID || name == colService || name == colComment || name == colDate || name == colUnit:
			c.kind, c.target = name, name
		default:
			faults = append(faults, survey.Fault{
				Field: place(1, c.name), Code: "unknown_column",
				Message: "is neither a question nor a respondent field of " + p.Assignment.Form.ID + ", nor id, unit, service, comment or date",
			})
		}
		seen[name] = name != ""
		out[i] = c
	}
	if questions == 0 && len(faults) == 0 {
		faults = append(faults, survey.Fault{Field: "row 1", Code: "no_question", Message: "names no question of " + p.Assignment.Form.ID})
	}
	return out, faults
}

// row turns a row into a response, and tells whether it has a date of its own.
func (p *Reader) row(columns []column, row Row, seed [32]byte, excel bool) (*survey.Response, bool, []survey.Fault) {
	var faults []survey.Fault
	bad := func(col, code, message string) {
		faults = append(faults, survey.Fault{Field: place(row.Number, col), Code: code, Message: message})
	}
	period := p.Assignment.Period
	day := min(max(survey.DateOf(p.Now, p.Zone), period.From), period.To)
	dated := false
	assignment := p.Assignment
	d := &survey.Draft{}
	for i, c := range columns {
		if i >= len(row.Cells) {
			break
		}
		v := strings.TrimSpace(row.Cells[i])
		if v == "" {
			continue
		}
		switch c.kind {
		case "question":
			n, err := strconv.Atoi(v)
			if err != nil {
				bad(c.name, "wrong_type", "must be a whole number")
			} else {
				d.Answers = append(d.Answers, survey.Answer{Question: c.target, Value: n})
			}
		case "field":
			d.Respondent = append(d.Respondent, survey.Characteristic{Field: c.target, Category: v})
		case colID:
			d.ID = v
		case colService:
			d.Service = v
		case colComment:
			d.Comment = row.Cells[i]
		case colUnit:
			var f survey.Fault
			if assignment.Place, f = p.unit(v); f.Code != "" {
				bad(c.name, f.Code, f.Message)
			}
		case colDate:
			given, err := date(v, excel)
			switch {
			case err != nil:
				bad(c.name, "wrong_date", "must be a date such as 2026-01-31 or 31/01/2026")
			case !period.Contains(given):
				bad(c.name, "out_of_period", fmt.Sprintf("is not within the period (%s to %s)", period.From, period.To))
			case given > survey.DateOf(p.Now, p.Zone):
				bad(c.name, "in_future", "is later than today")
			default:
				day, dated = given, true
			}
		}
	}
	if len(faults) > 0 && len(d.Answers) == 0 {
		return nil, false, faults
	}
	if assignment.Unit == nil {
		if len(faults) == 0 {
			bad(colUnit, "required", "is required")
		}
		return nil, false, faults
	}
	if d.ID == "" {
		d.ID = p.id(seed, assignment.Unit, row.Number)
	}
	r, more := assignment.Check(d, p.Zone, p.Now)
	for _, f := range more {
		f.Field = place(row.Number, f.Field[strings.LastIndexByte(f.Field, '.')+1:])
		faults = append(faults, f)
	}
	if len(faults) > 0 {
		return nil, false, faults
	}
	r.Day, r.Hour = day, 0
	return r, dated, nil
}

// id makes the id of a row of a file. The same row of the same file has the
// same one, unless it is wanted again.
func (p *Reader) id(file [sha256.Size]byte, unit *survey.Unit, row int) string {
	name := unit.Code + "\x00" + p.Assignment.Period.Code + "\x00" + strconv.Itoa(row)
	if p.Again > 0 {
		name += "\x00" + strconv.Itoa(p.Again)
	}
	return uuid.NewSHA1(uuid.NameSpaceOID, append(file[:], name...)).String()
}

// unit finds the unit that a row names by its code or name.
func (p *Reader) unit(v string) (survey.Place, survey.Fault) {
	var found []survey.Place
	for _, u := range p.Units {
		if u.Unit.Code == v {
			found = []survey.Place{u}
			break
		}
		if strings.EqualFold(u.Unit.Name, v) {
			found = append(found, u)
		}
	}
	given := p.Assignment.Unit
	switch {
	case len(found) > 1:
		return survey.Place{}, survey.Fault{Code: "ambiguous_unit", Message: "is the name of several units: write the code"}
	case len(found) == 0:
		return survey.Place{}, survey.Fault{Code: "unknown_unit", Message: "is not a unit of this period"}
	case given != nil && given.Code != found[0].Unit.Code:
		return p.Assignment.Place, survey.Fault{Code: "other_unit", Message: "is another unit than " + given.Code}
	}
	return found[0], survey.Fault{}
}

// date reads a day as it is written, or as a spreadsheet's day number.
func date(v string, excel bool) (survey.Date, error) {
	if d, err := survey.ParseDate(v); err == nil {
		return d, nil
	}
	if days, err := strconv.ParseFloat(v, 64); excel && err == nil && days > 0 && days < 100_000 {
		t, err := excelize.ExcelDateToTime(days, false)
		if err != nil {
			return 0, fmt.Errorf("read a day number: %w", err)
		}
		return survey.DateOf(t, time.UTC), nil
	}
	// Day first, as it is written in Indonesia.
	t, err := time.Parse("2/1/2006", strings.ReplaceAll(v, "-", "/"))
	if err != nil {
		return 0, fmt.Errorf("read a date: %w", err)
	}
	return survey.DateOf(t, time.UTC), nil
}
