// Package manuscript keeps what people write into a unit's report: texts of its sections,
// who signs it, what was found and what is done about it, and which comments it quotes. The
// figures are none of it: nobody writes those.
//
// A manuscript is a fact with versions. Who changes it tells which version they read, so
// that nobody's work is lost to somebody else's.
package manuscript

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"persepsi/internal/audit"
	"persepsi/survey"
)

// Place is a report: of a unit in a period.
type Place struct {
	Period string
	Unit   string // its key, which stays when it is renamed
	Kind   string // of the report: `skm`; its room knows which there are
}

// Text is what a person wrote in a section. Paragraphs are parted by an empty line.
type Text struct {
	Body string `json:"body"`
	// Instead tells that it stands for the section's own words; else it follows them. What
	// tells of figures stays in either case.
	Instead bool `json:"instead,omitempty"`
}

// Paragraphs returns the text's paragraphs.
func (t Text) Paragraphs() []string {
	var out []string
	for p := range strings.SplitSeq(t.Body, "\n\n") {
		if p = strings.TrimSpace(p); p != "" {
			out = append(out, p)
		}
	}
	return out
}

// Signer is who signs a report: what stands above and below the name.
type Signer struct {
	Office string `json:"office"` // "Kepala Dinas Kependudukan"
	Name   string `json:"name"`
	Rank   string `json:"rank,omitempty"`   // "Pembina Tk. I"
	Number string `json:"number,omitempty"` // NIP
}

// FollowUp is a row of the table of what is done (rencana tindak lanjut).
type FollowUp struct {
	Aspect string `json:"aspect,omitempty"` // its code; empty: of the service as a whole
	Found  string `json:"found"`            // what is wrong
	Action string `json:"action"`           // what is done about it
	By     string `json:"by"`               // who does it
	Until  string `json:"until"`            // until when, in the words of the office
	Status string `json:"status,omitempty"` // how far it is
}

// Manuscript is one version of what is written into a report; the newest one holds.
type Manuscript struct {
	Place   `json:"-"`
	Version int `json:"-"` // from 1 on, each once
	// Texts has what a person wrote, by the ID of the section.
	Texts map[string]Text `json:"texts,omitempty"`
	// Town is where it is signed, Day on which day; both as the office writes them.
	Town      string     `json:"town,omitempty"`
	Day       string     `json:"day,omitempty"`
	Signers   []Signer   `json:"signers,omitempty"`
	FollowUps []FollowUp `json:"follow_ups,omitempty"`
	// Comments are the keys of those that are quoted, as comment.Key writes them.
	Comments []string  `json:"comments,omitempty"`
	By       string    `json:"by"` // who, as the audit names them
	At       time.Time `json:"at"`
}

// Store keeps manuscripts.
type Store interface {
	// RecordManuscript adds a version with what the audit tells of it: both or neither.
	// Conflict: it is not the one after the newest.
	RecordManuscript(ctx context.Context, m Manuscript, said ...audit.Entry) error
	// Manuscript returns a version of a report's texts, the newest one for 0. Where there is
	// none, its version is 0.
	Manuscript(ctx context.Context, of Place, version int) (Manuscript, error)
}

// Entries checks and stores the versions of manuscripts.
type Entries struct {
	Store Store
	Now   func() time.Time
}

// Newest returns the version of a report that holds; without any an empty one of version 0.
// No earlier version is read for it, however many there are.
func (e *Entries) Newest(ctx context.Context, of Place) (Manuscript, error) {
	return e.Version(ctx, of, 0)
}

// Version returns an earlier version, the newest one for 0; one of version 0 where there is
// none.
func (e *Entries) Version(ctx context.Context, of Place, version int) (Manuscript, error) {
	m, err := e.Store.Manuscript(ctx, of, version)
	m.Place = of
	return m, err
}

// Write stores m as the version after read, which is the one that its author saw (0: none).
// What says the same as the newest version is no new one. Errors: Invalid names each
// field; Conflict: another version is the newest.
func (e *Entries) Write(ctx context.Context, m Manuscript, read int) (Manuscript, error) {
	now, err := e.Newest(ctx, m.Place)
	if err != nil {
		return m, err
	}
	if err := m.Check(); err != nil {
		return m, err
	}
	changed := changes(&now, &m)
	if len(changed) == 0 { // a form that was sent twice, too
		return now, nil
	}
	if now.Version != read {
		return now, survey.Errorf(survey.Conflict, "the report was changed since: version %d is stored", now.Version)
	}
	m.Version, m.At = read+1, e.Now().UTC()
	said := audit.Entry{
		At: m.At, Actor: m.By, Action: audit.EditReport, Subject: m.Period + "/" + m.Unit,
		Detail: fmt.Sprintf("report %s, version %d", m.Kind, m.Version), Changes: changed,
	}
	said.Concerns(m.Period, m.Unit)
	return m, e.Store.RecordManuscript(ctx, m, said)
}

// changes returns what is otherwise in a version than in the one before, by field. Of long
// texts the audit tells that they changed, not what they say: the versions have that.
func changes(before, after *Manuscript) []audit.Change {
	var out []audit.Change
	was, is := before.fields(), after.fields()
	for _, name := range slices.Sorted(keysOf(was, is)) {
		if was[name] != is[name] {
			out = append(out, audit.Change{What: name, Before: length(was[name]), After: length(is[name])})
		}
	}
	return out
}

// length tells how long a text is.
func length(s string) string {
	if s == "" {
		return ""
	}
	return strconv.Itoa(len([]rune(s))) + " characters"
}

// fields returns all that a version says, by field.
func (m *Manuscript) fields() map[string]string {
	out := map[string]string{"town": m.Town, "day": m.Day, "comments": strings.Join(m.Comments, " ")}
	for id, text := range m.Texts {
		out["texts."+id] = text.Body
		if text.Instead {
			out["texts."+id+".instead"] = "instead"
		}
	}
	for i, s := range m.Signers {
		out[fmt.Sprintf("signers.%d", i+1)] = strings.Join([]string{s.Office, s.Name, s.Rank, s.Number}, "\n")
	}
	for i, f := range m.FollowUps {
		out[fmt.Sprintf("follow_ups.%d", i+1)] = strings.Join([]string{f.Aspect, f.Found, f.Action, f.By, f.Until, f.Status}, "\n")
	}
	return out
}
