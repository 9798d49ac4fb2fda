package export

import (
	"strconv"
	"strings"

	"persepsi/analytics"
	"persepsi/internal/report"
)

// unitColumns name a unit.
func (r *resultsBook) unitColumns() []column {
	return []column{
		{r.say("sheet.number"), 5, func(n int, _ *report.UnitResult) value { return number(n, formatCount) }},
		{r.say("sheet.agency"), 30, func(_ int, u *report.UnitResult) value { return wrapped(u.AgencyName) }},
		{r.say("sheet.unit"), 28, func(_ int, u *report.UnitResult) value { return wrapped(u.UnitName) }},
	}
}

func wrapped(s string) value { return value{content: s, look: look{line: true, wrap: true}} }

func centered(of any) value { return value{content: of, look: look{line: true, center: true}} }

// sampleColumns tell how many answered, of how many.
func (r *resultsBook) sampleColumns() []column {
	return []column{
		{r.say("sheet.valid"), 10, func(_ int, u *report.UnitResult) value { return number(u.Responses.Valid, formatCount) }},
		{r.say("sheet.population"), 10, func(_ int, u *report.UnitResult) value { return number(whole(u.Sample.Population), formatCount) }},
		{r.say("sheet.needed"), 9, func(_ int, u *report.UnitResult) value { return number(whole(u.Sample.Needed), formatCount) }},
		{r.say("sheet.adequate"), 9, func(_ int, u *report.UnitResult) value { return centered(u.Sample.Adequate) }},
	}
}

func (r *resultsBook) summaryColumns() []column {
	out := append(r.unitColumns(), r.sampleColumns()...)
	at := map[string]int{} // the columns of the indexes
	for _, code := range analytics.Order(r.results.Form) {
		at[code] = len(out)
		out = append(out, r.valueColumns(code)...)
	}
	_, ipak := at[analytics.IPAK]
	_, ipkp := at[analytics.IPKP]
	if ipak || ipkp {
		out = append(out, r.sheetColumns()...)
	}
	return append(out, column{r.say("sheet.note"), 22, func(_ int, u *report.UnitResult) value { return wrapped(r.remark(u)) }})
}

// valueColumns are an index with its grade, which the processing table computes.
func (r *resultsBook) valueColumns(code string) []column {
	return []column{
		{strings.ToUpper(code), 9, func(_ int, u *report.UnitResult) value {
			x := u.Indexes[code]
			if x == nil {
				return plain("")
			}
			return value{x.Value, look{line: true, format: formatFigure}, r.placed[code][u.Unit].value}
		}},
		{r.say("sheet.mutu"), 7, func(_ int, u *report.UnitResult) value {
			x := u.Indexes[code]
			if x == nil {
				return plain("")
			}
			return value{x.Mutu, look{line: true, center: true}, r.placed[code][u.Unit].grade}
		}},
	}
}

// sheetColumns are the unit's rows of the LKE.
func (r *resultsBook) sheetColumns() []column {
	points := func(of func(*analytics.LKE) *analytics.LKEFigure) func(int, *report.UnitResult) value {
		return func(_ int, u *report.UnitResult) value {
			if u.ShownLKE == nil || of(u.ShownLKE) == nil {
				return plain("")
			}
			return number(of(u.ShownLKE).Points, formatFigure)
		}
	}
	verdict := func(of func(*analytics.LKE) analytics.Verdict) func(int, *report.UnitResult) value {
		return func(_ int, u *report.UnitResult) value {
			if u.ShownLKE == nil {
				return plain("")
			}
			return centered(r.verdict(of(u.ShownLKE)))
		}
	}
	return []column{
		{"I.a", 8, points(func(l *analytics.LKE) *analytics.LKEFigure { return figureOf(l.IA) })},
		{"I.b", 8, points(func(l *analytics.LKE) *analytics.LKEFigure { return figureOf(l.IB) })},
		{"II", 8, points(func(l *analytics.LKE) *analytics.LKEFigure { return figureOf(l.II) })},
		{r.say("lke.row.pengungkit"), 11, points(func(l *analytics.LKE) *analytics.LKEFigure { return l.Pengungkit })},
		{r.say("lke.row.total"), 9, points(func(l *analytics.LKE) *analytics.LKEFigure { return l.Total })},
		{"WBK", 21, verdict(func(l *analytics.LKE) analytics.Verdict { return l.WBK })},
		{"WBBM", 21, verdict(func(l *analytics.LKE) analytics.Verdict { return l.WBBM })},
	}
}

func figureOf(row *analytics.LKERow) *analytics.LKEFigure {
	if row == nil {
		return nil
	}
	return &row.LKEFigure
}

// verdict says what the tests found, and where an index behind them is not adequate.
func (r *resultsBook) verdict(v analytics.Verdict) string {
	key := "sheet.verdict.missing"
	switch {
	case v.Missing():
	case v.OK():
		key = "sheet.verdict.passed"
	default:
		key = "sheet.verdict.failed"
	}
	if v.Tentative() {
		return r.say("sheet.verdict.tentative", "Verdict", r.say(key))
	}
	return r.say(key)
}

// remark says what is missing or wrong at a unit.
func (r *resultsBook) remark(u *report.UnitResult) string {
	var out []string
	switch {
	case u.Withheld == "":
	case strings.HasPrefix(u.Withheld, fewer):
		out = append(out, r.say("sheet.withheld.fewer", "N", strings.TrimPrefix(u.Withheld, fewer)))
	default:
		out = append(out, r.say("sheet.withheld."+u.Withheld))
	}
	if u.Sample.Fault != "" {
		out = append(out, r.say("sample.fault."+u.Sample.Fault))
	}
	if u.Withheld == "" && u.Responses.Counted != nil && *u.Responses.Counted != u.Responses.Valid {
		out = append(out, r.say("sheet.counted", "N", strconv.FormatInt(*u.Responses.Counted, 10)))
	}
	return strings.Join(out, "; ")
}

// fewer is how Withheld begins where there are too few answers; their number follows.
const fewer = "fewer_than_"

// indexColumns are all that is told of an index beside a unit.
func (r *resultsBook) indexColumns(code string) []column {
	of := func(f func(*analytics.Index) value) func(int, *report.UnitResult) value {
		return func(_ int, u *report.UnitResult) value {
			if u.Indexes[code] == nil {
				return plain("")
			}
			return f(u.Indexes[code])
		}
	}
	count := func(f func(*analytics.Index) any) func(int, *report.UnitResult) value {
		return of(func(x *analytics.Index) value { return number(f(x), formatCount) })
	}
	out := append(r.unitColumns(), r.valueColumns(code)...)
	out = append(out,
		column{r.say("sheet.kinerja"), 12, of(func(x *analytics.Index) value { return plain(r.say("kinerja." + x.Kinerja)) })},
		column{r.say("sheet.low"), 9, of(func(x *analytics.Index) value { return number(x.CI95[0], formatFigure) })},
		column{r.say("sheet.high"), 9, of(func(x *analytics.Index) value { return number(x.CI95[1], formatFigure) })},
		column{r.say("sheet.n"), 10, count(func(x *analytics.Index) any { return x.N })},
		column{r.say("sheet.answered"), 10, count(func(x *analytics.Index) any { return x.Answered })},
		column{r.say("sheet.needed"), 9, count(func(x *analytics.Index) any { return whole(x.Needed) })},
		column{r.say("sheet.adequate"), 9, of(func(x *analytics.Index) value { return centered(x.Adequate) })},
		column{r.say("sheet.aspects"), 9, count(func(x *analytics.Index) any { return x.AspectsAnswered })},
	)
	aspects := r.results.Form.Index(code).Aspects
	for i := range aspects {
		out = append(out, column{"U" + strconv.Itoa(i+1), 7, of(func(x *analytics.Index) value {
			if i >= len(x.Aspects) || x.Aspects[i].Mean == nil {
				return plain("")
			}
			return number(*x.Aspects[i].Mean, formatFigure)
		})})
	}
	return append(out, column{r.say("sheet.method"), 11, of(func(x *analytics.Index) value { return centered(x.Method) })})
}
