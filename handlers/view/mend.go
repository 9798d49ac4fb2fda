package view

import "slices"

// Mend is what is to be mended of an index: its aspects whose own grade is below B.
type Mend struct {
	Of   *NamedIndex
	List []NamedAspect // the lowest first
	// All tells that they are all of the index's aspects, and too many to be named.
	All bool
}

// Below returns the aspects of an index whose own grade is below B, the lowest first.
func (x *NamedIndex) Below() []NamedAspect {
	out := slices.DeleteFunc(x.Rows(), func(a NamedAspect) bool { return !a.Below })
	slices.SortStableFunc(out, func(a, b NamedAspect) int { return a.Exact.Cmp(b.Exact) })
	return out
}

// Mend returns what is to be mended of all indexes of the page, which its top tells: an
// index further down may have what the first one knows nothing of. What two indexes have
// from the same answers is told once. None where the sentence on the weakest aspects
// of the first index names all of it.
func (r *Result) Mend() []Mend {
	var out []Mend
	var told []NamedAspect
	more := false
	indexes := r.Others
	if r.Main != nil {
		indexes = append([]*NamedIndex{r.Main}, r.Others...)
	}
	for _, x := range indexes {
		m := Mend{Of: x, List: x.Below()}
		m.All = len(m.List) == x.AspectsAnswered && len(m.List) > mostNamed
		m.List = slices.DeleteFunc(m.List, func(a NamedAspect) bool { return slices.ContainsFunc(told, a.same) })
		for _, a := range m.List {
			more = more || x != r.Main || !a.Low
		}
		told = append(told, m.List...)
		if len(m.List) > 0 {
			out = append(out, m)
		}
	}
	if !more && (r.Main == nil || !r.Main.Alone()) {
		return nil
	}
	return out
}

// same reports whether two aspects are called and shown alike.
func (a NamedAspect) same(b NamedAspect) bool {
	return a.Plain == b.Plain && a.Name.In(Languages()[0]) == b.Name.In(Languages()[0]) && a.Exact.Cmp(b.Exact) == 0
}
