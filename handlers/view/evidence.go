package view

import (
	"fmt"
	"time"

	"persepsi/internal/evidence"
	"persepsi/survey"
)

// EvidencePage is what a unit shows beside its figures in a period, with the form to add to it
// for who may.
type EvidencePage struct {
	Frame
	survey.Place
	Period *survey.Period
	Groups []EvidenceGroup // the rows that have any, in the order of the LKE
	Writes bool
	// Rows are the LKE rows that an entry may be for. Form is the id of the form, Typed its
	// content and Faults what is wrong with it, by field.
	Rows          []string
	Form          string
	Typed, Faults map[string]string
	Heading       string
	Summary       []FaultLine
	// Done is the number of the entry that was just added or withdrawn; 0: none was.
	Done int
	// Files and MB are how many files there are and what they take.
	Files int
	MB    string
	// MostFiles, MostMB and FileMB are the bounds.
	MostFiles, MostMB, FileMB int
}

// EvidenceGroup are the entries of a row.
type EvidenceGroup struct {
	Row     string
	Entries []*EvidenceEntry
}

// EvidenceEntry is an entry as the page shows it.
type EvidenceEntry struct {
	evidence.Entry
	Address string    // of the entry on the site, without its query
	Moment  time.Time // when it was added, in the city's zone
	Gone    time.Time // likewise withdrawn
	Size    string    // of its file
	There   bool      // its file may be had
	Mine    bool      // who looks may withdraw it
}

// Short returns the beginning of the checksum, which tells files apart for an eye.
func (e *EvidenceEntry) Short() string { return e.File.SHA256[:12] }

// Kept returns the message of a form that comes back.
func (p *EvidencePage) Kept() string {
	if p.Typed["n"] != "" { // of a withdrawal
		return "proof.kept.reason"
	}
	return "proof.kept"
}

// Size writes a number of bytes for people.
func Size(lang string, bytes int64) string {
	switch {
	case bytes < 1000:
		return fmt.Sprintf("%d B", bytes)
	case bytes < 1_000_000:
		return fmt.Sprintf("%d kB", (bytes+500)/1000)
	}
	return Typed(lang, fmt.Sprintf("%.1f", float64(bytes)/1e6)) + " MB"
}

// EvidenceFaults are the codes of what can be wrong with an entry.
func EvidenceFaults() []string {
	return []string{
		"required", "choose", "too_long", "not_text", "both", "neither", "not_a_link", "not_a_day", "later", "twice", "many_entries", "many_files", "many_bytes", "sent", "city_full", "disk_full", "demo",
		"empty", "too_large", "type", "differs", "damaged", "pixels", "macros", "unpacked",
	}
}
