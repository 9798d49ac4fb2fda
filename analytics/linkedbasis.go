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
	// free are the combinations that hold none of the people.
	free []combination
}

// widened returns a copy of the basis for a crowd in which numbers are shown from one on.
func (b *basis) widened(l *linkedCrowd, from int) basis {
	to := l.numbers
	room := make(combination, (len(b.dual)+len(b.free)+to-from)*to)
	wider := func(v combination) combination {
		out := room[:to:to]
		room = room[to:]
		copy(out, v)
		return out
	}
	out := basis{people: slices.Clip(b.people), dual: make([]combination, len(b.dual)), free: make([]combination, len(b.free), len(b.free)+to-from)}
	for i, v := range b.dual {
		out.dual[i] = wider(v)
	}
	for i, v := range b.free {
		out.free[i] = wider(v)
	}
	for number := from; number < to; number++ {
		v := wider(nil)
		v[number] = 1
		for i, p := range b.people {
			if l.of(p)[l.wide-1] == int32(number) {
				v.subtract(1, out.dual[i])
			}
		}
		out.free = append(out.free, v)
	}
	return out
}

// take adds a person to the basis if it is independent of those in it.
func (b *basis) take(p int, in []int32) bool {
	at := slices.IndexFunc(b.free, func(v combination) bool { return v.weight(in) != 0 })
	if at < 0 {
		return false
	}
	v := b.free[at]
	b.free = slices.Delete(b.free, at, at+1)
	v.scale(inverse(v.weight(in)))
	for _, other := range b.free[at:] { // those before it hold nothing of the person
		other.subtract(other.weight(in), v)
	}
	for _, other := range b.dual {
		other.subtract(other.weight(in), v)
	}
	b.people, b.dual = append(b.people, p), append(b.dual, v)
	return true
}

// tells calls yield with the combinations that hold too few people, or of which
// that can't be said.
func (l *linkedCrowd) tells(yield func(combination) bool) {
	// No free combination holds anybody of the core whom no basis took: each basis was
	// asked for them.
	var others []int
	for p := range l.used {
		if l.used[p] || p >= l.crowd.core() {
			others = append(others, p)
		}
	}
	for i := range l.bases {
		for _, v := range l.bases[i].free {
			if slices.ContainsFunc(others, func(p int) bool { return v.weight(l.of(p)) != 0 }) && !yield(v) {
				return
			}
		}
		for _, v := range l.bases[i].dual {
			if !l.holds(v, LeastCell) && !yield(v) {
				return
			}
		}
	}
}
