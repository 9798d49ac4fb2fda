package sqlite

import (
	"strings"

	"zombiezen.com/go/sqlite"

	"persepsi/internal/sqlitefile"
	"persepsi/survey"
)

const insertResponse = `INSERT INTO responses (rowid, unit_form, id, service, point, mode, hour, answers, respondent, lang, started_at, received_at, comment)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING`

func bind(s *sqlite.Stmt, rowid, unitForm int64, r *survey.Response) {
	s.BindInt64(1, rowid)
	s.BindInt64(2, unitForm)
	s.BindBytes(3, r.ID[:])
	bindSaid(s, 4, r)
}

// bindSaid binds what a response says, from a parameter on, as the responses and the staged rows
// of an import have it.
func bindSaid(s *sqlite.Stmt, from int, r *survey.Response) {
	s.BindText(from, r.Service)
	s.BindText(from+1, r.Point)
	s.BindInt64(from+2, int64(r.Mode))
	s.BindInt64(from+3, int64(r.Hour))
	s.BindText(from+4, string(r.Answers))
	s.BindText(from+5, string(r.Respondent))
	s.BindText(from+6, r.Lang)
	s.BindInt64(from+7, sqlitefile.Millis(r.StartedAt))
	s.BindInt64(from+8, sqlitefile.Millis(r.ReceivedAt))
	s.BindText(from+9, r.Comment)
}

const (
	selectTallied = `SELECT unit_form, service, point, mode, hour, answers, respondent FROM responses WHERE rowid BETWEEN ?1 AND ?2 ORDER BY rowid`
	selectWhole   = `SELECT unit_form, service, point, mode, hour, answers, respondent, id, lang, started_at, received_at, comment
		FROM responses WHERE rowid BETWEEN ?1 AND ?2 ORDER BY rowid`
)

// interner keeps one copy of short texts that repeat from row to row.
type interner map[string]string

func (in interner) column(s *sqlite.Stmt, col int) string {
	var buf [64]byte
	n := s.ColumnBytes(col, buf[:])
	if n == 0 {
		return ""
	}
	if n == len(buf) { // there may be more of it
		return s.ColumnText(col)
	}
	if text, ok := in[string(buf[:n])]; ok {
		return text
	}
	text := string(buf[:n])
	in[text] = text
	return text
}

// texts takes short texts that differ from row to row out of one block of
// memory for many of them, instead of one allocation each.
type texts struct{ block strings.Builder }

const (
	textBlock  = 16 << 10
	textPerRow = 24 // answers and respondent of the longest form shipped
)

// room makes a new block. What was taken out of the last one keeps that.
func (t *texts) room(size int) {
	t.block.Reset()
	t.block.Grow(size)
}

// roomFor returns texts with room for those of so many rows: no more than a block.
func roomFor(rows int64) *texts {
	var t texts
	t.room(int(min(rows, textBlock/textPerRow) * textPerRow))
	return &t
}

func tallied(s *sqlite.Stmt, r *survey.Response, names interner, marks *texts) {
	r.Service, r.Point = names.column(s, 1), names.column(s, 2)
	r.Mode, r.Hour = survey.Mode(s.ColumnInt64(3)), uint8(s.ColumnInt64(4))
	r.Answers, r.Respondent = survey.Marks(marks.column(s, 5)), survey.Marks(marks.column(s, 6))
}

func whole(s *sqlite.Stmt, r *survey.Response, names interner, marks *texts) {
	tallied(s, r, names, marks)
	s.ColumnBytes(7, r.ID[:])
	r.Lang = names.column(s, 8)
	r.StartedAt, r.ReceivedAt = sqlitefile.Time(s.ColumnInt64(9)), sqlitefile.Time(s.ColumnInt64(10))
	r.Comment = s.ColumnText(11)
}

func (t *texts) column(s *sqlite.Stmt, col int) string {
	var buf [64]byte
	n := s.ColumnBytes(col, buf[:])
	if n == len(buf) {
		return s.ColumnText(col)
	}
	if t.block.Cap()-t.block.Len() < n {
		t.room(textBlock)
	}
	at := t.block.Len()
	t.block.Write(buf[:n])
	return t.block.String()[at:]
}
