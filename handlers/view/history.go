package view

import (
	"slices"
	"strings"
	"time"

	"persepsi/internal/report"
	"persepsi/survey"
)

// History is one index of a unit over time, as its public page shows it.
type History struct {
	report.IndexHistory
	Unit   string // its code
	Period *survey.Period
	Zone   *time.Location
}

// mostSteps is how many of a running period's releases the page lists: the newest.
const mostSteps = 12

// Histories returns the indexes of a unit of which there is more to see than the
// one figure that stands at the top of the page.
func (r *Result) Histories() []History {
	if r.History == nil {
		return nil
	}
	var out []History
	for _, x := range r.History.Indexes {
		more := slices.ContainsFunc(x.Rows, func(row report.HistoryRow) bool {
			return row.HistoryFigure != nil && (r.Period == nil || row.Period != r.Period.Code)
		})
		if x.Steps = x.Steps[max(0, len(x.Steps)-mostSteps):]; !r.Running || len(x.Steps) < 2 {
			x.Steps = nil
		}
		if len(x.Months) < 2 {
			x.Months = nil
		}
		if more || x.Months != nil || x.Steps != nil {
			out = append(out, History{x, r.Place.Unit.Code, r.Period, r.Zone})
		}
	}
	return out
}

// Name returns the index's short name.
func (h *History) Name() string { return strings.ToUpper(h.Index) }

// Here reports whether a row is of the period that the page is about.
func (h *History) Here(period string) bool { return h.Period != nil && period == h.Period.Code }

// Noted reports whether notes stand below a row.
func (*History) Noted(row report.HistoryRow) bool {
	return row.Kind == report.KindEarlier || row.Amended || row.NotCompared != "" ||
		row.HistoryFigure != nil && (row.Short() || row.SampleFault != "" || row.Partial())
}

// Through returns the last day before a moment.
func (h *History) Through(t time.Time) survey.Date {
	return survey.DateOf(t.Add(-time.Nanosecond), h.Zone)
}
