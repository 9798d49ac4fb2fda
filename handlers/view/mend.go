package view

import (
	"slices"

	"persepsi/internal/wording"
)

// WeakAspects lists the aspects of an index that need improvement: their own grade is below B.
type WeakAspects struct {
	Of   *wording.NamedIndex
	List []wording.NamedAspect // the lowest first
	// All tells that they are all of the index's aspects, and too many to be named.
	All bool
	// Several tells that the page has more indexes, so that each is named.
	Several bool
}

// Mend returns the aspects that need improvement, of all indexes of the page, for its top: an
// index further down may have what the first one knows nothing of. None where the
// sentence on the weakest aspects of the first index names all of it.
func (r *Result) Mend() []WeakAspects {
	all := r.mends()
	for _, m := range all {
		if m.Of != r.Main || m.Of.Alone() || slices.ContainsFunc(m.List, func(a wording.NamedAspect) bool { return !a.Low }) {
			return all
		}
	}
	return nil
}

// mends returns the aspects below B of all indexes, the first index first. What two
// indexes have from the same questions is told once.
func (r *Result) mends() []WeakAspects {
	var out []WeakAspects
	var told []wording.NamedAspect
	indexes := r.Others
	if r.Main != nil {
		indexes = append([]*wording.NamedIndex{r.Main}, r.Others...)
	}
	for _, x := range indexes {
		m := WeakAspects{Of: x, List: x.Below(), Several: len(indexes) > 1}
		m.All = len(m.List) == x.AspectsAnswered && len(m.List) > wording.MostNamed
		m.List = slices.DeleteFunc(m.List, func(a wording.NamedAspect) bool { return slices.ContainsFunc(told, a.Same) })
		told = append(told, m.List...)
		if len(m.List) > 0 {
			out = append(out, m)
		}
	}
	return out
}

// WeaknessNote is what the sentence of a good index adds: what is to be mended all the same.
type WeaknessNote struct {
	// Index is another index of the page whose own grade is below B; nil: none is.
	Index *wording.NamedIndex
	// Lowest is the lowest of N aspects below B.
	Lowest wording.NamedAspect
	N      int
}

// But returns it; nil where the first index is itself below B, or there is nothing.
func (r *Result) But() *WeaknessNote {
	if r.Main == nil || r.Main.Mutu > "B" {
		return nil
	}
	out := &WeaknessNote{}
	for _, x := range r.Others {
		if x.Mutu > "B" && (out.Index == nil || x.ExactMean.Cmp(out.Index.ExactMean) < 0) {
			out.Index = x
		}
	}
	for _, m := range r.mends() {
		for _, a := range m.List {
			if out.N == 0 || a.Exact.Cmp(out.Lowest.Exact) < 0 {
				out.Lowest = a
			}
			out.N++
		}
	}
	if out.Index == nil && out.N == 0 {
		return nil
	}
	return out
}
