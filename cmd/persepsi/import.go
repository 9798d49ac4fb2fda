package main

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/google/uuid"

	"persepsi/internal/paper"
	"persepsi/survey"
)

type importCommand struct {
	File   string   `arg:"" help:"The CSV or XLSX file." type:"path"`
	Period string   `required:"" help:"The survey period." placeholder:"P"`
	Unit   string   `help:"The unit that the answers are about." placeholder:"U" shown:"what the file's column unit says"`
	Ignore []string `help:"Columns to leave out." placeholder:"COLUMN"`
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
	reader := paper.Reader{
		Assignment: survey.Assignment{Place: place, Period: period, Form: d.Form(period.Code)},
		Units:      participants(d, period), Zone: d.Zone(), Now: e.now(), Ignore: i.Ignore,
	}
	reading, err := reader.Read(i.File, data)
	if err != nil {
		return err
	}
	if err := clashes(ctx, s, reading.Responses); err != nil {
		return err
	}
	of := &survey.Import{
		At: e.now().UTC(), By: commandLine, Period: period.Code,
		Units: []survey.ImportedUnit{{Unit: place.Unit.Code, Rows: len(reading.Responses)}},
	}
	imported, err := s.Import(ctx, of, reading.Responses)
	if err != nil {
		return err
	}
	if _, err := s.Settle(ctx); err != nil {
		return err
	}
	summary := fmt.Sprintf("%d rows stored, %d were there before", imported.Stored, imported.Before)
	for _, unit := range slices.Sorted(maps.Keys(reading.Digests)) {
		entry := said(e.now(), "import", period.Code+"/"+unit)
		entry.Detail = summary
		entry.Concerns(period.Code, unit)
		if err := note(ctx, s, entry); err != nil {
			return err
		}
	}
	if len(reading.Absent) > 0 {
		fmt.Fprintf(e.Err, "note: no column for %s: their answers count as missing\n", strings.Join(reading.Absent, ", "))
	}
	_, err = fmt.Fprintf(e.Out, "imported: %s\n", summary)
	return err
}

// participants returns the units that take part in a period.
func participants(d *survey.Directory, period *survey.Period) []survey.Place {
	var out []survey.Place
	agencies := d.Catalogue().Agencies
	for a := range agencies {
		for u := range agencies[a].Units {
			if unit := &agencies[a].Units[u]; period.Covers(unit.Code) {
				out = append(out, survey.Place{Agency: &agencies[a], Unit: unit})
			}
		}
	}
	return out
}

// clashes refuses a file whose ids are stored with other content: the check
// comes before the first row is stored, so that nothing is half done.
func clashes(ctx context.Context, s *store, list []*survey.Response) error {
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
			faults = append(faults, survey.Fault{Field: "id " + old.ID.String(), Code: "conflict", Message: "is stored already with other content"})
		}
	}
	return survey.Faulty("the file cannot be imported", faults)
}
