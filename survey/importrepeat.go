package survey

// Repetition is what the imports that there are say of a new one: whether it goes on with one
// that was broken off, repeats others, or is refused for them.
type Repetition struct {
	// Again takes the same rows as those of an import that is done for other people's answers.
	Again bool
	// Before counts the imports that brought some of the same rows, whatever became of them.
	Before int
	// Refused are the imports because of which the new one is refused, the oldest first.
	Refused []RepeatedImport
}

// RepeatedImport is an import that brought the same rows of a unit, its first such one.
type RepeatedImport struct {
	*Import
	Of string // the unit, as its answers are stored under
}

// Compare looks at an import that there is, the oldest first. One of the same file and the same
// rows that was broken off is gone on with: of gets its serial and key, and later ones say
// nothing more. One that was undone refuses nothing, one that is done unless Again is set, and
// one that was broken off always: what it stored is not told apart from what is to come.
func (r *Repetition) Compare(of, old *Import) {
	units := of.Repeats(old)
	switch {
	case len(units) == 0 || of.Serial != 0:
		return
	case !old.Done && old.Undone == nil && old.File == of.File && len(units) == len(of.Units):
		of.Serial, of.Key = old.Serial, old.Key
		return
	case old.Undone == nil && (!r.Again || !old.Done):
		r.Refused = append(r.Refused, RepeatedImport{old, units[0]})
	}
	r.Before++
}
