package main

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"persepsi/internal/paper"
	"persepsi/survey"
)

// readingFlags are the flags of import that say how a file is to be understood.
type readingFlags struct {
	Ignore []string `help:"Columns to leave out." placeholder:"COLUMN"`
	Sheet  string   `help:"The sheet of a workbook." placeholder:"NAME" shown:"the one with answers"`
	Order  string   `help:"What U1, U2 … count: unsur (the list of PermenPANRB 14/2017), kuesioner (its sample questionnaire) or formulir (the period's form)." enum:",unsur,kuesioner,formulir" default:"" placeholder:"ORDER" shown:"unsur as far as both lists agree"`
	DryRun bool     `help:"Tell what was understood, and store nothing."`
}

// reader makes the reader of a file about a place, of which only a unit may be known.
func (u *readingFlags) reader(d *survey.Directory, period *survey.Period, place survey.Place, now time.Time) *paper.Reader {
	return &paper.Reader{
		Assignment: survey.Assignment{Place: place, Period: period, Form: d.Form(period.Code)},
		Units:      participants(d, period), Zone: d.Zone(), Now: now,
		Ignore: u.Ignore, Sheet: u.Sheet, Order: u.Order,
	}
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

// mostPreviewed is how many faults a preview tells: the first show what is wrong.
const mostPreviewed = 20

// preview tells what was understood of a file. Where it could not be imported, it
// fails with the first faults, and tells what was understood below them.
func (e *environment) preview(reading *paper.Reading, err error) error {
	if err == nil {
		for _, line := range reading.Understood.Lines() {
			if _, err := fmt.Fprintf(e.Out, "%s: %s\n", line.Label, line.Text); err != nil {
				return err
			}
		}
		return nil
	}
	var bad *survey.Error
	if !errors.As(err, &bad) {
		return err
	}
	reading.Understood.Refuse(len(bad.Faults))
	told := *bad
	told.Faults = append([]survey.Fault{}, bad.Faults[:min(len(bad.Faults), mostPreviewed)]...)
	for _, line := range reading.Understood.Lines() {
		told.Faults = append(told.Faults, survey.Fault{Field: line.Label, Code: "understood", Message: line.Text})
	}
	return &told
}

// tellLeftOut notes what of a file was not imported: rows below the header that are
// no answers, and questions without a column.
func (e *environment) tellLeftOut(reading *paper.Reading) {
	for _, s := range reading.Understood.Skipped() {
		fmt.Fprintf(e.Err, "note: left out: %s\n", s.String())
	}
	if len(reading.Absent) > 0 {
		fmt.Fprintf(e.Err, "note: no column for %s: their answers count as missing\n", strings.Join(reading.Absent, ", "))
	}
}
