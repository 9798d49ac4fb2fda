package evidence

import (
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"persepsi/survey"
)

// The bounds of entries, in characters where nothing else is said.
const (
	MostTitle  = 120
	MostNote   = 600
	MostLink   = 500
	MostName   = 100 // of a file, before its ending
	MostWhere  = 120
	LeastWords = 3 // of a title, a place and a reason
	MostReason = 200

	MostFile    = 8 << 20   // bytes of a file
	MostPiece   = 256 << 10 // bytes of a piece: a commit that keeps no answer waiting
	MostFiles   = 50        // that a unit has in a period
	MostBytes   = 64 << 20  // of these together
	MostEntries = 200       // of a unit in a period, withdrawn ones too

	// MostCity is what the files of a city take unless its operator says otherwise, in bytes;
	// each piece counts as a whole one.
	MostCity = 16 << 30
	// LeastFree are the bytes of a store's disk that files leave for answers.
	LeastFree = 1 << 30

	// KeptWithdrawn is how long the file of an entry that was withdrawn is kept.
	KeptWithdrawn = 30 * 24 * time.Hour
	// addWithin is how long the pieces of a file wait for their entry.
	addWithin = time.Hour
)

// Draft is an entry that somebody wants to add.
type Draft struct {
	Place
	Row, Title, Note, Link string
	// Way, Day and Where are of Publication alone.
	Way, Where string
	Day        string // as in survey.ParseDate
	Today      survey.Date
	By, Form   string
	File       *Sent // nil: none was chosen
	// LinksOnly takes no file: anybody may add to a demonstration.
	LinksOnly bool
}

// Sent is a file as it came.
type Sent struct {
	Name string
	Data []byte
}

// faults collects what is wrong with a draft.
type faults []survey.Fault

func (f *faults) add(field, code, message string) {
	*f = append(*f, survey.Fault{Field: field, Code: code, Message: message})
}

// text checks a text of one line, or of several.
func (f *faults) text(field, s string, least, most int, lines bool) {
	n := utf8.RuneCountInString(s)
	switch {
	case n < least:
		f.add(field, "required", "is lacking or too short")
	case n > most:
		f.add(field, "too_long", "is too long")
	case !utf8.ValidString(s) || strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsPrint(r) && (!lines || r != '\n') }):
		f.add(field, "not_text", "holds signs that are no text")
	}
}

// entry returns what a draft makes, without its file, and its faults.
func (d *Draft) entry(rows []string) (Entry, faults) {
	e := Entry{
		Place: d.Place, Row: d.Row, Title: strings.TrimSpace(survey.Plain(d.Title)), Note: strings.TrimSpace(survey.Plain(strings.ReplaceAll(d.Note, "\r\n", "\n"))),
		Link: strings.TrimSpace(d.Link), By: d.By, Form: d.Form,
	}
	var wrong faults
	if !slices.Contains(rows, d.Row) {
		wrong.add("row", "required", "is no row that evidence belongs to")
	}
	wrong.text("title", e.Title, LeastWords, MostTitle, false)
	wrong.text("note", e.Note, 0, MostNote, true)
	if d.Row == Publication {
		e.Shown = d.shown(&wrong)
	}
	switch {
	case e.Link != "" && d.File != nil:
		wrong.add("link", "both", "there is a file too; one entry has one of them")
	case e.Link == "" && d.File == nil:
		wrong.add("file", "neither", "neither a link nor a file was given")
	case e.Link != "":
		wrong.link(e.Link)
	}
	return e, wrong
}

func (d *Draft) shown(wrong *faults) *PublicationProof {
	out := &PublicationProof{Way: d.Way, Where: strings.TrimSpace(d.Where)}
	if out.Way != Online && out.Way != Offline {
		wrong.add("way", "required", "must be online or offline")
	}
	wrong.text("where", out.Where, LeastWords, MostWhere, false)
	day, err := survey.ParseDate(strings.TrimSpace(d.Day))
	switch {
	case err != nil:
		wrong.add("day", "not_a_day", "is no day")
	case day > d.Today:
		wrong.add("day", "later", "is yet to come")
	}
	out.Day = day
	return out
}

// link checks an address that a page leads to.
func (f *faults) link(s string) {
	to, err := url.Parse(s)
	switch {
	case utf8.RuneCountInString(s) > MostLink:
		f.add("link", "too_long", "is too long")
	case err != nil || to.Scheme != "http" && to.Scheme != "https" || to.Hostname() == "" || to.User != nil ||
		strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsGraphic(r) || unicode.IsSpace(r) }):
		f.add("link", "not_a_link", "is no address that begins with http:// or https://")
	}
}

// holds checks a file of so many bytes against what the whole city has.
func (r Room) holds(bytes, most int64) faults {
	var wrong faults
	pieces := (bytes + MostPiece - 1) / MostPiece
	switch {
	case r.Pieces+pieces > most/MostPiece:
		wrong.add("file", "city_full", "the files of the whole city would take more room than they may")
	case r.Free >= 0 && r.Free-bytes < LeastFree:
		wrong.add("file", "disk_full", "the disk is nearly full, and the rest of it is for answers")
	}
	return wrong
}

// roomFor checks an entry against what its place has already, at a moment.
func roomFor(e *Entry, have []Entry, at time.Time) faults {
	var wrong faults
	files, bytes := 0, int64(0)
	for i := range have {
		old := &have[i]
		if old.HasFile(at) {
			files, bytes = files+1, bytes+old.File.Bytes
		}
		if old.Holds() && old.Row == e.Row && (e.Link != "" && old.Link == e.Link || e.File != nil && old.File != nil && old.File.SHA256 == e.File.SHA256) {
			field := "file"
			if e.Link != "" {
				field = "link"
			}
			wrong.add(field, "twice", "is there already, at this row")
		}
	}
	switch {
	case len(have) >= MostEntries:
		wrong.add("title", "many_entries", "the unit has as many entries in this period as there may be")
	case e.File != nil && files >= MostFiles:
		wrong.add("file", "many_files", "the unit has as many files in this period as there may be")
	case e.File != nil && bytes+e.File.Bytes > MostBytes:
		wrong.add("file", "many_bytes", "the unit's files of this period would take more room than there is")
	}
	return wrong
}
