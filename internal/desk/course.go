package desk

import (
	"time"

	"persepsi/analytics"
	"persepsi/internal/report"
	"persepsi/survey"
)

// Span are months that may be compared: of one form and one method.
type Span struct {
	// Questions is how many the form asks for the index, Instrument the reference of what
	// was asked. Anew tells that the span begins with another instrument, not with another
	// method or other aspects alone.
	Questions  int
	Instrument string
	Anew       bool
	Months     []Month
}

// Month is what the answers of one or more months showed.
type Month struct {
	report.HistoryMonth
	Period *Period
	// Control has the limits of the month; none where its Signal is waiting or gap.
	analytics.Control
}

// course adds the months of an index, their control limits, and where they lead.
func (m *detailMaker) course(x *IndexDetail) {
	var months []Month
	var asked []string
	for _, p := range m.drawn() {
		for _, month := range monthsOf(m.history[p.Code], x.Code) {
			months = append(months, Month{HistoryMonth: month, Period: &Period{Code: p.Code, Name: p.Name, From: p.From, To: p.To}})
			asked = append(asked, m.d.Form(p.Code).InstrumentOf(x.Code).Ref())
		}
	}
	x.Baseline = m.control(x.Code, months)
	seen := false // a month with a figure
	for i, month := range months {
		n := len(x.Spans)
		anew := i > 0 && asked[i] != asked[i-1]
		if i == 0 || anew || seen && month.Baseline > months[i-1].Baseline {
			of := m.d.Form(month.Period.Code).Index(x.Code)
			questions := 0
			for _, positions := range of.Positions {
				questions += len(positions)
			}
			x.Spans = append(x.Spans, Span{Questions: questions, Instrument: asked[i], Anew: anew})
			n++
		}
		x.Spans[n-1].Months = append(x.Spans[n-1].Months, month)
		seen = seen || month.HistoryFigure != nil
	}
	if more := further(m.unit); more >= 0 {
		ahead := analytics.Ahead{AsOf: last(m.d, *m.unit.AsOf), To: m.period.To, Further: more}
		now := analytics.FigureOf(x.Code, m.form.InstrumentOf(x.Code).Ref(), x.Figure)
		drift := m.drifts.known(driftKey{m.period.Code, x.Code, m.form.InstrumentOf(x.Code).Ref()})
		x.Forecast = m.grades.At(m.period.To).Forecast(stretchesOf(m.d, now, months), ahead, drift)
	}
}

// monthsOf returns the months of an index in a history; none where there is none.
func monthsOf(h *report.History, code string) []report.HistoryMonth {
	if h == nil {
		return nil
	}
	for i := range h.Indexes {
		if h.Indexes[i].Index == code {
			return h.Indexes[i].Months
		}
	}
	return nil
}

// control adds the control limits of months. They are those of the first closed period that
// is drawn, which it returns, and stay so for all that can be compared with it; nil where that
// has too few months: then of the first months themselves.
func (m *detailMaker) control(code string, months []Month) *Period {
	figures := make([]*analytics.Figure, len(months))
	for i := range months {
		figures[i] = months[i].Figure()
	}
	set := func(from int, list []analytics.Control) {
		for i, c := range list {
			months[from+i].Control = c
		}
	}
	closed, end := m.closed(code, months)
	if closed != nil {
		own := analytics.Controlled(closed, figures[:end], figures[:end])
		if len(own) > 0 && own[0].Baseline == 0 && enough(own) {
			for i := range own {
				if own[i].Signal != analytics.SignalGap {
					own[i].Signal = analytics.SignalBaseline
				}
			}
			set(0, own)
			set(end, analytics.Controlled(closed, figures[:end], figures[end:]))
			return months[0].Period
		}
	}
	set(0, analytics.Controlled(nil, nil, figures))
	return nil
}

// enough reports whether a closed period made limits for its own months.
func enough(own []analytics.Control) bool {
	for _, c := range own {
		if c.Signal == analytics.SignalBaseline || c.Signal == analytics.SignalWaiting {
			return false
		}
	}
	return true
}

// closed returns the final figure of the period that the first months are of, and how many
// they are; nil where it is not closed or is all that there is.
func (m *detailMaker) closed(code string, months []Month) (*analytics.Figure, int) {
	if len(months) == 0 {
		return nil, 0
	}
	first := months[0].Period.Code
	end := 0
	for end < len(months) && months[end].Period.Code == first {
		end++
	}
	if end == len(months) {
		return nil, 0
	}
	for _, x := range m.history[first].Indexes {
		if x.Index != code {
			continue
		}
		for _, row := range x.Rows {
			if row.Period == first && row.State == "final" {
				return row.Figure(), end
			}
		}
	}
	return nil, 0
}

// leastPaced is how many open days a pace is of that a forecast may go by: two weeks of five.
const leastPaced = 10

// further returns how many answers a unit's final release is expected to hold beside those of
// the newest one; -1 where nothing is foretold: the period does not run, there is no figure,
// or too few days are known to go by.
func further(u *Unit) int64 {
	n, known := u.AtClose()
	if u.AsOf == nil || !known {
		return -1
	}
	return max(n-u.Counted, 0)
}

// AtClose returns how many answers a unit's running period has at its end by the pace; false
// where the period does not run, or too few days are known to go by.
func (u *Unit) AtClose() (answers int64, known bool) {
	if u.Sample.Pace == nil || u.Sample.Pace.Days < leastPaced {
		return 0, false
	}
	return u.Sample.Pace.AtClose, true
}

// last returns the last day that lies before a moment.
func last(d *survey.Directory, t time.Time) survey.Date {
	return survey.DateOf(t.Add(-time.Nanosecond), d.Zone())
}

// stretchesOf returns the course of a figure through months.
func stretchesOf(d *survey.Directory, now *analytics.Figure, months []Month) analytics.Course {
	out := analytics.Course{Now: now}
	for i := range months {
		s := analytics.Stretch{Figure: months[i].Figure(), From: months[i].Period.From, To: min(last(d, months[i].To), months[i].Period.To)}
		if s.Figure == nil {
			continue
		}
		if from := months[i].From; from != nil {
			s.From = survey.DateOf(*from, d.Zone())
		}
		out.Months = append(out.Months, s)
	}
	return out
}
