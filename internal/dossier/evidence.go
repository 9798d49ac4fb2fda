package dossier

import (
	"context"
	"fmt"
	"io"
	"slices"

	"persepsi/internal/evidence"
)

// writeEvidence writes what the unit shows beside its figures, proof of publication among
// it: a table of all entries that hold, and the file of each that has one.
func (u *unitPart) writeEvidence(ctx context.Context, a *archive) error {
	const name = "04-bukti.csv"
	list, err := evidence.List(ctx, u.maker.Evidence, evidence.Place{Period: u.period.Code, Unit: u.place.Unit.Key()})
	if err != nil {
		return err
	}
	list = slices.DeleteFunc(list, func(e evidence.Entry) bool { return !e.Holds() })
	if !slices.ContainsFunc(list, func(e evidence.Entry) bool { return e.Row == evidence.Publication }) {
		u.leave("04-bukti-publikasi", "no_proof")
	}
	if len(list) == 0 {
		u.leave(name, "no_evidence")
		return nil
	}
	rows := [][]any{{"number", "row", "title", "note", "way", "day", "where", "link", "file", "type", "bytes", "sha256", "added_by", "added_at"}}
	for i := range list {
		e := &list[i]
		row := []any{e.N, e.Row, e.Title, e.Note, nil, nil, nil, e.Link, nil, nil, nil, nil, e.By, stamp(e.At)}
		if e.Shown != nil {
			row[4], row[5], row[6] = e.Shown.Way, e.Shown.Day.String(), e.Shown.Where
		}
		if e.File != nil {
			file := fmt.Sprintf("04-bukti-%03d-%s", e.N, e.File.Name)
			if err := u.evidenceFile(ctx, a, file, e); err != nil {
				return err
			}
			row[8], row[9], row[10], row[11] = safe(file), e.File.Type, e.File.Bytes, e.File.SHA256
		}
		rows = append(rows, row)
	}
	return u.table(a, name, "evidence.what.evidence", rows)
}

// evidenceFile writes the file of an entry as it is kept, piece by piece; what it says is
// the entry's title.
func (u *unitPart) evidenceFile(ctx context.Context, a *archive, name string, e *evidence.Entry) error {
	what := u.say("evidence.what.proof", "Title", e.Title)
	name = u.dir + safe(name)
	if a.evidence != nil {
		a.evidence[name] = e.N
		a.files = append(a.files, File{Name: name, SHA256: e.File.SHA256, Size: e.File.Bytes, What: what})
		return nil
	}
	from, err := evidence.Open(ctx, u.maker.Evidence, e)
	if err != nil {
		return fmt.Errorf("evidence %d: %w", e.N, err)
	}
	defer from.Close() // only read
	return a.add(name, what, true, func(w io.Writer) error {
		_, err := io.Copy(w, from)
		return err
	})
}
