package analytics

import (
	"slices"

	"persepsi/survey"
)

// Weakest returns the aspects of an index of a tally's form whose means are the lowest
// as far as the answers can tell: the lowest one, and each other that is not told apart
// from it, the lowest first. x is the index of these answers. None where all means are
// the same.
//
// Two means are told apart where the 95 % interval of their difference, which joins those of
// both (see Changed), leaves 0 out. As one person's answers go up and down together, the
// difference is in truth known better than that: it names too many rather than too few.
// Ten answers each, waktu five of 3 and five of 2, pengaduan six of 3 and four of 2, all
// others 4: 0.10 is at most √(0.5246² + 0.5497²) = 0.7599, so the lowest are waktu and
// pengaduan.
func Weakest(t *Tally, of *survey.FormIndex, x *Index) []*AspectResult {
	ends := AspectIntervals(t, of, x)
	var list []int
	for a := range x.Aspects {
		if x.Aspects[a].Exact.Known() {
			list = append(list, a)
		}
	}
	mean := func(a int) Ratio { return x.Aspects[a].Exact }
	slices.SortStableFunc(list, func(a, b int) int { return mean(a).Cmp(mean(b)) })
	if len(list) < 2 || mean(list[0]).Cmp(mean(list[len(list)-1])) == 0 {
		return nil
	}
	least := list[0]
	out := []*AspectResult{&x.Aspects[least]}
	for _, a := range list[1:] {
		if mover(mean(least).Float64(), ends[least], mean(a).Float64(), ends[a])[0] <= 0 {
			out = append(out, &x.Aspects[a])
		}
	}
	return out
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
