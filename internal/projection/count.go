package projection

import (
	"slices"

	"persepsi/survey"
)

// count decides for each kind and column whether all that is held is counted by
// now, and whether all that is removed is not.
//
// Nobody may be told from any releases that are added and subtracted. What is only
// ever added is told by the numbers of people that each release adds. What is removed
// would tell of who stayed as well, so that all combinations are looked at: see
// analytics.LeastTold.
func (s *step) count() {
	last := s.last()
	s.release.Through, s.release.Without = last.through.clone(s.form), last.without.clone(s.form)
	for kind := range survey.KindCount {
		d := &decision{step: s, kind: kind, through: s.release.Through[kind], without: s.release.Without[kind]}
		d.run()
		if s.carried != nil {
			s.carried.counts(s, kind)
		}
	}
	s.frozen = s.frozen || s.losesAspect()
}

// decision is what a release counts of one kind.
type decision struct {
	*step
	kind             survey.Kind
	through, without []int
	oldIn, oldOut    []int // the last release's
	waiting          []int // answers that were not counted yet, by column
	removing         bool  // some answers are removed now
}

func (d *decision) run() {
	d.oldIn, d.oldOut = slices.Clone(d.through), slices.Clone(d.without)
	d.waiting = make([]int, len(d.through))
	last, removing := d.last(), false
	for i := range d.open {
		a := &d.open[i]
		if a.Mode.Kind() != d.kind {
			continue
		}
		d.removing = d.removing || a.removed == d.release.Serial
		removing = removing || a.removed > 0 && !d.frozen && d.counts(a, last) > 0
		for column := range d.through {
			if a.removed == 0 && a.serial > d.oldIn[column] && d.given(a.Response, column) {
				d.waiting[column]++
			}
		}
	}
	for column, n := range d.waiting {
		if n == 0 || n >= d.terms.least {
			d.through[column] = d.release.Serial
		}
		if removing {
			d.without[column] = d.release.Serial
		}
	}
	for d.retreat() {
	}
	if !removing {
		return
	}
	for column := range d.without { // where nothing leaves, nothing is said
		if d.without[column] != d.oldOut[column] && !d.anyLeaves(column) {
			d.without[column] = d.oldOut[column]
		}
	}
}

// anyLeaves reports whether an answer in a column is no longer counted.
func (d *decision) anyLeaves(column int) bool {
	last, now := d.last(), d.now()
	return slices.ContainsFunc(d.open, func(a heldAnswer) bool {
		return a.Mode.Kind() == d.kind && a.removed > 0 && d.given(a.Response, column) && d.holds(&a, column, last) && !d.holds(&a, column, now)
	})
}

// retreat lets a column wait of an index that would count too few people more, or
// one that those who leave are too few in, or spares these. It reports whether there
// may be more of that.
func (d *decision) retreat() bool {
	for i := range d.form.Indexes {
		if slices.ContainsFunc(d.numbers(i), d.waitFor) {
			return true
		}
	}
	if d.removing && d.tells(nil) {
		return d.spare(nil)
	}
	questions := len(d.form.Questions)
	for column := range d.without {
		alone := each(column)
		if !d.leaving(column) || !d.tells(alone) {
			continue
		}
		if column < questions {
			return d.spare(alone)
		}
		d.without[column] = d.oldOut[column]
		return true
	}
	for i := range d.form.Indexes {
		for _, of := range d.numbers(i) {
			if slices.ContainsFunc(slices.Concat(of...), d.leaving) && d.tells(of) {
				return d.spare(of)
			}
		}
	}
	return false
}

// waitFor lets the column of some groups wait that the fewest lack, where too few would
// come to be counted in all of these. It reports whether it did.
func (d *decision) waitFor(of groups) bool {
	if fresh := d.fresh(of); fresh == 0 || fresh >= d.terms.least {
		return false
	}
	fewest := -1
	for _, q := range slices.Concat(of...) {
		if d.waiting[q] > 0 && d.through[q] > d.oldIn[q] && (fewest < 0 || d.waiting[q] < d.waiting[fewest]) {
			fewest = q
		}
	}
	d.through[fewest] = d.oldIn[fewest]
	return true
}

// spare has the release decided anew without removing those who answered some groups
// of questions, which is everybody where none is named; without removing anybody where
// none of them would be.
func (d *decision) spare(of groups) bool {
	some := cohort{d.kind, of}
	if slices.ContainsFunc(d.open, func(a heldAnswer) bool { return a.removed == d.release.Serial && d.in(some, &a) }) {
		d.spared = append(d.spared, some)
	} else {
		d.frozen = true
	}
	return false
}

// leaving reports whether answers in a column cease to be counted.
func (d *decision) leaving(column int) bool { return d.without[column] > d.oldOut[column] }

// fresh counts the people who come to be counted in all of some groups.
func (d *decision) fresh(of groups) int {
	last, now := d.last(), d.now()
	n := 0
	for i := range d.open {
		if a := &d.open[i]; a.Mode.Kind() == d.kind && d.counted(a, of, now) && !d.counted(a, of, last) {
			n++
		}
	}
	return n
}
