package desk

import (
	"context"
	"fmt"
	"slices"

	"persepsi/analytics"
	"persepsi/internal/cache"
	"persepsi/internal/report"
	"persepsi/survey"
)

// Detail is a unit in one period at a closer look. Of its scores all is a function of
// releases; its counts are those of Unit. It is never changed.
type Detail struct {
	*Unit
	// Against is the period that was asked to be compared with; nil: each index is compared
	// with the last period before that has it.
	Against *Period
	// Others are the unit's other periods that have begun, the newest first.
	Others []*Period
	// Codes are the indexes of the period's form in their order, also where there is no
	// figure; Grades is the table of its grades.
	Codes  []string
	Grades *analytics.GradeTable
	// Figures are the indexes that have one, in that order.
	Figures []IndexDetail
	// Past are the indexes over the unit's periods, with what older reports tell.
	Past []report.IndexHistory
	// Splits are the answers by service, point, mode and what respondents told of
	// themselves: with scores of a closed period alone.
	Splits []Split
	// Spread is how often each score of a question was given, by the tables of the first final
	// release; empty before it.
	Spread []Spread
	// Least is the number of people that a release hides a person among, LeastCell that of a
	// group.
	Least, LeastCell int
	// Population is how many people were served; nil: not known.
	Population *int
	// Incomplete tells that the releases could not be read now: months may be missing.
	Incomplete bool
}

// IndexDetail is an index with what its unit can do about it.
type IndexDetail struct {
	// Index has a Figure that tells how it came about. Change is that against Detail.Against
	// where there is one.
	Index
	// Unsur are its aspects, the lowest first and those without a figure last.
	Unsur []Unsur
	// Spans are its months, the oldest first, cut where the form or the method changed.
	Spans []Span
	// Baseline is the closed period that the first control limits are of; nil: of the first
	// months of each span.
	Baseline *Period
	// Forecast is of a running period; nil: nothing can be foretold.
	Forecast *analytics.Forecast
	// Lowest are the aspects that are not told apart from the lowest one, it among them;
	// empty where all are the same.
	Lowest []*analytics.AspectResult
	// Shipped tells that the index is asked by an instrument of the program.
	Shipped bool
}

// Unsur is one aspect of an index.
type Unsur struct {
	*analytics.AspectResult
	CI95 [2]float64 // of its mean, on 0-4; of no meaning where it has none
	// Lever is what raising it does to the index; nil where it has no figure.
	Lever *analytics.Lever
	// Low tells that it is one of Lowest.
	Low bool
}

// Details makes and keeps the closer looks at units. Safe for concurrent use.
type Details struct {
	figures *report.Builder
	grades  *analytics.Grades
	cache   *cache.Cache
}

// NewDetails returns a maker of details of what a builder's figures tell; it keeps them in a
// cache.
func NewDetails(figures *report.Builder, kept *cache.Cache) (*Details, error) {
	grades, err := analytics.LoadGrades()
	if err != nil {
		return nil, fmt.Errorf("details of units: %w", err)
	}
	return &Details{figures: figures, grades: grades, cache: kept}, nil
}

// detailKey names all that the scores of a detail depend on.
type detailKey struct {
	unit, period, against string
	history               string // the unit's releases, and the catalogue
	further               int64  // answers that the forecast counts on; -1: none is made
	today                 survey.Date
	drifts                uint64 // that the forecast goes by; 0: none is made, or nothing is known
}

// Key returns what the scores of a detail depend on, to keep by it what is made of them.
func (*Details) Key(on *Desk, u *Unit, against string) any { return keyOf(on, u, against) }

func keyOf(on *Desk, u *Unit, against string) detailKey {
	key := detailKey{
		unit: u.Code, period: u.Period.Code, against: against, history: on.whole.figures.HistoryKey(u.Code, report.Managed, on.Today),
		further: further(u), today: on.Today,
	}
	if key.further >= 0 {
		key.drifts = on.whole.drifts.id()
	}
	return key
}

// detailBytes is what a detail takes in memory, roughly.
const detailBytes = 60 << 10

// Of returns the closer look at a unit of a desk, each index compared with the period of a
// code; empty: with the one before. The same unit is made once for all who ask. Errors:
// NotFound for a period that is none of Others; report.ErrNotLoaded.
func (s *Details) Of(ctx context.Context, on *Desk, u *Unit, against string) (*Detail, error) {
	f := on.whole.figures
	made, err := cache.Get(s.cache, keyOf(on, u, against), func() (*Detail, int, error) {
		m := &detailMaker{Details: s, f: f, d: f.Directory(), today: on.Today, unit: u, drifts: on.whole.drifts}
		out, err := m.detail(ctx, against)
		size := detailBytes
		if out != nil && out.Incomplete {
			size = cache.Unkept
		}
		return out, size, err
	})
	if err != nil {
		return nil, err
	}
	out := *made
	out.Unit = u // with the counts of now
	return &out, nil
}

// detailMaker makes one detail.
type detailMaker struct {
	*Details
	f       *report.Figures
	d       *survey.Directory
	today   survey.Date
	drifts  *drifts
	unit    *Unit
	period  *survey.Period
	form    *survey.Form
	result  *report.UnitResult // nil: the unit has none
	history map[string]*report.History
	begun   []*survey.Period // the oldest first
}

func (m *detailMaker) detail(ctx context.Context, against string) (*Detail, error) {
	m.period, _ = m.d.Period(m.unit.Period.Code)
	m.form = m.d.Form(m.period.Code)
	out := &Detail{
		Codes: analytics.Order(m.form), Grades: m.grades.At(m.period.To),
		Least: m.d.City().LeastReleased(), LeastCell: analytics.LeastCell, Population: m.unit.Sample.Population,
	}
	var old *survey.Period
	for _, p := range report.Begun(m.d, m.unit.Code, m.today) {
		m.begun = append([]*survey.Period{p}, m.begun...)
		if p == m.period {
			continue
		}
		other := &Period{Code: p.Code, Name: p.Name, From: p.From, To: p.To}
		if out.Others = append(out.Others, other); p.Code == against {
			out.Against, old = other, p
		}
	}
	if against != "" && old == nil {
		return nil, survey.Errorf(survey.NotFound, "there is no such period to compare with")
	}
	results, err := m.f.Results(report.Scope{Period: m.period.Code, Unit: m.unit.Code, Audience: report.Managed, Explain: true})
	if err != nil {
		return nil, err
	}
	if len(results.Units) > 0 {
		m.result = results.Units[0]
	}
	if out.Incomplete, err = m.read(ctx); err != nil {
		return nil, err
	}
	for _, of := range m.unit.Indexes {
		if m.result == nil || m.result.Indexes[of.Code] == nil {
			continue
		}
		x, err := m.index(of, out.Against)
		if err != nil {
			return nil, err
		}
		out.Figures = append(out.Figures, x)
	}
	if h := m.history[m.period.Code]; h != nil {
		out.Past = h.Indexes
	}
	if out.Splits, err = m.splits(ctx); err != nil {
		return nil, err
	}
	out.Spread, err = m.spread(ctx)
	return out, err
}

// read reads the unit's history, with the months of each period that is drawn. unread tells
// that some could not be read now.
func (m *detailMaker) read(ctx context.Context) (unread bool, err error) {
	m.history = map[string]*report.History{}
	for _, p := range m.drawn() {
		h, err := m.figures.History(ctx, m.f, m.unit.Code, p, report.Managed, m.today)
		if h == nil {
			return false, err
		}
		m.history[p.Code], unread = h, unread || err != nil
	}
	return unread, nil
}

// mostDrawn is how many periods a trend shows: two years of halves.
const mostDrawn = 4

// drawn returns the periods of the trend, the oldest first: that of the detail and those
// before it.
func (m *detailMaker) drawn() []*survey.Period {
	upTo := slices.Index(m.begun, m.period) + 1
	if upTo == 0 { // it has not begun
		return nil
	}
	return m.begun[max(0, upTo-mostDrawn):upTo]
}

// index returns one index at a closer look.
func (m *detailMaker) index(of Index, against *Period) (IndexDetail, error) {
	code := of.Code
	x := m.result.Indexes[code]
	out := IndexDetail{Index: of, Shipped: true}
	out.Figure = x
	if against != nil {
		out.Change = nil
		results, err := m.f.Results(report.Scope{Period: against.Code, Unit: m.unit.Code, Audience: report.Managed})
		if err != nil {
			return out, err
		}
		if len(results.Units) > 0 && results.Units[0].Indexes[code] != nil {
			out.Change = changeOf(m.d, code, m.period, x, against, results.Units[0].Indexes[code])
		}
	}
	if r := m.result.Released; r != nil {
		form := m.form.Index(code)
		out.Lowest = analytics.Weakest(r.Tally, form, x)
		out.Unsur = unsurOf(code, x, analytics.AspectIntervals(r.Tally, form, x), out.Lowest)
	}
	instrument := m.form.InstrumentOf(code)
	for i := range m.d.Catalogue().Instruments { // the city's own
		out.Shipped = out.Shipped && m.d.Catalogue().Instruments[i].Code != instrument.Code
	}
	m.course(&out)
	return out, nil
}

// unsurOf returns the aspects of an index, the lowest first.
func unsurOf(code string, x *analytics.Index, ends [][2]float64, lowest []*analytics.AspectResult) []Unsur {
	out := make([]Unsur, len(x.Aspects))
	levers := analytics.Levers(code, x)
	for a := range x.Aspects {
		aspect := &x.Aspects[a]
		out[a] = Unsur{AspectResult: aspect, CI95: ends[a], Low: slices.Contains(lowest, aspect)}
		if i := slices.IndexFunc(levers, func(l analytics.Lever) bool { return l.Aspect == aspect.Code }); i >= 0 {
			out[a].Lever = &levers[i]
		}
	}
	slices.SortStableFunc(out, func(a, b Unsur) int {
		switch {
		case !a.Exact.Known() && !b.Exact.Known():
			return 0
		case !a.Exact.Known():
			return 1
		case !b.Exact.Known():
			return -1
		}
		return a.Exact.Cmp(b.Exact)
	})
	return out
}
