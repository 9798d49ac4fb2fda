package survey

// WithContents returns the changes of Diff with all that new and removed things hold,
// value by value: a new agency's units, a new period's days and instrument.
func WithContents(before, after *Catalogue, changes []Change) []Change {
	p := pathsOf(after)
	was, is := p.flatten(before).byOwner(), p.flatten(after).byOwner()
	var out []Change
	for _, c := range changes {
		out = append(out, c)
		switch {
		case c.Kind != "":
		case c.Before == "":
			out = is.contents(out, c.Path, func(l leaf) Change { return Change{Path: l.path, After: l.value, Period: l.period, Field: l.field} })
		case c.After == "":
			out = was.contents(out, c.Path, func(l leaf) Change { return Change{Path: l.path, Before: l.value, Period: l.period, Field: l.field} })
		}
	}
	return out
}

type leavesByOwner map[string]leaves

func (l leaves) byOwner() leavesByOwner {
	out := leavesByOwner{}
	for _, one := range l {
		out[one.owner] = append(out[one.owner], one)
	}
	return out
}

// contents adds what an owner holds, and what that holds, to a list.
func (l leavesByOwner) contents(to []Change, owner string, change func(leaf) Change) []Change {
	for _, one := range l[owner] {
		to = l.contents(append(to, change(one)), one.path, change)
	}
	return to
}
