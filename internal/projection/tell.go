package projection

import (
	"slices"

	"persepsi/analytics"
)

// tells reports whether the answers to some groups of columns that were counted by any
// release would tell on too few people, where they did not before: by the rule for two
// releases, and by any combination of all of them.
func (d *decision) tells(of groups) bool {
	history := d.history()
	people := d.passages(cohort{d.kind, of}, history)
	newest := len(history)
	if d.fewApart(of, people, newest) {
		return true
	}
	before := map[analytics.Passage]int{}
	for p, n := range people {
		if p.In == newest {
			continue
		}
		if p.Out == newest {
			p.Out = 0
		}
		before[p] += n
	}
	for old := range newest {
		came, went := between(people, old)
		cameBefore, wentBefore := between(before, old)
		if came >= cameBefore && went <= wentBefore { // nobody left who could be told by that
			continue
		}
		if came > 0 && came < d.terms.least || went > 0 && went < d.terms.least && came < d.terms.least {
			return true
		}
	}
	least, told := analytics.LeastTold(people), analytics.LeastTold(before)
	return least > 0 && least < d.terms.least && (told == 0 || least < told)
}

// fewApart reports whether of those who came with one release some but few leave now, or
// stay while others leave. The tables of the closed period hide a person among five:
// who left stands in no cell of theirs, but in an earlier release, and the few who stay
// would be taken for a part that everybody knew already.
func (d *decision) fewApart(of groups, people map[analytics.Passage]int, newest int) bool {
	if slices.ContainsFunc(slices.Concat(of...), func(c int) bool { return c >= len(d.form.Questions) }) {
		return false // what respondents tell of themselves stands beside no score
	}
	for p, n := range people {
		leave := people[analytics.Passage{In: p.In, Out: newest}]
		if n < analytics.LeastCell && (p.Out == newest || p.Out == 0 && leave > 0) {
			return true
		}
	}
	return false
}

// between counts who is told now and was not by an older release, 0 for none, and who
// was told by that one and is not now.
func between(people map[analytics.Passage]int, old int) (came, went int) {
	for p, n := range people {
		switch then, now := p.In <= old && (p.Out == 0 || p.Out > old), p.Out == 0; {
		case now && !then:
			came += n
		case then && !now:
			went += n
		}
	}
	return came, went
}
