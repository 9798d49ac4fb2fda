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
		removing = removing || a.removed > 0 && !d.still && d.counts(a, last) > 0
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

// retreat lets a column wait of an index whose whole answers would be too few more, or
// one that those who leave are too few in, or spares these. It reports whether there
// may be more of that.
func (d *decision) retreat() bool {
	for i := range d.form.Indexes {
		if d.waitFor(slices.Concat(d.form.Indexes[i].Positions...)) {
			return true
		}
	}
	if d.removing && d.tells(nil) {
		return d.spare()
	}
	questions := len(d.form.Questions)
	for column := range d.without {
		if !d.leaving(column) || !d.tells([]int{column}) {
			continue
		}
		if column < questions {
			return d.spare(column)
		}
		d.without[column] = d.oldOut[column]
		return true
	}
	for i := range d.form.Indexes {
		if positions := slices.Concat(d.form.Indexes[i].Positions...); slices.ContainsFunc(positions, d.leaving) && d.tells(positions) {
			return d.spare(positions...)
		}
	}
	return false
}

// waitFor lets the column of an index wait that the fewest lack, where too few would
// come to have answered all of it. It reports whether it did.
func (d *decision) waitFor(positions []int) bool {
	if fresh := d.fresh(positions); fresh == 0 || fresh >= d.terms.least {
		return false
	}
	fewest := -1
	for _, q := range positions {
		if d.waiting[q] > 0 && d.through[q] > d.oldIn[q] && (fewest < 0 || d.waiting[q] < d.waiting[fewest]) {
			fewest = q
		}
	}
	d.through[fewest] = d.oldIn[fewest]
	return true
}

// spare has the release decided anew without removing those who answered all of some
// questions, which is everybody where none is named; without removing anybody where none
// of them would be.
func (d *decision) spare(questions ...int) bool {
	of := crowd{d.kind, questions}
	if slices.ContainsFunc(d.open, func(a heldAnswer) bool { return a.removed == d.release.Serial && d.in(of, &a) }) {
		d.spared = append(d.spared, of)
	} else {
		d.still = true
	}
	return false
}

// leaving reports whether answers in a column cease to be counted.
func (d *decision) leaving(column int) bool { return d.without[column] > d.oldOut[column] }

// fresh counts the answers to all of an index that come to be counted whole.
func (d *decision) fresh(positions []int) int {
	last, now := d.last(), d.now()
	whole := func(a *heldAnswer, in *state) bool {
		return !slices.ContainsFunc(positions, func(q int) bool { return !d.given(a.Response, q) || !d.holds(a, q, in) })
	}
	n := 0
	for i := range d.open {
		if a := &d.open[i]; a.Mode.Kind() == d.kind && whole(a, now) && !whole(a, last) {
			n++
		}
	}
	return n
}
