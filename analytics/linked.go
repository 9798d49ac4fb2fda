package analytics

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
		next := make([]*linkedTable, len(linked))
		for i := range linked {
			next[i] = linked[i].table(crowds[i].Cells[table], hidden[table])
		}
		for i := 0; i < len(next); i++ {
			if more := next[i].hide(hidden[table]); len(more) > 0 {
				for _, cell := range more {
					hidden[table][cell] = true
				}
				i = -1 // the others too show less now, and so must hide less
			}
		}
		if table == len(sizes)-1 {
			break // nothing comes after it
		}
		for i := range next {
			linked[i] = next[i].crowd()
		}
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
	core    int
	numbers int     // that are shown, and 0
	wide    int     // numbers that one person can be in: one of each table
	in      []int32 // by person, wide ones each: the numbers that hold them
	used    []bool  // by person: in a basis
	bases   [basesOf]basis
}

// of returns the numbers that hold a person.
func (l *linkedCrowd) of(p int) []int32 { return l.in[p*l.wide : (p+1)*l.wide] }

// last returns the number of the table that came last which holds a person; 0: none does.
func (l *linkedCrowd) last(p int) int32 { return l.in[(p+1)*l.wide-1] }

// newLinkedCrowd returns a crowd of which its known parts are shown.
func newLinkedCrowd(c *Crowd) *linkedCrowd {
	parts := 0
	for _, part := range c.Known {
		parts = max(parts, part+1)
	}
	nothing := &linkedCrowd{core: c.core(), numbers: 1, used: make([]bool, len(c.Known))}
	known := nothing.table(c.Known, make([]bool, parts))
	known.show(make([]bool, parts))
	return known.crowd()
}

// holds reports whether a combination holds at least so many people of the core. It looks
// for them all over the crowd, as those of a step or a day stand side by side.
func (l *linkedCrowd) holds(v combination, least int) bool {
	const stride = 7919 // a prime
	by := stride
	if l.core%stride == 0 {
		by = 1
	}
	for i := range l.core {
		if v.weight(l.of(i*by%l.core)) != 0 {
			if least--; least == 0 {
				return true
			}
		}
	}
	return false
}
