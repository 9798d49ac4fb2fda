package evidence

import (
	"context"
	"errors"
	"slices"
	"time"

	"persepsi/internal/audit"
	"persepsi/survey"
)

// memoryStore keeps what one unit has in memory.
type memoryStore struct {
	Store
	steps  []Step
	said   []audit.Entry
	pieces map[string][][]byte
	ends   map[string]Expiry
	raced  int // how many others come first
	broken error
	room   Room // beside what is added
	last   Expiry
}

func (d *memoryStore) EvidenceRoom(context.Context) (Room, error) { return d.room, d.broken }

func (d *memoryStore) EvidenceSteps(context.Context, Place) ([]Step, error) { return d.steps, nil }

func (d *memoryStore) Piece(_ context.Context, file string, n int) ([]byte, error) {
	if n >= len(d.pieces[file]) {
		return nil, errGone
	}
	return d.pieces[file][n], nil
}

func (d *memoryStore) PutExpiry(_ context.Context, e Expiry) error {
	d.ends[e.File] = e
	return nil
}

func (d *memoryStore) PutPiece(_ context.Context, file string, n int, data []byte) error {
	if _, kept := d.ends[file]; !kept {
		return errors.New("a piece comes before its expiry: it would stay for ever")
	}
	if len(data) > MostPiece || n != len(d.pieces[file]) {
		return errors.New("a piece is too large, or not the next one")
	}
	d.pieces[file] = append(d.pieces[file], slices.Clone(data))
	return d.broken
}

func (d *memoryStore) RecordEvidence(_ context.Context, s Step, end Expiry, said ...audit.Entry) error {
	if d.raced > 0 {
		d.raced--
		d.steps = append(d.steps, Step{Place: s.Place, Serial: len(d.steps) + 1, Added: &Entry{Row: FollowUp, Title: "Lain", Link: "https://lain.example"}})
	}
	if s.Serial != len(d.steps)+1 {
		return survey.Errorf(survey.Conflict, "raced")
	}
	d.steps, d.said, d.last = append(d.steps, s), append(d.said, said...), end
	if delete(d.ends, end.File); s.Withdrawn != nil && end.File != "" {
		d.ends[end.File] = end
	}
	return nil
}

func (d *memoryStore) Expiries(_ context.Context, at time.Time) (due []Expiry, _ error) {
	for _, e := range d.ends {
		if !e.Due.After(at) {
			due = append(due, e)
		}
	}
	return due, nil
}

func (d *memoryStore) EndExpiry(_ context.Context, e Expiry, gone bool) error {
	if delete(d.ends, e.File); gone {
		delete(d.pieces, e.File)
	}
	return nil
}

var noon = time.Date(2026, 7, 2, 4, 0, 0, 0, time.UTC)

func newEntries() (*Entries, *memoryStore) {
	d := &memoryStore{pieces: map[string][][]byte{}, ends: map[string]Expiry{}, room: Room{Free: -1}}
	return &Entries{Store: d, Rows: []string{Publication, FollowUp, "I.b"}, Most: MostCity, Now: func() time.Time { return noon }}, d
}

func draft(change func(*Draft)) *Draft {
	d := &Draft{
		Place: Place{"p", "u"}, Row: "I.b", Title: "Laporan kinerja", Link: "https://kota.example/lkjip.pdf", Today: survey.NewDate(2026, 7, 2), By: "Siti (siti@kota.example)", Form: "f1",
	}
	if change != nil {
		change(d)
	}
	return d
}

func fieldsOf(err error) (out []string) {
	var e *survey.Error
	if errors.As(err, &e) {
		for _, f := range e.Faults {
			out = append(out, f.Field+" "+f.Code)
		}
	}
	return out
}
