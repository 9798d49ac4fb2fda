// Package badge draws the badge of a unit: a small picture with the released figure of one
// index and its age, for the sites of offices. It needs nothing but itself, no font, style or
// script, and has a ground of its own, so that it is legible on any page.
package badge

import (
	"errors"

	"persepsi/internal/sheet"
	"persepsi/internal/wording"
)

// Badge is what stands on one, in words.
type Badge struct {
	Lang string
	// Title names index and unit.
	Title string
	// Short is what the index is called for short, Value its figure with the words after it;
	// empty: there is none to be shown.
	Short, Value, Of string
	// Finding is the grade, or why there is no figure.
	Finding string
	// Unit is cut where it is too long, as is every line.
	Unit string
	// Notes are how many answered, the period and how old the figure is. Warns tells that the
	// last of them is to be marked.
	Notes []string
	Warns bool
	// Demo marks made up figures; empty: they are real.
	Demo string
}

// writer collects why something could not be said.
type writer struct {
	s      *wording.Speaker
	faults []error
}

func (w *writer) say(key string, args ...any) string { return w.text(w.s.Say(key, args...)) }

func (w *writer) text(said string, err error) string {
	w.faults = append(w.faults, err)
	return said
}

// Make returns the badge of an index of the form, by its code. over tells that the period's
// last day is past. Its figures are those of the release alone.
func Make(s *wording.Speaker, in *sheet.Input, index string, over bool) (*Badge, error) {
	w := &writer{s: s}
	b := &Badge{Lang: s.Lang(), Unit: in.Place.Unit.Name, Notes: []string{in.Period.Name}}
	title := ""
	if of := in.Form.Index(index); of != nil && of.Name != nil {
		b.Short, title = w.say("result.hero.own"), s.Text(of.Name)
	} else {
		b.Short, title = w.say("desk.index."+index), w.say("result.title."+index)
	}
	b.Title = w.say("badge.title", "Index", title, "Unit", b.Unit)
	if in.City.Demo {
		b.Demo = w.say("badge.demo")
	}
	if len(in.Indexes) == 0 {
		b.Finding = w.text(s.Briefly(in.Result, over))
		return b, errors.Join(w.faults...)
	}
	b.Finding = w.say("badge.missing")
	for _, x := range in.Indexes {
		if x.Code == index {
			w.figure(b, in, x)
		}
	}
	return b, errors.Join(w.faults...)
}

// figure adds that of an index.
func (w *writer) figure(b *Badge, in *sheet.Input, x *wording.NamedIndex) {
	b.Value, b.Of = w.s.Shown(x.Shown), w.say("result.of4")
	if x.Hundred() {
		b.Of = w.say("result.of100")
	}
	b.Finding = w.say("publication.grade", "Grade", x.Mutu, "Word", w.say("rated."+x.Kinerja))
	n, age := "badge.n", "badge.age.final"
	if !x.Adequate {
		n = "badge.n.short"
	}
	if b.Warns = !in.Result.Final; b.Warns {
		age = "badge.age"
	}
	b.Notes = []string{w.say(n, "N", w.s.Whole(x.Answered)), in.Period.Name}
	if x.Partial() {
		b.Notes = append(b.Notes, w.say("result.grade.part", "K", w.s.Whole(x.AspectsAnswered), "All", w.s.Whole(x.AspectsAll)))
	}
	b.Notes = append(b.Notes, w.say(age, "Day", w.text(w.s.Date(in.Through()))))
}

// Lacking returns a badge that says that there is nothing at an address: no such unit, which
// then is empty, period or index. why is the key of the reason.
func Lacking(s *wording.Speaker, unit, why string) (*Badge, error) {
	said, err := s.Say(why)
	b := &Badge{Lang: s.Lang(), Title: said, Finding: said, Unit: unit}
	return b, err
}
