package projection

import (
	"bytes"
	"slices"
	"time"

	"github.com/google/uuid"

	"persepsi/analytics"
	"persepsi/survey"
)

// releaseTerms are the thresholds and times by which a release is made.
type releaseTerms struct {
	least    int       // people that nobody can be told among
	most     int       // answers of a kind that are added at once
	asOf, at time.Time // see Release
	final    bool
}

// heldAnswer is an answer and the serials of the releases that added and that
// removed it; 0: none did.
type heldAnswer struct {
	*survey.Response
	serial, removed int
}

// inParts returns the terms of a release that is not final yet, where the first final
// one could not add all that is fresh: its tables are to tell of everybody. The final
// follows at a later look.
func (t releaseTerms) inParts(old *Release, fresh []*survey.Response) releaseTerms {
	if !needsTables(old, t.final) {
		return t
	}
	var n [survey.KindCount]int
	newest := t.asOf
	for _, r := range fresh {
		n[r.Mode.Kind()]++
		if after := r.ReceivedAt.Add(time.Millisecond); after.After(newest) {
			newest = after
		}
	}
	if slices.Max(n[:]) > t.most {
		t.final, t.asOf = false, newest
	}
	return t
}

// mostAdded bounds what a release adds of one kind: a document of MongoDB holds
// 16 MB. What is left is for the next.
const mostAdded = 200_000

// releaseHistory holds the answers and states of all earlier releases, where a release may
// remove something or is a unit's first final one.
type releaseHistory struct {
	held   []heldAnswer // every answer that a release before it added
	states []state      // of these releases, in their order
	tabled int          // the serial of the first of them that has tables; 0: none
	undone map[uuid.UUID]bool
}

// step is a release that is being made.
type step struct {
	form    *survey.Form
	old     *Release // nil: there is none
	terms   releaseTerms
	release *Release
	// open are the answers that the step may count more or less of: where whole is
	// set all that releases ever held, which past has too.
	open   []heldAnswer
	whole  bool
	past   releaseHistory
	frozen bool // nothing may cease to be counted
	// answeredColumns are the columns that the release before has answers in, where whole is not
	// set: see answered.
	answeredColumns []bool
	// spared are undone answers that would be too few to leave: see remove.
	spared []cohort
	// carried is what an erased period's release is checked against; else nil.
	carried *erasedRelease

	lastState *state
}

// next makes the release of a unit that follows old, nil where the rule allows
// none yet. fresh are the answers that old doesn't hold, partial those that it
// counts in part; before is needed where the release is to have the unit's tables,
// and where answers that old holds are undone.
//
// Of each kind it adds none of the fresh answers, or at least as many as nobody
// can be told among; and it leaves as many of the newest, so that a later one, at
// the last the final, can add them. The same holds of the answers to each
// question, and of the people whom an index counts (see groups): what fewer people gave
// waits, while the rest of what they answered is counted. Undone answers are removed
// by the same measure: see count.
func next(forms analytics.Forms, form *survey.Form, old *Release, fresh []*survey.Response, partial []heldAnswer, before releaseHistory, t releaseTerms) (*Release, error) {
	t = t.inParts(old, fresh)
	s := newStep(form, old, partial, before, t)
	if err := s.read(forms); err != nil {
		return nil, err
	}
	added := s.add(fresh)
	removed, err := s.remove()
	if err != nil {
		return nil, err
	}
	if s.old == nil && !added || !added && !removed && (!t.final || old.Final) {
		return nil, nil
	}
	if err := s.sum(forms); err != nil {
		return nil, err
	}
	return s.release, s.tabulate()
}

func newStep(form *survey.Form, old *Release, partial []heldAnswer, before releaseHistory, t releaseTerms) *step {
	s := &step{form: form, old: old, terms: t, open: partial, past: before}
	s.release = &Release{Form: form.ID, Serial: 1, AsOf: t.asOf.UTC().Truncate(time.Millisecond), At: t.at.UTC().Truncate(time.Millisecond), Final: t.final, Least: t.least}
	if old != nil {
		s.release.Period, s.release.Unit, s.release.Serial, s.release.Held = old.Period, old.Unit, old.Serial+1, old.Held
	}
	if s.whole = slices.ContainsFunc(before.held, func(a heldAnswer) bool { return s.undone(&a) || s.lingers(&a) }); s.whole {
		s.open = slices.Clone(before.held)
	}
	return s
}

// undone reports whether an answer that is held is one of an undone import, and not
// spared.
func (s *step) undone(a *heldAnswer) bool {
	return a.removed == 0 && s.past.undone[a.ID] && !s.frozen && !slices.ContainsFunc(s.spared, func(c cohort) bool { return s.in(c, a) })
}

// needsTables reports whether a release that follows old is to have tables made.
func needsTables(old *Release, final bool) bool { return final && (old == nil || old.Tables == nil) }

// add takes what may be added of the fresh answers, the oldest first.
func (s *step) add(fresh []*survey.Response) bool {
	byDay := map[survey.Date][]uuid.UUID{}
	for kind := range survey.KindCount {
		list := slices.DeleteFunc(slices.Clone(fresh), func(r *survey.Response) bool { return r.Mode.Kind() != kind })
		n := len(list)
		if !s.terms.final {
			n -= s.terms.least
		}
		n = min(n, s.terms.most)
		if rest := len(list) - n; rest > 0 && rest < s.terms.least { // what is left must be enough for the next
			n = len(list) - s.terms.least
		}
		if n < s.terms.least {
			continue
		}
		slices.SortFunc(list, func(a, b *survey.Response) int {
			if c := a.ReceivedAt.Compare(b.ReceivedAt); c != 0 {
				return c
			}
			return bytes.Compare(a.ID[:], b.ID[:])
		})
		for _, r := range list[:n] {
			byDay[r.Day] = append(byDay[r.Day], r.ID)
			s.open = append(s.open, heldAnswer{Response: r, serial: s.release.Serial})
		}
		s.release.Held[kind] += int64(n)
	}
	for day, ids := range byDay {
		s.release.Added = append(s.release.Added, Answers{day, idsOf(ids)})
	}
	slices.SortFunc(s.release.Added, func(a, b Answers) int { return int(a.Day - b.Day) })
	return len(byDay) > 0
}

// remove decides what is counted, and which undone answers are removed. Where those of
// them that were given to a question, or to all of an index, are too few to leave,
// they are spared until they are more, or others come with them; and so are all where
// the tables of the closed period would tell of somebody. It reports whether anything
// is no longer counted.
func (s *step) remove() (bool, error) {
	held := s.release.Held
	for {
		s.release.Held = held
		for i := range s.open {
			if s.open[i].removed == s.release.Serial {
				s.open[i].removed = 0
			}
			if s.undone(&s.open[i]) {
				s.open[i].removed = s.release.Serial
				s.release.Held[s.open[i].Mode.Kind()]--
			}
		}
		spared, still := len(s.spared), s.frozen
		if s.count(); len(s.spared) > spared || s.frozen != still {
			continue
		}
		safe, err := s.tablesSafe()
		if err != nil {
			return false, err
		}
		if safe {
			return s.note(), nil
		}
		s.frozen = true
	}
}

// note writes down which answers are removed, and reports whether less is counted of
// any.
func (s *step) note() bool {
	removed := map[int][]uuid.UUID{}
	less := false
	for i := range s.open {
		a := &s.open[i]
		if a.removed == s.release.Serial {
			removed[a.serial] = append(removed[a.serial], a.ID)
		}
		less = less || a.removed > 0 && s.counts(a, s.now()) < s.counts(a, s.last())
	}
	s.release.Removed = partials(removed)
	return less
}

// partials lists answers by the release that added them.
func partials(bySerial map[int][]uuid.UUID) (out []Partial) {
	for serial, ids := range bySerial {
		out = append(out, Partial{serial, idsOf(ids)})
	}
	slices.SortFunc(out, func(a, b Partial) int { return a.Serial - b.Serial })
	return out
}
