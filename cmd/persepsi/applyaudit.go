package main

import (
	"slices"
	"strconv"
	"time"

	"persepsi/internal/audit"
	"persepsi/survey"
)

// auditOf returns what the audit tells of an apply: the changes one by one and, for
// each period that is amended, which of its figures move from what to what.
func auditOf(at time.Time, before *survey.Catalogue, applied *survey.ApplyResult, moves []move, reason string) []audit.Entry {
	version := strconv.FormatInt(applied.Catalogue.Version, 10)
	whole := said(at, audit.Apply, "catalogue "+version)
	whole.Detail, whole.Reason = summaryOf(applied), reason
	whole.Declare(before, applied.Catalogue, applied.Changes)
	// Which version of the notice is told from now on: with the time of an answer that
	// proves what its citizen was told, and agreed to.
	if was, is := before.City.NoticeVersion(), applied.Catalogue.City.NoticeVersion(); was != is {
		if before.Version == 0 {
			was = ""
		}
		whole.Changes = append(whole.Changes, audit.Change{What: "city.notice.version", Before: was, After: is})
	}
	out := []audit.Entry{whole}
	var periods []string
	for _, c := range applied.Amended {
		if !slices.Contains(periods, c.Period) {
			periods = append(periods, c.Period)
		}
	}
	for _, period := range periods {
		e := said(at, audit.Amend, period)
		e.Detail, e.Reason = "by catalogue "+version, reason
		e.Concerns(period, "")
		for _, c := range applied.Amended {
			if c.Period == period {
				e.Declare(before, applied.Catalogue, []survey.Change{c})
			}
		}
		for _, m := range moves {
			if m.period == period {
				e.Changes = append(e.Changes, audit.Change{What: "figure " + m.name, Before: m.before, After: m.after})
				e.Concerns("", m.unit)
			}
		}
		out = append(out, e)
	}
	return out
}
