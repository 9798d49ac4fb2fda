package analytics

import (
	"slices"
)

// basis are independent people. A combination is the weights of the numbers in it.
type basis struct {
	people []int
	// dual holds for each of the people the combination that holds that one of
	// them, with the weight 1, and none of the others.
	dual []combination
}

// addition are the people that a table adds to a basis. The dual combinations are brought
// up to date only when all were taken, and only where somebody asks for them.
type addition struct {
	*basis
	table *linkedTable
	cells []combination // by cell that has a number: it, less those of the basis who are in it

	taken []int
	own   []combination // by whom was taken: holds that one, with the weight 1, and none of the basis or of those taken before
	free  []combination // what is left of the cells that are shown, with none of the people
	apart bool          // each of own holds none of those taken later either
}

// add returns what a table adds to the basis: nobody yet.
func (b *basis) add(t *linkedTable) addition {
	from, to := t.before.numbers, t.after.numbers
	a := addition{basis: b, table: t, cells: make([]combination, to-from)}
	room := make(combination, (to-from)*to)
	for i := range a.cells {
		a.cells[i] = room[i*to : (i+1)*to]
		a.cells[i][from+i] = 1
	}
	for i, p := range b.people {
		if number := t.after.last(p); number > 0 {
			a.cells[int(number)-from].subtract(1, b.dual[i])
		}
	}
	return a
}

// begin begins anew, with the cells that are shown.
func (a *addition) begin(shown []int32, count []int) {
	a.taken, a.own, a.free, a.apart = nil, nil, nil, false
	room := make(combination, len(a.cells)*a.table.after.numbers)
	for cell, number := range shown {
		if number > 0 && count[cell] > 0 { // else it holds nobody
			v := room[:a.table.after.numbers:a.table.after.numbers]
			room = room[len(v):]
			copy(v, a.cells[int(number)-a.table.before.numbers])
			a.free = append(a.free, v)
		}
	}
}

func (a *addition) size() int { return len(a.people) + len(a.taken) }

// take adds a person to the basis if it is independent of those in it.
func (a *addition) take(p int) bool {
	in := a.table.after.of(p)
	at := slices.IndexFunc(a.free, func(v combination) bool { return v.weight(in) != 0 })
	if at < 0 {
		return false
	}
	v := a.free[at]
	a.free = slices.Delete(a.free, at, at+1)
	v.scale(inverse(v.weight(in)))
	for _, other := range a.free[at:] { // those before it hold nothing of the person
		other.subtract(other.weight(in), v)
	}
	a.taken, a.own = append(a.taken, p), append(a.own, v)
	return true
}

// setApart takes those who were taken later out of each combination of own.
func (a *addition) setApart() {
	if a.apart {
		return
	}
	a.apart = true
	for i := len(a.own) - 1; i >= 0; i-- {
		a.takeOut(a.own[i], i+1)
	}
}

// takeOut takes those who were taken, from one on, out of a combination, by those of own,
// which must be apart.
func (a *addition) takeOut(v combination, from int) {
	off := make([]uint64, len(a.taken))
	for i := from; i < len(off); i++ {
		off[i] = v.weight(a.table.after.of(a.taken[i]))
	}
	for i := from; i < len(off); i++ {
		v.subtract(off[i], a.own[i])
	}
}

// wider returns the i-th dual combination, of those who were taken too. Where it has to
// be computed that is done in room.
func (a *addition) wider(i int, room combination) combination {
	a.setApart()
	if i >= len(a.dual) {
		return a.own[i-len(a.dual)]
	}
	clear(room[copy(room, a.dual[i]):])
	a.takeOut(room, 0)
	return room
}

// whole returns the basis with those who were taken.
func (a *addition) whole() basis {
	out := basis{people: slices.Concat(a.people, a.taken), dual: make([]combination, a.size())}
	n := a.table.after.numbers
	room := make(combination, len(a.dual)*n)
	for i := range out.dual {
		var own combination
		if i < len(a.dual) {
			own, room = room[:n:n], room[n:]
		}
		out.dual[i] = a.wider(i, own)
	}
	return out
}

// tells calls yield with the free combinations that hold somebody: of those whom a basis
// took, or who are not of the core, as each basis was asked for all others.
func (a *addition) tells(yield func(combination) bool) {
	for _, v := range a.free {
		for p, used := range a.table.after.used {
			if (used || p >= a.table.after.core) && v.weight(a.table.after.of(p)) != 0 {
				if !yield(v) {
					return
				}
				break
			}
		}
	}
}
