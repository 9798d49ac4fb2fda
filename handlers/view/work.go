package view

import (
	"time"

	"persepsi/internal/desk"
	"persepsi/internal/jobs"
	"persepsi/internal/reporting"
)

// WorkPage is the long work that somebody asked for, or the form that asks for it.
type WorkPage struct {
	Frame
	Jobs []Work
	// Open tells that something is to be done still: there will be more to see.
	Open bool

	// Of names whose reports are asked for; Agency is empty for the city.
	Of, Agency string
	// Dossier tells that the evidence package of the agency is for who asks, Rows that it has rows
	// of answers.
	Dossier, Rows bool
	Periods       []*desk.Period
	Period        string
	Kinds         []reporting.Kind
	Formats       []string
	Fault         string // asked: there is nothing such; many: there is too much work; late: its comments are being removed; period: there is no evidence of it; empty: none
}

// Work is one job.
type Work struct {
	*jobs.Job
	// Lost tells that who asked may not read it any more.
	Lost bool
	// Since and Gone are when it was asked for and when its result is removed, in the city.
	Since, Gone time.Time
}

// NewWork makes a job ready for a page.
func NewWork(j *jobs.Job, zone *time.Location) Work {
	return Work{Job: j, Since: j.Asked.In(zone), Gone: j.Until.In(zone)}
}
