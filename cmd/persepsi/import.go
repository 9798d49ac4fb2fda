package main

import (
	"context"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"

	"github.com/google/uuid"

	"persepsi/internal/paper"
	"persepsi/survey"
)

type importCommand struct {
	File   string `arg:"" help:"The CSV or XLSX file." type:"path"`
	Period string `required:"" help:"The survey period." placeholder:"P"`
	Unit   string `help:"The unit that the answers are about." placeholder:"U" shown:"what the file's column unit says"`

	understanding
}

// Run imports the file: all rows or none.
func (i *importCommand) Run(ctx context.Context, e *environment) error {
	data, err := readFile(i.File, paper.MaxBytes)
	if err != nil {
		return err
	}
	s, d, err := e.openCity(ctx)
	if err != nil {
		return err
	}
	defer s.Close() // everything is durable after Import
	period, place, err := inPeriod(d, i.Period, i.Unit)
	if err != nil {
		return err
	}
	if today := d.Today(e.now()); today < period.From {
		return survey.Errorf(survey.Closed, "--period: period %s begins on %s", period.Code, period.From)
	}
	reading, err := i.reader(d, period, place, e.now()).Read(i.File, data)
	if err == nil {
		err = clashes(ctx, s, reading)
	}
	if i.DryRun {
		return e.preview(reading, err)
	}
	if err != nil {
		return err
	}
	of := &survey.Import{At: e.now().UTC(), By: commandLine, Period: period.Code, Units: brought(reading)}
	imported, err := s.Import(ctx, of, reading.Responses)
	if err != nil {
		return err
	}
	if _, err := s.Settle(ctx); err != nil {
		return err
	}
	summary := fmt.Sprintf("%d rows stored, %d were there before", imported.Stored, imported.Before)
	for _, u := range of.Units {
		entry := said(e.now(), "import", period.Code+"/"+u.Unit)
		entry.Detail = summary
		entry.Concerns(period.Code, u.Unit)
		if err := note(ctx, s, entry); err != nil {
			return err
		}
	}
	e.tellLeftOut(reading)
	_, err = fmt.Fprintf(e.Out, "imported: %s\n", summary)
	return err
}

// brought returns what a file brings of each unit, ordered by the units' codes.
func brought(reading *paper.Reading) []survey.ImportedUnit {
	rows := map[string]int{}
	for _, r := range reading.Responses {
		rows[r.Unit]++
	}
	var out []survey.ImportedUnit
	for _, unit := range slices.Sorted(maps.Keys(rows)) {
		digest := reading.Digests[unit]
		out = append(out, survey.ImportedUnit{Unit: unit, Rows: rows[unit], Digest: hex.EncodeToString(digest[:])})
	}
	return out
}

// clashes refuses a file whose ids are stored with other content: the check
// comes before the first row is stored, so that nothing is half done.
func clashes(ctx context.Context, s *store, reading *paper.Reading) error {
	list := reading.Responses
	ids := make([]uuid.UUID, len(list))
	byID := make(map[uuid.UUID]*survey.Response, len(list))
	for i, r := range list {
		ids[i], byID[r.ID] = r.ID, r
	}
	found, err := s.Find(ctx, ids)
	if err != nil {
		return err
	}
	var faults []survey.Fault
	for _, old := range found {
		if fresh := byID[old.ID]; !fresh.Same(old) {
			faults = append(faults, reading.Conflict(old.ID))
		}
	}
	return survey.Faulty("the file cannot be imported", faults)
}
