package comment

import (
	"cmp"
	"slices"

	"persepsi/survey"
)

// Label is what readers see of a comment's answer beside its unit.
type Label struct {
	// Service is its service's code; empty: not told.
	Service string `json:"service,omitempty"`
	// From and To are the first and the last day between which it came in: the same day,
	// the Monday and Sunday of a week, or more weeks.
	From survey.Date `json:"from"`
	To   survey.Date `json:"to"`
}

// Row is what labels need of an answer that a release added, whether a comment belongs to
// it or not.
type Row struct {
	Kind    survey.Kind
	Service string
	Day     survey.Date
}

// Labels returns the label of each answer of a release's step. Each label stands for at
// least `least` answers of the step and of the same kind (sent by citizens, entered by
// staff: who entered answers knows them), commented or not, so that whoever knows each of
// them, and who did what on which day, is left with that many people: the labels cut the
// step into parts, and no label tells of a smaller part by what another one tells.
//
// A service is told where that many of it are in the step, and the day where that many of
// what is told of the service came on it; else the week, else the weeks of the whole step.
// Where what is left over would be fewer, the smallest of those that are told is not told
// either. An answer of a kind of which the step has fewer gets a Label that is none: see
// Told.
func Labels(rows []Row, least int) []Label {
	out := make([]Label, len(rows))
	var kinds [survey.KindCount][]int
	first, last := survey.Date(0), survey.Date(0)
	for i, r := range rows {
		kinds[r.Kind] = append(kinds[r.Kind], i)
		first = min(cmp.Or(first, r.Day), r.Day)
		last = max(last, r.Day)
	}
	whole := Label{From: week(first).From, To: week(last).To}
	for _, all := range kinds {
		if len(all) < least {
			continue
		}
		for service, part := range cut(all, least, func(i int) string { return rows[i].Service }) {
			for _, days := range cutDays(part, rows, least) {
				label := whole
				if days.told.From != 0 {
					label = days.told
				}
				label.Service = service
				for _, i := range days.list {
					out[i] = label
				}
			}
		}
	}
	return out
}

// Told reports whether a label is one: a comment without any is shown to nobody.
func (l Label) Told() bool { return l.From != 0 }

// cut divides answers by what a function tells of each: into the parts of at least `least`
// answers, and what is left over, under the zero value. What is left over is none, or as
// many, for all are.
func cut[T cmp.Ordered](all []int, least int, by func(int) T) map[T][]int {
	var none T
	parts := map[T][]int{}
	for _, i := range all {
		parts[by(i)] = append(parts[by(i)], i)
	}
	var rest []int
	var told []T
	for key, list := range parts {
		if key == none || len(list) < least {
			rest = append(rest, list...)
			delete(parts, key)
		} else {
			told = append(told, key)
		}
	}
	if len(rest) > 0 && len(rest) < least {
		smallest := slices.MinFunc(told, func(a, b T) int {
			return cmp.Or(len(parts[a])-len(parts[b]), cmp.Compare(a, b))
		})
		rest = append(rest, parts[smallest]...)
		delete(parts, smallest)
	}
	parts[none] = rest
	return parts
}

// dayGroup are answers of which the same days are told.
type dayGroup struct {
	told Label // without days: those of the whole step
	list []int
}

// cutDays divides answers by day, then what is left over by week.
func cutDays(all []int, rows []Row, least int) []dayGroup {
	days := cut(all, least, func(i int) survey.Date { return rows[i].Day })
	rest := days[0]
	delete(days, 0)
	var out []dayGroup
	for day, list := range days {
		out = append(out, dayGroup{Label{From: day, To: day}, list})
	}
	for monday, list := range cut(rest, least, func(i int) survey.Date { return week(rows[i].Day).From }) {
		if monday == 0 {
			out = append(out, dayGroup{list: list})
		} else {
			out = append(out, dayGroup{week(monday), list})
		}
	}
	return out
}

// week returns the Monday and the Sunday of a day's week.
func week(day survey.Date) Label {
	monday := day - survey.Date((int(day.Weekday())+6)%7)
	return Label{From: monday, To: monday + 6}
}
