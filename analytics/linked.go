package analytics

import (
	"cmp"
	"slices"
)

// Crowd are people whose answers stand behind numbers of several tables at once:
// those who answered one question, say. Each table parts them into cells.
type Crowd struct {
	// Core is how many people, from the first on, must be enough to hide among. What
	// holds none of them may hold none of the others either. With 0 all are.
	Core int
	// Known is the part of the crowd that each person is in whose answers were
	// made public in one step, from 0 on; −1: in none. Each part must have at least
	// LeastCell people or none: what tells of one that has fewer is not mended here.
	Known []int
	// Cells tells by table in which cell each person is, from 0 on; −1: in none.
	Cells [][]int
}

// SuppressLinked tells which cells of several tables must be hidden so that
// nobody who adds and subtracts what is left, with any weights and with the known
// parts of a crowd as well, gets a number that 1 to LeastCell−1 people of a crowd
// stand behind. sizes are the numbers of cells by table, and hidden comes by table
// and cell. The tables are taken in their order: an earlier one hides nothing for
// a later one's sake.
//
// In the words of coding theory (docs/method.md, 7): the people are the places of a
// linear code, the numbers its words' generators, and no word but zero may have fewer
// than LeastCell places. A basis is a set of people (an information set) of which
// every word but zero has one; its dual words have one of them each. Of three bases
// without a person in common a word of at most four places has at most one place in
// some one of them, so it is a multiple of that basis's dual word. So it is enough to
// look at the dual words of three bases. That each is one is seen by its free words,
// which have none of its people: they must be zero. Where too few people are left
// for three bases, cells are hidden until they suffice.
func SuppressLinked(crowds []Crowd, sizes []int) [][]bool {
	hidden := make([][]bool, len(sizes))
	linked := make([]*linkedCrowd, len(crowds))
	for i := range crowds {
		linked[i] = newLinkedCrowd(&crowds[i])
	}
	for table, size := range sizes {
		hidden[table] = make([]bool, size)
		for i := range crowds {
			hideSmall(hidden[table], crowds[i].Cells[table][:crowds[i].core()])
		}
		next := make([]*linkedCrowd, len(linked))
		for i := 0; i < len(linked); i++ {
			var more []int
			if next[i], more = linked[i].with(table, hidden[table]); len(more) > 0 {
				for _, cell := range more {
					hidden[table][cell] = true
				}
				i = -1 // the others too show less now, and so must hide less
			}
		}
		linked = next
	}
	return hidden
}

func (c *Crowd) core() int {
	if c.Core == 0 {
		return len(c.Known)
	}
	return c.Core
}

// hideSmall hides the cells that some but few people are in.
func hideSmall(hidden []bool, cells []int) {
	count := make([]int, len(hidden))
	for _, cell := range cells {
		if cell >= 0 {
			count[cell]++
		}
	}
	for cell, n := range count {
		hidden[cell] = hidden[cell] || n > 0 && n < LeastCell
	}
}

// basesOf a linkedCrowd: of that many sets without a person in common, one holds
// at most one of LeastCell−1 people.
const basesOf = (LeastCell + 1) / 2

// linkedCrowd is a crowd with the numbers that are shown of it: from 1 on, so that 0
// is none.
type linkedCrowd struct {
	crowd   *Crowd
	numbers int     // that are shown, and 0
	wide    int     // numbers that one person can be in: one of each table
	in      []int32 // by person, wide ones each: the numbers that hold them
	used    []bool  // by person: in a basis
	bases   [basesOf]basis
}

// of returns the numbers that hold a person.
func (l *linkedCrowd) of(p int) []int32 { return l.in[p*l.wide : (p+1)*l.wide] }

func newLinkedCrowd(c *Crowd) *linkedCrowd {
	parts := 0
	for _, part := range c.Known {
		parts = max(parts, part+1)
	}
	shown := make([]int32, parts)
	for part := range shown {
		shown[part] = int32(1 + part)
	}
	nothing := &linkedCrowd{crowd: c, numbers: 1, used: make([]bool, len(c.Known))}
	return nothing.show(c.Known, shown, parts)
}

// with returns the crowd with the cells of another table shown that are not
// hidden, or those of them that must be hidden as well.
func (l *linkedCrowd) with(table int, hidden []bool) (*linkedCrowd, []int) {
	cells := l.crowd.Cells[table]
	shown, n := make([]int32, len(hidden)), 0
	for cell, hide := range hidden {
		if !hide {
			shown[cell] = int32(l.numbers + n)
			n++
		}
	}
	next := l.show(cells, shown, n)
	count := make([]int, len(hidden))
	for _, cell := range cells {
		if cell >= 0 {
			count[cell]++
		}
	}
	var more []int
	for told := range next.tells {
		if cell := smallest(told, shown, count); cell >= 0 {
			more = append(more, cell)
		}
	}
	return next, more
}

// show returns the crowd with n more numbers: shown tells which one a cell is, 0 for
// none.
func (l *linkedCrowd) show(cells []int, shown []int32, n int) *linkedCrowd {
	out := &linkedCrowd{crowd: l.crowd, numbers: l.numbers + n, wide: l.wide + 1, used: slices.Clone(l.used)}
	out.in = make([]int32, len(cells)*out.wide)
	size := make([]int, out.numbers)
	for p, cell := range cells {
		row := out.of(p)
		copy(row, l.of(p))
		if cell >= 0 && shown[cell] > 0 {
			row[l.wide] = shown[cell]
			size[shown[cell]]++
		}
	}
	for i := range out.bases {
		out.bases[i] = l.bases[i].widened(out, l.numbers)
	}
	turns := [basesOf]*basis{}
	for i := range turns {
		turns[i] = &out.bases[i]
	}
	for _, p := range out.order(cells, shown, size) {
		slices.SortStableFunc(turns[:], func(a, b *basis) int { return cmp.Compare(len(a.people), len(b.people)) })
		for _, b := range turns {
			if b.take(p, out.of(p)) {
				out.used[p] = true
				break
			}
		}
	}
	return out
}

// order returns the people who may be taken, those of small cells first: the bases have
// to share them. size is that of each number.
func (l *linkedCrowd) order(cells []int, shown []int32, size []int) []int {
	members := make([][]int, 1+len(shown)) // by cell, those of none first
	for p := range l.crowd.core() {
		if !l.used[p] {
			members[1+cells[p]] = append(members[1+cells[p]], p)
		}
	}
	sizeOf := func(people []int) int {
		if cell := cells[people[0]]; cell >= 0 && shown[cell] > 0 {
			return size[shown[cell]]
		}
		return len(cells) + 1
	}
	members = slices.DeleteFunc(members, func(people []int) bool { return len(people) == 0 })
	slices.SortStableFunc(members, func(a, b []int) int { return cmp.Compare(sizeOf(a), sizeOf(b)) })
	return slices.Concat(members...)
}

// holds reports whether a combination holds at least so many people of the core. It looks
// for them all over the crowd, as those of a step or a day stand side by side.
func (l *linkedCrowd) holds(v combination, least int) bool {
	const stride = 7919 // a prime
	people := l.crowd.core()
	by := stride
	if people%stride == 0 {
		by = 1
	}
	for i := range people {
		if v.weight(l.of(i*by%people)) != 0 {
			if least--; least == 0 {
				return true
			}
		}
	}
	return false
}

// smallest returns the cell of the table with the fewest people that a
// combination can't do without; −1 where there is none.
func smallest(v combination, shown []int32, count []int) int {
	times := map[uint64]int{}
	for _, number := range shown {
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
	for cell, number := range shown {
		if number == 0 || v[number] == common {
			continue
		}
		if out < 0 || count[cell] < count[out] {
			out = cell
		}
	}
	return out
}
