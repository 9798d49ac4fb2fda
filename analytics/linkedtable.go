package analytics

import (
	"cmp"
	"slices"
)

// linkedTable is a crowd of which the cells of another table may be shown as well.
type linkedTable struct {
	before *linkedCrowd
	after  *linkedCrowd // in which each cell that is not hidden at first has a number
	cells  []int        // by person
	count  []int        // by cell: its people
	at     []int32      // by cell: its number; 0: hidden at first
	shown  []int32      // by cell: its number; 0: hidden
	added  [basesOf]addition
	safe   bool // no combination of some cells told of few, and of these no more are shown now
}

// table returns the crowd with the cells of another table that are not hidden.
func (l *linkedCrowd) table(cells []int, hidden []bool) *linkedTable {
	t := &linkedTable{before: l, cells: cells, count: make([]int, len(hidden)), at: make([]int32, len(hidden))}
	numbers := l.numbers
	for cell, hide := range hidden {
		if !hide {
			t.at[cell] = int32(numbers)
			numbers++
		}
	}
	t.after = &linkedCrowd{core: l.core, numbers: numbers, wide: l.wide + 1, in: make([]int32, len(cells)*(l.wide+1))}
	for p, cell := range cells {
		row := t.after.of(p)
		copy(row, l.of(p))
		if cell >= 0 {
			row[l.wide] = t.at[cell]
			t.count[cell]++
		}
	}
	for i := range t.added {
		t.added[i] = l.bases[i].add(t)
	}
	return t
}

// hide returns the cells that must be hidden beside those that are: none where no
// combination of those that are shown tells of few.
func (t *linkedTable) hide(hidden []bool) (more []int) {
	t.show(hidden)
	none := true
	for told := range t.tells {
		none = false
		if cell := t.smallest(told); cell >= 0 {
			more = append(more, cell)
		}
	}
	t.safe = t.safe || none
	return more
}

// show shows the cells that are not hidden: it takes people into the bases until every
// combination of the numbers has one in each, as far as there are enough.
func (t *linkedTable) show(hidden []bool) {
	t.shown = slices.Clone(t.at)
	for cell, hide := range hidden {
		if hide {
			t.shown[cell] = 0
		}
	}
	t.after.used = slices.Clone(t.before.used)
	turns := [basesOf]*addition{}
	for i := range turns {
		turns[i] = &t.added[i]
		turns[i].begin(t.shown, t.count)
	}
	inTurn := func() {
		slices.SortStableFunc(turns[:], func(a, b *addition) int { return cmp.Compare(a.size(), b.size()) })
	}
	inTurn()
	for _, p := range t.order() {
		for _, a := range turns {
			if a.take(p) {
				t.after.used[p] = true
				inTurn()
				break
			}
		}
	}
}

// order returns the people who may be taken, those of small cells first: the bases have
// to share them.
func (t *linkedTable) order() []int {
	members := make([][]int, 1+len(t.shown)) // by cell, those of none first
	for p := range t.before.core {
		if !t.before.used[p] {
			members[1+t.cells[p]] = append(members[1+t.cells[p]], p)
		}
	}
	sizeOf := func(people []int) int {
		if cell := t.cells[people[0]]; cell >= 0 && t.shown[cell] > 0 {
			return t.count[cell]
		}
		return len(t.cells) + 1
	}
	members = slices.DeleteFunc(members, func(people []int) bool { return len(people) == 0 })
	slices.SortStableFunc(members, func(a, b []int) int { return cmp.Compare(sizeOf(a), sizeOf(b)) })
	return slices.Concat(members...)
}

// tells calls yield with the combinations that hold too few people, or of which
// that can't be said.
func (t *linkedTable) tells(yield func(combination) bool) {
	certain := true
	for i := range t.added {
		for v := range t.added[i].tells {
			certain = false
			if !yield(v) {
				return
			}
		}
	}
	if certain && t.safe {
		return // what can be made of these cells could be made of those that were safe
	}
	room := make(combination, t.after.numbers)
	for i := range t.added {
		a := &t.added[i]
		for j := range a.size() {
			if v := a.wider(j, room); !t.after.holds(v, LeastCell) && !yield(v) {
				return
			}
		}
	}
}

// crowd returns the crowd of which the cells are shown.
func (t *linkedTable) crowd() *linkedCrowd {
	for i := range t.added {
		t.after.bases[i] = t.added[i].whole()
	}
	return t.after
}

// smallest returns the cell of the table with the fewest people that a
// combination can't do without; −1 where there is none.
func (t *linkedTable) smallest(v combination) int {
	times := map[uint64]int{}
	for _, number := range t.shown {
		if number > 0 {
			times[v[number]]++
		}
	}
	// All cells of a table together are the same as all of another: what most of
	// them have is no part of what is told.
	common, most := uint64(0), 0
	for weight, n := range times {
		if n > most || n == most && weight < common {
			common, most = weight, n
		}
	}
	if len(times) == 1 {
		common = 0
	}
	out := -1
	for cell, number := range t.shown {
		if number == 0 || v[number] == common {
			continue
		}
		if out < 0 || t.count[cell] < t.count[out] {
			out = cell
		}
	}
	return out
}
