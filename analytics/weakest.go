package analytics

import (
	"math"
	"slices"

	"persepsi/survey"
)

// Weakest returns the aspects of an index of a tally's form whose means are the lowest
// as far as the answers can tell: the lowest one, and each other that is not told apart
// from it, the lowest first. x is the index of these answers. None where all means are
// the same.
//
// Two means are told apart where they differ by more than 1.96·√(a² + b²), a and b
// being their standard errors. As one person's answers go up and down together, the
// difference is in truth known better than that: it names too many rather than too few.
// Ten answers each, waktu five of 3 and five of 2, pengaduan six of 3 and four of 2, all
// others 4: 0.10 is at most 1.96·0.2333 = 0.4573, so the lowest are waktu and pengaduan.
func Weakest(t *Tally, of *survey.FormIndex, x *Index) []*AspectResult {
	type measured struct {
		*AspectResult
		mean, err float64 // on the answers' scale
	}
	var list []measured
	for n := range x.Aspects {
		if !x.Aspects[n].Exact.Known() {
			continue
		}
		m := measured{AspectResult: &x.Aspects[n]}
		questions := 0.0
		for _, p := range of.Positions[n] {
			if mean, err, ok := t.meanOf(p, of.Scale); ok {
				m.mean += mean
				m.err += err // of a sum at most: the questions are answered by the same people
				questions++
			}
		}
		m.mean, m.err = m.mean/questions, m.err/questions
		list = append(list, m)
	}
	slices.SortStableFunc(list, func(a, b measured) int { return a.Exact.Cmp(b.Exact) })
	if len(list) < 2 || list[0].Exact.Cmp(list[len(list)-1].Exact) == 0 {
		return nil
	}
	out := []*AspectResult{list[0].AspectResult}
	for _, m := range list[1:] {
		if m.mean-list[0].mean <= normal975*math.Hypot(m.err, list[0].err) {
			out = append(out, m.AspectResult)
		}
	}
	return out
}

// meanOf returns the mean of the answers to a question and its standard error; not ok
// where nobody answered.
func (t *Tally) meanOf(position, scale int) (mean, standardError float64, ok bool) {
	sum, n := t.Question(position)
	if n == 0 {
		return 0, 0, false
	}
	mean = float64(sum) / float64(n)
	squares := 0.0
	for score := 1; score <= scale; score++ {
		d := float64(score) - mean
		squares += float64(t.Count(position, score)) * d * d
	}
	return mean, math.Sqrt(squares / float64(max(n-1, 1)) / float64(n)), true
}

// Limits returns the lowest IKM of each grade of a table but the lowest grade's, from
// the best down.
func (t *GradeTable) Limits() []Grade {
	return slices.Clone(t.Grades[:len(t.Grades)-1])
}

// ByRef returns the table that a figure names as its own, nil where there is none.
func (g *Grades) ByRef(ref string) *GradeTable {
	for _, t := range g.list {
		if t.Ref() == ref {
			return t
		}
	}
	return nil
}
