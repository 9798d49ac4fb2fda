package handlers_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"persepsi/survey"
)

// told is a number that somebody read: the sum over some people's answers to a question.
type told struct {
	name  string
	crowd string // a sign for each person: 1, who is in it
}

// fewest returns the least number of people whose answers are left where up to four of
// some numbers are added and subtracted, and how; 0: nobody's are. Of the people only
// those count who are not known already.
func fewest(numbers []told, unknown []bool) (least int, how string) {
	signatures := map[string]int{}
	for i := range unknown {
		if !unknown[i] {
			continue
		}
		signature := make([]byte, len(numbers))
		for n := range numbers {
			signature[n] = numbers[n].crowd[i]
		}
		signatures[string(signature)]++
	}
	parts := make([][]int, len(numbers)) // by number: 1 for each group of alike people who are in it
	var sizes []int
	for _, signature := range slices.Sorted(maps.Keys(signatures)) {
		for n := range numbers {
			parts[n] = append(parts[n], int(signature[n]-'0'))
		}
		sizes = append(sizes, signatures[signature])
	}
	sum := make([]int, len(sizes))
	var chosen []string
	var try func(from, more int)
	try = func(from, more int) {
		left := 0
		for i, s := range sum {
			if s != 0 {
				left += sizes[i]
			}
		}
		if left > 0 && (least == 0 || left < least) {
			least, how = left, strings.Join(chosen, " ")
		}
		for n := from; more > 0 && n < len(numbers); n++ {
			for _, sign := range []int{1, -1} {
				if sign < 0 && len(chosen) == 0 {
					continue // the same with all signs turned
				}
				for i, in := range parts[n] {
					sum[i] += sign * in
				}
				chosen = append(chosen, fmt.Sprintf("%+d·%s", sign, numbers[n].name))
				try(n+1, more-1)
				chosen = chosen[:len(chosen)-1]
				for i, in := range parts[n] {
					sum[i] -= sign * in
				}
			}
		}
	}
	try(0, 4)
	return least, how
}

// kept returns the numbers of a question that were shown so far, each crowd once.
func (a *attacker) kept(q int, of func(p *person) bool) (out []told) {
	known := map[string]bool{}
	for crowd := range a.seen[fmt.Sprint(q)] {
		b := []byte(crowd + strings.Repeat("0", len(a.all)-len(crowd)))
		for i := range b {
			if !of(&a.all[i]) {
				b[i] = '0'
			}
		}
		if text := string(b); strings.Contains(text, "1") && !known[text] {
			known[text] = true
			out = append(out, told{fmt.Sprintf("figure of %d", strings.Count(text, "1")), text})
		}
	}
	slices.SortFunc(out, func(a, b told) int { return strings.Compare(a.crowd, b.crowd) })
	return out
}

func (a *attacker) unknown(of func(m survey.Mode) bool) []bool {
	out := make([]bool, len(a.all))
	for i := range a.all {
		out[i] = of(a.all[i].Mode)
	}
	return out
}

// untold are those of a view whom the figures of a unit alone hide among enough people:
// staff are one kind to these, so that who knows all paper answers may know the others of
// a step already.
func (a *attacker) untold(unit string, q int, view func(m survey.Mode) bool) []bool {
	out := a.unknown(view)
	step := func(p *person) int {
		for i := range a.facts[unit] {
			if in(a.facts[unit], i, p, q) {
				return i
			}
		}
		return -1
	}
	steps := map[int]int{}
	for i := range a.all {
		if out[i] && a.all[i].Unit == unit {
			steps[step(&a.all[i])]++
		}
	}
	for i := range a.all {
		out[i] = out[i] && a.all[i].Unit == unit && steps[step(&a.all[i])] >= attackCell
	}
	return out
}

// noneIsTold looks at the figures over time, of all units, agencies and the city.
func (a *attacker) noneIsTold(least int) {
	a.t.Helper()
	for q := range attackQuestions {
		numbers := a.kept(q, func(*person) bool { return true })
		for kind := range survey.KindCount {
			if n, how := fewest(numbers, a.unknown(func(m survey.Mode) bool { return m.Kind() == kind })); n > 0 && n < least {
				a.t.Errorf("question %d: %s is over %d people of kind %d", q, how, n, kind)
			}
		}
	}
}

// noneIsToldByTables looks at the cells of each unit's tables beside its figures.
func (a *attacker) noneIsToldByTables() {
	a.t.Helper()
	shown := 0
	for unit := range attackUnits {
		cells := a.cells(unit)
		for q := range attackQuestions {
			numbers := append(a.kept(q, func(p *person) bool { return p.Unit == unit }), cells[q]...)
			shown += len(cells[q])
			for name, view := range attackViews {
				if n, how := fewest(numbers, a.untold(unit, q, view)); n > 0 && n < attackCell {
					a.t.Errorf("%s, question %d: of %s %s is over %d people", unit, q, name, how, n)
				}
			}
		}
	}
	if a.role != "public" && shown == 0 {
		a.t.Error("no table shows a score")
	}
	a.t.Logf("%d people, %d releases, %d sums of cells", len(a.all), a.serials, shown)
}

// cells returns the sums that the tables of a unit show, by question.
func (a *attacker) cells(unit string) (out [attackQuestions][]told) {
	if a.role == "public" || a.role == "manager" && unit == "baru" {
		return out // those have no tables, or not of this agency
	}
	list := a.facts[unit]
	made := slices.IndexFunc(list, func(f fact) bool { return f.Final }) // the tables were, and stay
	if made < 0 {
		return out
	}
	for _, by := range attackTables {
		var table struct {
			State string
			Cells []struct {
				Code  string
				Means map[string]float64
			}
		}
		a.GetAs(a.key, fmt.Sprintf("/api/v1/results/breakdown?period=p&unit=%s&by=%s", unit, by)).JSON(&table)
		if table.State != "final" {
			a.t.Errorf("the table of %s by %s is %s", unit, by, table.State)
		}
		for _, c := range table.Cells {
			for q := range attackQuestions {
				_, all := c.Means["ipak"]
				_, one := c.Means["teduh"]
				if !all && (!one || q != 2) {
					continue
				}
				b := make([]byte, len(a.all))
				for i := range a.all {
					b[i] = '0'
					if p := &a.all[i]; p.Unit == unit && in(list, made, p, q) && a.inCell(p, by, c.Code) {
						b[i] = '1'
					}
				}
				out[q] = append(out[q], told{by + " " + c.Code, string(b)})
			}
		}
	}
	return out
}

func (a *attacker) inCell(p *person, by, code string) bool {
	switch by {
	case "service":
		return p.Service == code
	case "point":
		return p.Point == code
	case "mode":
		return p.Mode.String() == code
	case "sex":
		return code == []string{"", "L", "P"}[p.Respondent.At(0)]
	default:
		if p.Mode == survey.ModePaper {
			return code == p.Mode.String()
		}
		return code == fmt.Sprintf("%d-%02d", p.Day.Weekday(), p.Hour)
	}
}
