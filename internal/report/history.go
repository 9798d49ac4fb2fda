package report

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"persepsi/analytics"
	"persepsi/survey"
)

// History is a unit over time: the figures of its periods and those that are known
// from older reports, and of one period its months and the steps of its releases.
// For all but evaluators every score in it is a function of releases, and for them
// too all but that of a period without a final release.
type History struct {
	Agency     string `json:"agency"`
	AgencyName string `json:"agency_name"`
	Unit       string `json:"unit"`
	UnitName   string `json:"unit_name"`
	// State is `live` for evaluators, else `released`.
	State string `json:"state"`
	// Period is whose months and steps are told; empty: of none.
	Period     string `json:"period,omitempty"`
	PeriodName string `json:"period_name,omitempty"`
	// Least is the number of people that a figure of a month has at least.
	Least   int            `json:"least"`
	Demo    bool           `json:"demo,omitempty"`
	Indexes []IndexHistory `json:"indexes"`
}

// Has reports whether a period has a figure of any index.
func (h *History) Has(period string) bool {
	return slices.ContainsFunc(h.Indexes, func(x IndexHistory) bool {
		return slices.ContainsFunc(x.Rows, func(r HistoryRow) bool { return r.Period == period && r.HistoryFigure != nil })
	})
}

// IndexHistory is one index of a unit over time.
type IndexHistory struct {
	Index string `json:"index"`
	// Title is what a city calls an index of its own, by its newest form.
	Title survey.Text `json:"name,omitempty"`
	// Rows are the periods that have begun and the earlier results, in the order of
	// their days.
	Rows []HistoryRow `json:"rows"`
	// Months are the months of the one period, Steps the last release of each day; both are
	// empty before the first release.
	Months []HistoryMonth `json:"months"`
	Steps  []HistoryStep  `json:"steps"`
}

// Kinds of a HistoryRow.
const (
	KindPeriod  = "period"
	KindEarlier = "earlier" // known from an older report: in no sum
)

// HistoryRow is an index in one period or older report.
type HistoryRow struct {
	Kind string `json:"kind"`
	// Period is the period's code, Name what it or the report calls it.
	Period string      `json:"period,omitempty"`
	Name   string      `json:"name"`
	From   survey.Date `json:"from"`
	To     survey.Date `json:"to"`
	// State is `live`, `released` or `final`; AsOf is up to when answers are counted.
	State string     `json:"state,omitempty"`
	AsOf  *time.Time `json:"as_of,omitempty"`
	*HistoryFigure
	// Withheld says why a period has no figure: as UnitResult.Withheld, or
	// `no_answers` where nobody answered the index.
	Withheld string `json:"withheld,omitempty"`
	// Amended tells that the period was changed when it had answers.
	Amended bool `json:"amended,omitempty"`
	// PrintedMutu is the grade that a report prints, where it isn't Mutu, that of the
	// grade table of its time. Source names the report.
	PrintedMutu string `json:"printed_mutu,omitempty"`
	Source      string `json:"source,omitempty"`
	Note        string `json:"note,omitempty"`
	Instrument  string `json:"instrument,omitempty"`
	Method      string `json:"method,omitempty"`
	// Before is the row that this one follows: the last with a figure that ended
	// before this one began. Difference is this figure less that one's, where both
	// were made by the same form and method; else NotCompared says why there is none:
	// another `form`, another `method`, or one that is `unknown`.
	Before          string   `json:"before,omitempty"`
	Difference      *float64 `json:"difference,omitempty"`
	ShownDifference string   `json:"shown_difference,omitempty"`
	NotCompared     string   `json:"not_compared,omitempty"`

	exact analytics.Ratio
}

// HistoryFigure is an index's figure without what only a whole result has.
type HistoryFigure struct {
	Value float64 `json:"value"`
	// Shown is the value rounded half up to two decimals; of an earlier result all
	// digits that its report prints.
	Shown   string `json:"shown"`
	Mutu    string `json:"mutu"`
	Kinerja string `json:"kinerja"`
	N       *int64 `json:"n"` // null where a report doesn't tell it
	// CI95 is the 95 % interval on Value's scale; nil of steps and of earlier results, for
	// which none is computed.
	CI95 *[2]float64 `json:"ci95,omitempty"`

	// Adequate and SampleFault are as those of the period's index; Adequate is null where
	// nobody can tell: of an older report, and of a part of a period.
	Adequate    *bool  `json:"adequate"`
	SampleFault string `json:"sample_fault,omitempty"`
	// The figure is of AspectsAnswered of AspectsAll aspects; 0 of an older report.
	AspectsAnswered int `json:"aspects_answered,omitempty"`
	AspectsAll      int `json:"aspects_all,omitempty"`

	figure *analytics.Figure
}

// Partial reports whether the figure is of a part of the index's aspects alone.
func (f *HistoryFigure) Partial() bool { return f.AspectsAnswered < f.AspectsAll }

// Short reports whether the respondents of a whole period were not enough, as far as that
// can be told.
func (f *HistoryFigure) Short() bool {
	return f.Adequate != nil && !*f.Adequate && f.SampleFault == "" && !f.Partial()
}

// Figure returns what comparing, limiting and foretelling need of the figure; nil where it
// is read from an older report, or there is none.
func (h *HistoryFigure) Figure() *analytics.Figure {
	if h == nil {
		return nil
	}
	return h.figure
}

// figureOf returns an index's figure; instrument is the reference of what was asked.
func figureOf(code, instrument string, x *analytics.Index) *HistoryFigure {
	if x == nil {
		return nil
	}
	n := x.N
	out := &HistoryFigure{Value: x.Value, Shown: x.Shown, Mutu: x.Mutu, Kinerja: x.Kinerja, N: &n, AspectsAnswered: x.AspectsAnswered, AspectsAll: x.AspectsAll, figure: analytics.FigureOf(code, instrument, x)}
	if x.CI95Method != "" {
		ci := x.CI95
		out.CI95 = &ci
	}
	return out
}

// Begun returns the periods of a unit that have begun on a day, the newest first.
func Begun(d *survey.Directory, unit string, today survey.Date) []*survey.Period {
	return slices.DeleteFunc(d.PeriodsOf(unit), func(p *survey.Period) bool { return p.From > today })
}

// HistoryKey names all that a unit's history depends on but the period whose months
// are told.
func (f *Figures) HistoryKey(unit string, of Audience, today survey.Date) string {
	var key strings.Builder
	for _, p := range Begun(f.directory, unit, today) {
		if r, err := f.Results(Scope{Period: p.Code, Unit: unit, Audience: of}); err == nil && len(r.Units) > 0 {
			fmt.Fprintf(&key, "%d ", r.Units[0].Serial)
		}
		if r := f.Released(p.Code, unit); r != nil {
			fmt.Fprintf(&key, "from %d ", r.Serial)
		}
	}
	return fmt.Sprint(key.String(), "of ", f.directory.Catalogue().Version)
}

// History returns a unit's history on a day, with the months and steps of a period
// (nil: of none). Where these cannot be read now the error says so, and the history
// is complete but for them. Errors beside: NotFound for a unit that doesn't exist;
// ErrNotLoaded.
func (b *Builder) History(ctx context.Context, f *Figures, unit string, period *survey.Period, of Audience, today survey.Date) (*History, error) {
	d := f.Directory()
	place, ok := d.Unit(unit)
	if !ok {
		return nil, survey.Errorf(survey.NotFound, "there is no unit %q", survey.Printable(unit))
	}
	if !f.Loaded() {
		return nil, ErrNotLoaded
	}
	out := &History{
		Agency: place.Agency.Code, AgencyName: place.Agency.Name, Unit: place.Unit.Code, UnitName: place.Unit.Name, State: "released",
		Least: d.City().LeastReleased(), Demo: d.City().Demo, Indexes: []IndexHistory{},
	}
	if of == Live {
		out.State = "live"
	}
	at := map[string]int{}
	index := func(code string) *IndexHistory {
		i, ok := at[code]
		if !ok {
			i = len(out.Indexes)
			at[code] = i
			out.Indexes = append(out.Indexes, IndexHistory{Index: code, Rows: []HistoryRow{}, Months: []HistoryMonth{}, Steps: []HistoryStep{}})
		}
		return &out.Indexes[i]
	}
	for _, p := range Begun(d, unit, today) {
		results, err := f.Results(Scope{Period: p.Code, Unit: unit, Audience: of})
		if err != nil {
			return nil, err
		}
		for i := range d.Form(p.Code).Indexes {
			of := &d.Form(p.Code).Indexes[i]
			x := index(of.Code)
			if x.Title == nil {
				x.Title = of.Name
			}
			for _, u := range results.Units {
				x.Rows = append(x.Rows, periodRow(d, p, u, x.Index))
			}
		}
	}
	for _, e := range d.Earlier(unit) {
		x := index(e.Index)
		x.Rows = append(x.Rows, b.earlierRow(d, e))
	}
	for i := range out.Indexes {
		order(out.Indexes[i].Rows)
		compare(out.Indexes[i].Rows)
	}
	slices.SortStableFunc(out.Indexes, func(a, b IndexHistory) int { return rank(a.Index) - rank(b.Index) })
	if period == nil || !period.Covers(place.Unit.Code) {
		return out, nil
	}
	out.Period, out.PeriodName = period.Code, period.Name
	read, err := b.course(ctx, f, period, place.Unit.Key())
	if err != nil {
		return out, err
	}
	for code, c := range read {
		x := index(code)
		x.Months, x.Steps = c.months, c.steps
	}
	return out, nil
}
