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

// Reader turns a table of paper answers into responses of one unit, period and form.
type Reader struct {
	Assignment survey.Assignment // without a point
	Zone       *time.Location
	Now        time.Time
	Ignore     []string // columns that are there but not wanted
}

// Reading is the result of reading paper answers.
type Reading struct {
	Responses []*survey.Response
	// Absent are the form's scored questions without a column: all their
	// answers count as missing.
	Absent []string
}

// columns that are neither questions nor respondent fields.
const (
	colID      = "id"
	colService = "service"
	colComment = "comment"
	colDate    = "date"
)

// officers returns the columns' names in the officers' language.
func officers() map[string]string {
	return map[string]string{"layanan": colService, "komentar": colComment, "saran": colComment, "tanggal": colDate}
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
	out := &Reading{}
	for _, q := range p.Assignment.Form.Questions {
		if q.Scored && !slices.ContainsFunc(columns, func(c column) bool { return c.kind == "question" && c.target == q.Code }) {
			out.Absent = append(out.Absent, q.Code)
		}
	}
	seed := sha256.Sum256(file)
	ids := map[uuid.UUID]int{}
	for _, row := range t.Rows {
		if len(faults) > MaxFaults {
			break
		}
		if len(row.Faults) > 0 {
			faults = append(faults, row.Faults...)
			continue
		}
		r, bad := p.row(columns, row, seed, t.Excel)
		faults = append(faults, bad...)
		if r == nil {
			continue
		}
		if first, ok := ids[r.ID]; ok {
			faults = append(faults, survey.Fault{Field: place(row.Number, colID), Code: "duplicate_id", Message: fmt.Sprintf("is the id of row %d too", first)})
			continue
		}
		ids[r.ID] = row.Number
		out.Responses = append(out.Responses, r)
	}
	if err := told(faults); err != nil {
		return nil, err
	}
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
		case name == colID || name == colService || name == colComment || name == colDate:
			c.kind, c.target = name, name
		default:
			faults = append(faults, survey.Fault{
				Field: place(1, c.name), Code: "unknown_column",
				Message: "is neither a question nor a respondent field of " + p.Assignment.Form.ID + ", nor id, service, comment or date",
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

func (p *Reader) row(columns []column, row Row, seed [32]byte, excel bool) (*survey.Response, []survey.Fault) {
	var faults []survey.Fault
	bad := func(col, code, message string) {
		faults = append(faults, survey.Fault{Field: place(row.Number, col), Code: code, Message: message})
	}
	period := p.Assignment.Period
	day := min(max(survey.DateOf(p.Now, p.Zone), period.From), period.To)
	name := p.Assignment.Unit.Code + "\x00" + period.Code + "\x00" + strconv.Itoa(row.Number)
	d := &survey.Draft{ID: uuid.NewSHA1(uuid.NameSpaceOID, append(seed[:], name...)).String()}
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
				day = given
			}
		}
	}
	if len(faults) > 0 && len(d.Answers) == 0 {
		return nil, faults
	}
	r, more := p.Assignment.Check(d, p.Zone, p.Now)
	for _, f := range more {
		f.Field = place(row.Number, f.Field[strings.LastIndexByte(f.Field, '.')+1:])
		faults = append(faults, f)
	}
	if len(faults) > 0 {
		return nil, faults
	}
	r.Day, r.Hour = day, 0
	return r, nil
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
