package view

import (
	"time"

	"persepsi/survey"
)

// Upload is the page that reads an LKE workbook back: first the form for the file, then
// every difference that it makes, with the form that takes them.
type Upload struct {
	Frame
	MB int // the largest file, in MB
	// Units are the units with differences; Cells counts the differences. None tells that a workbook was
	// read and has none.
	Units []UploadUnit
	Cells int
	None  bool
	// Faults are why nothing was taken.
	Faults []UploadFault
	Untold int // how many more there are
	// Seen are the differences as they are sent back to be taken.
	Seen          string
	Why, WhyFault string
}

// UploadUnit is a unit's sheet with its differences.
type UploadUnit struct {
	survey.Place
	Period      *survey.Period
	Sheet       string
	Differences []UploadDifference
}

// UploadDifference is a cell that holds something else than what is stored.
type UploadDifference struct {
	Name, Cell   string // what it is called, and where it stands
	Ours, Theirs string // as they are typed; empty: nothing
	// Who and At tell who stored ours, and when in the city's zone; an empty name: nobody
	// stored any.
	Who string
	At  time.Time
}

// UploadFault is a fault of a workbook and its place: a sheet and cell, or the whole file.
type UploadFault struct {
	Where string // empty: the file
	Text  string
}

// UploadFaults are the codes of faults that the page has words for; whatever else is wrong
// with a workbook makes it unreadable.
func UploadFaults() []string {
	return []string{
		"no_file", "too_large", "links", "no_sheet", "foreign_sheet", "other_shape", "version", "twice", "merged", "rows", "weight", "survey", "formula",
		"wrong_type", "level", "out_of_range", "too_long", "not_text", "unknown_period", "unknown_unit", "conflict", "other_period", "unreadable", "raced",
	}
}
