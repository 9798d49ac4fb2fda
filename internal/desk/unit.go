package desk

import (
	"slices"
	"time"

	"persepsi/analytics"
	"persepsi/internal/report"
	"persepsi/survey"
)

// deskInput is what a desk is made of at one time.
type deskInput struct {
	figures   *report.Figures
	directory *survey.Directory
	now       time.Time
	today     survey.Date
	results   map[string]*report.Results                   // by period; of the Managed view
	units     map[string]map[string]unitResult             // by period and code
	counts    map[string]*periodCounts                     // by period; nil: not read yet
	unread    map[string]map[string]int                    // by period and unit key; nil: not known
	periods   map[string]*Period                           // by code
	groups    map[string]map[string]*analytics.GroupResult // by period and agency; "" is the city
}

// unitResult is a unit's result with the period that it is of.
type unitResult struct {
	*report.UnitResult
	period *survey.Period
	form   *survey.Form
}

// resultsOf returns a unit's results in all of its periods, the newest first.
func (m *deskInput) resultsOf(unit *survey.Unit) []unitResult {
	var out []unitResult
	for _, p := range m.directory.PeriodsOf(unit.Code) {
		if r, ok := m.units[p.Code][unit.Code]; ok {
			out = append(out, r)
		}
	}
	return out
}

// state returns where a period stands, and the days that State tells of.
func (m *deskInput) state(r unitResult) (State, int) {
	switch p := r.period; {
	case m.today < p.From:
		return Before, int(p.From - m.today)
	case m.today <= p.To:
		return Running, int(p.To - m.today)
	case r.Final:
		return Final, 0
	default:
		return Closing, 0
	}
}

// mainOf returns the place of the period that a unit is shown in where nobody chose one:
// the one that runs and began last, else that which ended last, else the next one. The
// results are the newest first.
func (m *deskInput) mainOf(list []unitResult) int {
	best := -1
	for i, r := range list {
		state, _ := m.state(r)
		switch {
		case state == Running:
			return i
		case state == Before: // of several the one that begins first
			if best < 0 || m.today < list[best].period.From {
				best = i
			}
		case best < 0 || m.today < list[best].period.From || r.period.To > list[best].period.To:
			best = i
		}
	}
	return best
}

// unit makes one unit in one period.
func (m *deskInput) unit(at survey.Place, list []unitResult, i int, main bool, s *series) *Unit {
	r := list[i]
	u := &Unit{
		Agency: at.Agency.Code, AgencyName: at.Agency.Name, Code: at.Unit.Code, Name: at.Unit.Name, Closed: at.Closed(),
		Period: m.periods[r.period.Code], Answers: r.Responses.Valid, Withheld: r.Withheld,
	}
	u.State, u.Days = m.state(r)
	if r.AsOf != nil {
		local := r.AsOf.In(m.directory.Zone())
		u.AsOf = &local
	}
	if r.Responses.Counted != nil {
		u.Counted = *r.Responses.Counted
	}
	for _, code := range analytics.Order(r.form) {
		if x := r.Indexes[code]; x != nil {
			u.Indexes = append(u.Indexes, m.index(code, x, r, list))
		}
	}
	calendar := m.directory.Calendar(at)
	counts := m.counts[r.period.Code].of(at.Unit.Key())
	if counts != nil {
		u.Counts = m.countsOf(at, r, calendar, counts)
	}
	u.Sample = m.sample(r, u, calendar, counts)
	m.shareSample(u, r, at)
	if list := m.unread[r.period.Code]; list != nil {
		n := list[at.Unit.Key()]
		u.Unread = &n
	}
	m.attend(u, r, counts, main, s)
	u.digest = digestOf(u)
	return u
}

// of returns a unit's counts; nil: they are not known. A unit without answers has empty ones.
func (p *periodCounts) of(key string) *unitCounts {
	if p == nil {
		return nil
	}
	return p.units[key]
}

// index returns an index with what is to be said beside it. list are all of the unit's results,
// the newest first.
func (m *deskInput) index(code string, x *analytics.Index, r unitResult, list []unitResult) Index {
	out := m.indexOf(code, r.period, x)
	for _, b := range list {
		if old := b.Indexes[code]; old != nil && b.period.To < r.period.From {
			out.Change = m.change(code, r.period, x, b.period, old)
			break
		}
	}
	return out
}

func (m *deskInput) indexOf(code string, period *survey.Period, x *analytics.Index) Index {
	out := Index{Code: code, Figure: x, figure: analytics.FigureOf(code, m.directory.Form(period.Code).InstrumentOf(code).Ref(), x)}
	if !x.Partial() {
		out.Could, out.Sure = x.Stability.Could, len(x.Stability.Could) == 0
	}
	return out
}

// change compares an index with that of an earlier period.
func (m *deskInput) change(code string, period *survey.Period, x *analytics.Index, earlier *survey.Period, old *analytics.Index) *Change {
	return changeOf(m.directory, code, period, x, m.periods[earlier.Code], old)
}

// changeOf compares an index in a period with the same index in an earlier one.
func changeOf(d *survey.Directory, code string, period *survey.Period, x *analytics.Index, earlier *Period, old *analytics.Index) *Change {
	figure := func(p string, x *analytics.Index) *analytics.Figure {
		return analytics.FigureOf(code, d.Form(p).InstrumentOf(code).Ref(), x)
	}
	out := &Change{Period: earlier, Before: old, Change: analytics.Changed(figure(earlier.Code, old), figure(period.Code, x))}
	if out.State != analytics.ChangeReal || out.Difference >= 0 {
		return out
	}
	var worst analytics.Ratio
	for a := range x.Aspects {
		now := &x.Aspects[a]
		b := slices.IndexFunc(old.Aspects, func(o analytics.AspectResult) bool { return o.Code == now.Code })
		if b < 0 || !now.Exact.Known() || !old.Aspects[b].Exact.Known() {
			continue
		}
		if by := now.Exact.Sub(old.Aspects[b].Exact); by.Sign() < 0 && (out.Aspect == "" || by.Cmp(worst) < 0) {
			worst, out.Aspect, out.AspectBefore, out.AspectNow = by, now.Code, old.Aspects[b].Shown, now.Shown
		}
	}
	return out
}

// sample compares the answers with those that are needed.
func (m *deskInput) sample(r unitResult, u *Unit, calendar *survey.Calendar, counts *unitCounts) Sample {
	out := Sample{Population: r.Sample.Population, Needed: r.Sample.Needed, Fault: r.Sample.Fault, SoFar: u.Answers}
	if out.Fault != "" {
		out.Needed = nil
	}
	needed := 0
	if out.Needed != nil {
		needed = *out.Needed
		out.Missing = max(int64(needed)-out.SoFar, 0)
	}
	if u.State != Running || counts == nil || u.Closed {
		return out
	}
	pace := analytics.PaceOf(analytics.Intake{
		From: r.period.From, To: r.period.To, Today: m.today, Needed: needed, SoFar: out.SoFar, Open: calendar.Open,
		Count: func(day survey.Date) int64 { return counts.days.on(int(day - r.period.From)) },
	})
	out.Pace = &pace
	return out
}
