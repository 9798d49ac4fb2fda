package export

import (
	"strings"

	"persepsi/analytics"
	"persepsi/internal/report"
)

// groups writes the sheet of agencies and city: the three figures per answer (pooled), per
// citizen (stratified: units weigh by the people that they served) and per unit, which has
// no interval, and what they leave out. A unit's results have none.
func (r *resultsBook) groups() error {
	heads := []string{
		r.say("sheet.level"), r.say("sheet.name"), r.say("sheet.index.head"), r.say("sheet.units"), r.say("sheet.valid"),
		r.say("sheet.pooled"), r.say("sheet.mutu"), r.say("sheet.low"), r.say("sheet.high"), r.say("sheet.n"), r.say("sheet.answered"),
		r.say("sheet.needed"), r.say("sheet.adequate"), r.say("sheet.aspects"),
		r.say("sheet.stratified"), r.say("sheet.mutu"), r.say("sheet.low"), r.say("sheet.high"), r.say("sheet.n"), r.say("sheet.units"), r.say("sheet.population"),
		r.say("sheet.leftout"),
	}
	widths := []float64{17, 30, 7, 7, 10, 9, 6, 8, 8, 10, 10, 9, 9, 8, 9, 6, 8, 8, 10, 7, 10, 9}
	for _, why := range report.LeftOut() {
		heads, widths = append(heads, r.say("sheet.leftout."+why)), append(widths, 10)
	}
	heads = append(heads, r.say("sheet.unitmean"), r.say("sheet.units"), r.say("sheet.note"))
	widths = append(widths, 9, 7, 30)
	s, err := r.add(page{title: r.say("sheet.groups"), widths: widths, frozen: 3, fixed: 3, foot: r.foot})
	if err != nil {
		return err
	}
	if err := s.title(r.say("sheet.groups.title"), r.line()); err != nil {
		return err
	}
	if err := s.heads(58, heads...); err != nil {
		return err
	}
	for _, g := range r.results.Groups() {
		level := r.say("sheet.level.agency")
		if g.GroupResult == r.results.City {
			level = r.say("sheet.level.city")
		}
		for _, code := range analytics.Order(r.results.Form) {
			cells := []value{plain(level), wrapped(g.Name), centered(strings.ToUpper(code)), number(g.Units, formatCount), number(g.Responses.Valid, formatCount)}
			if err := s.write(0, append(cells, r.groupFigures(g, code)...)...); err != nil {
				return err
			}
		}
	}
	return nil
}

// groupFigures are the cells of a group's index; those of what it lacks are empty.
func (r *resultsBook) groupFigures(g report.Group, code string) []value {
	x, made := g.Indexes[code], g.Makeup(code)
	pooled, weighed, mean, note := blank(9), blank(7), plain(""), plain("")
	if x != nil {
		pooled = []value{
			number(x.Value, formatFigure), centered(x.Mutu), number(x.CI95[0], formatFigure), number(x.CI95[1], formatFigure), number(x.N, formatCount), number(x.Answered, formatCount),
			number(whole(x.Needed), formatCount), centered(x.Adequate), number(x.AspectsAnswered, formatCount),
		}
		if w := x.Stratified; w != nil {
			weighed = []value{
				number(w.Value, formatFigure), centered(w.Mutu), number(w.CI95[0], formatFigure), number(w.CI95[1], formatFigure), number(made.N, formatCount),
				number(w.Units, formatCount), number(w.Population, formatCount),
			}
		}
		if x.UnitMean != nil {
			mean = number(*x.UnitMean, formatFigure)
		}
		note = wrapped(r.groupRemark(x))
	}
	out := append(append(pooled, weighed...), number(made.LeftOut(), formatCount))
	for _, why := range report.LeftOut() {
		out = append(out, number(made.Missing[why], formatCount))
	}
	return append(out, mean, number(made.Units, formatCount), note)
}

// groupRemark says what is wrong with the people served, and which ways the units of a
// group were computed in where there are several.
func (r *resultsBook) groupRemark(x *analytics.Index) string {
	var out []string
	if x.SampleFault != "" {
		out = append(out, r.say("sample.fault."+x.SampleFault))
	}
	if len(x.Methods) > 0 {
		out = append(out, r.say("sheet.methods", "Methods", strings.Join(x.Methods, ", ")))
	}
	return strings.Join(out, "; ")
}

func blank(n int) []value {
	out := make([]value, n)
	for i := range out {
		out[i] = plain("")
	}
	return out
}
