package export

import (
	"strconv"

	"persepsi/internal/report"
	"persepsi/survey"
)

// respondents writes how the answers came and, where a release tells it, who gave them.
func (r *resultsBook) respondents() error {
	columns := append(r.unitColumns(), r.sampleColumns()...)
	columns = append(columns, column{r.say("sheet.told"), 12, func(_ int, u *report.UnitResult) value {
		if u.Responses.Counted != nil {
			return number(*u.Responses.Counted, formatCount)
		}
		return number(u.Responses.Valid, formatCount)
	}})
	for m := range survey.ModeCount {
		columns = append(columns, column{r.say("mode." + m.String()), 10, func(_ int, u *report.UnitResult) value {
			return number(u.Responses.ByMode[m.String()], formatCount)
		}})
	}
	columns = append(columns,
		column{r.say("sheet.asof"), 26, func(_ int, u *report.UnitResult) value {
			if u.AsOf == nil {
				return plain("")
			}
			return number(u.AsOf.In(r.zone), formatMoment)
		}},
		column{r.say("sheet.final"), 9, func(_ int, u *report.UnitResult) value { return centered(u.Final) }},
	)
	t, err := r.newTable("sheet.respondents", "sheet.respondents.title", columns)
	if err != nil {
		return err
	}
	if err := t.units(r.results.Units); err != nil {
		return err
	}
	for _, u := range r.results.Units {
		if u.Released != nil && len(u.Released.People) > 0 {
			return r.profile()
		}
	}
	return nil
}

// profile writes who the respondents are, by every category of every field: two rows of
// heads, one row for each unit. What was told by too few is 0 there, as everywhere.
func (r *resultsBook) profile() error {
	fields := r.results.Form.Fields
	upper := []value{head(""), head(""), head("")}
	lower := []value{head(r.say("sheet.number")), head(r.say("sheet.agency")), head(r.say("sheet.unit"))}
	widths := []float64{5, 30, 28}
	var merges [][2]int
	for _, f := range fields {
		from := len(lower)
		for i, c := range append([]survey.Category{{Label: survey.Text{"id": r.say("sheet.untold")}}}, f.Categories...) {
			name := ""
			if i == 0 {
				name = f.Text.In("id")
			}
			turned := head(c.Label.In("id"))
			turned.look.turned = true
			upper, lower, widths = append(upper, head(name)), append(lower, turned), append(widths, 6)
		}
		merges = append(merges, [2]int{from, len(lower) - 1})
	}
	s, err := r.add(page{title: r.say("sheet.profile"), widths: widths, frozen: 4, fixed: 3, foot: r.foot})
	if err != nil {
		return err
	}
	if err := s.title(r.say("sheet.profile.title"), r.line()); err != nil {
		return err
	}
	if err := s.write(44, upper...); err != nil {
		return err
	}
	for _, m := range merges {
		if err := s.stream.MergeCell(at(m[0], s.row), at(m[1], s.row)); err != nil {
			return err
		}
	}
	if err := s.write(110, lower...); err != nil {
		return err
	}
	for i, u := range r.results.Units {
		cells := []value{number(i+1, formatCount), wrapped(u.AgencyName), wrapped(u.UnitName)}
		for f := range fields {
			for c := range len(fields[f].Categories) + 1 {
				cells = append(cells, people(u, f, c))
			}
		}
		if err := s.write(0, cells...); err != nil {
			return err
		}
	}
	return nil
}

// people is how many respondents are of a category, counted from 1; 0: not told.
func people(u *report.UnitResult, field, category int) value {
	if u.Released == nil || field >= len(u.Released.People) || category >= len(u.Released.People[field]) {
		return plain("")
	}
	return number(u.Released.People[field][category], formatCount)
}

func head(s string) value { return value{content: s, look: look{head: true}} }

// about writes what the figures are and how they came about.
func (r *resultsBook) about(codes []string) error {
	s, err := r.add(page{title: r.say("sheet.about"), widths: []float64{34, 110}, foot: r.foot})
	if err != nil {
		return err
	}
	if err := s.title(r.say("sheet.about.title")); err != nil {
		return err
	}
	line := func(name string, v value) error {
		v.look.line, v.look.wrap, v.look.left = true, true, true
		return s.write(0, value{content: name, look: look{line: true, bold: true, wrap: true}}, v)
	}
	facts := []struct {
		name string
		value
	}{
		{r.say("sheet.city"), plain(r.results.CityName)},
		{r.say("sheet.period"), plain(r.results.PeriodName + " (" + r.results.Period + ")")},
		{r.say("sheet.instrument"), plain(r.results.Instrument)},
		{r.say("sheet.made"), value{content: r.results.GeneratedAt.In(r.zone), look: look{format: formatMoment}}},
		{r.say("sheet.state"), plain(r.state() + ": " + r.say("sheet.state."+r.results.State+".is"))},
		{r.say("sheet.demonstration"), value{content: r.results.Demo}},
	}
	for _, f := range facts {
		if err := line(f.name, f.value); err != nil {
			return err
		}
	}
	for _, code := range codes {
		if name, how, ok := r.how(code); ok {
			if err := line(name, plain(how)); err != nil {
				return err
			}
		}
	}
	for _, key := range []string{"rounding", "grade", "interval", "adequate", "pooled", "stratified", "unitmean", "verdict", "formulas"} {
		if err := line(r.say("sheet.about."+key), plain(r.say("sheet.about."+key+".is"))); err != nil {
			return err
		}
	}
	return nil
}

// how tells how an index came about, of the first unit that has it.
func (r *resultsBook) how(code string) (name, how string, ok bool) {
	for _, u := range r.results.Units {
		x := u.Indexes[code]
		if x == nil {
			continue
		}
		of := r.results.Form.Index(code)
		name = of.Name.In("id")
		if name == "" {
			name = r.say("result.index." + code)
		}
		return name, r.say("sheet.how", "Aspects", strconv.Itoa(len(of.Aspects)), "Method", x.Explanation.By.In("id"), "Basis", x.Regulation, "Table", x.GradeTable), true
	}
	return "", "", false
}
