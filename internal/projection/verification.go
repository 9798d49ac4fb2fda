package projection

import (
	"bytes"
	"fmt"
	"reflect"
	"slices"

	"github.com/google/uuid"

	"persepsi/analytics"
	"persepsi/survey"
)

// verification checks the releases of one unit.
type verification struct {
	forms   analytics.Forms
	form    *survey.Form
	erasure *survey.Erasure // of the period; nil: there is none
	seal    *seal
	out     *VerifyResult
	unit    string
	list    []StoredRelease
	days    map[survey.Date]bool // that the releases tell of
	held    int                  // answers that they tell of
	rows    map[uuid.UUID]*survey.Response
	gone    map[uuid.UUID]bool // of the rows: those that were taken out
	at      map[uuid.UUID]int  // the place in past.held of an answer that the releases before added
	past    releaseHistory
	made    *Release // again, of the release before; nil: there is none
}

// read takes the unit's next release.
func (v *verification) read(s StoredRelease) error {
	v.list = append(v.list, s)
	if r, err := s.decode(); err == nil { // run tells of the others
		for _, a := range r.Added {
			v.days[a.Day] = true
			v.held += a.IDs.Len()
		}
	}
	return nil
}

// run checks the releases in their order, up to the first that is wrong: what
// follows leans on it.
func (v *verification) run() {
	var old *Release
	previous := ""
	v.at = map[uuid.UUID]int{}
	v.past, v.made = releaseHistory{}, nil
	for i, stored := range v.list {
		v.out.Releases++
		r, err := stored.decode()
		clearing := v.clearing() && old != nil && old.Cleared != 0 && r.Cleared == 0 // goes on, release by release
		if err == nil && (r.Serial != i+1 || r.Previous != previous && !clearing) {
			err = fmt.Errorf("release %d of unit %s in period %s does not follow the one before it", stored.Serial, stored.Unit, stored.Period)
		}
		if err == nil {
			err = v.check(old, r)
		}
		if err != nil {
			v.out.Wrong = append(v.out.Wrong, err.Error())
			return
		}
		old, previous = r, stored.Checksum
	}
	if len(v.list) == 0 { // it is gone since they were listed
		return
	}
	if err := v.seal.release(v.unit, &v.list[len(v.list)-1]); err != nil {
		v.out.Wrong = append(v.out.Wrong, err.Error())
	}
}

// clearing reports whether the releases may be being cleared: from the first to the last.
func (v *verification) clearing() bool { return v.erasure != nil && !v.erasure.Sealed }

// check makes a release again out of the one before and the answers, and compares
// the two. It brings past up to date.
func (v *verification) check(old, r *Release) error {
	wrong := func(format string, args ...any) error {
		return fmt.Errorf("release %d of unit %s in period %s "+format, append([]any{r.Serial, r.Unit, r.Period}, args...)...)
	}
	if r.Form != v.form.ID {
		return wrong("is of another form: %s", r.Form)
	}
	switch cleared := r.Cleared != 0; {
	case cleared && v.erasure == nil:
		return wrong("lacks what only those of erased periods lack")
	case cleared && r.Cleared != v.erasure.Day:
		return wrong("tells that its respondent fields were removed on %s", r.Cleared)
	case cleared && r.People != nil && r.Serial < len(v.list),
		!cleared && v.erasure != nil && (v.erasure.Sealed || v.erasure.Done):
		return wrong("tells what those of erased periods tell no longer")
	case !cleared && v.erasure != nil: // as it will be
		var err error
		if r, err = r.clear(v.form, r.Serial == len(v.list)); err != nil {
			return wrong("cannot be read: %w", err)
		}
	}
	if r.Least < survey.LowestLeast || r.Least > survey.HighestLeast {
		return wrong("hides a person among %d", r.Least)
	}
	var held [survey.KindCount]int64
	if old != nil {
		held = old.Held
		if r.AsOf.Before(old.AsOf) || r.At.Before(old.At) || old.Final && !r.Final {
			return wrong("is from before the one that it follows")
		}
	}
	fresh, err := v.added(r, wrong)
	if err != nil {
		return err
	}
	var added [survey.KindCount]int
	for _, a := range fresh {
		added[a.Mode.Kind()]++
		held[a.Mode.Kind()]++
	}
	for _, n := range added {
		if n > 0 && n < r.Least {
			return wrong("adds %d answers of a kind, fewer than %d", n, r.Least)
		}
	}
	if err := v.removed(r, &held, wrong); err != nil {
		return err
	}
	again, err := v.again(r, fresh)
	if err != nil {
		return err
	}
	v.made = again
	again.Held = held
	if v.erasure != nil {
		bare := *again
		bare.Partial, bare.Whole, bare.WholePeople = nil, nil, nil
		again = &bare
	}
	if !reflect.DeepEqual(again.Through, r.Through) || !reflect.DeepEqual(again.Without, r.Without) {
		return wrong("counts answers of fewer than %d people", r.Least)
	}
	if r.Held != held || !bytes.Equal(again.Totals, r.Totals) || !bytes.Equal(again.Whole, r.Whole) || !samePartial(again.Partial, r.Partial) ||
		!slices.EqualFunc(again.People, r.People, slices.Equal[[]int64]) || !slices.EqualFunc(again.WholePeople, r.WholePeople, slices.Equal[[]int64]) {
		return wrong("publishes other figures than its answers")
	}
	if !samePartial(again.Removed, r.Removed) {
		return wrong("removes answers that others stand beside")
	}
	if !reflect.DeepEqual(again.Tables, r.Tables) || needsTables(old, r.Final) && r.Tables == nil {
		return wrong("publishes other tables than its answers")
	}
	v.past.states = append(v.past.states, stateOf(r, v.form))
	if v.past.tabled == 0 && r.Tables != nil {
		v.past.tabled = r.Serial
	}
	for _, a := range fresh {
		v.at[a.ID] = len(v.past.held)
		v.past.held = append(v.past.held, a)
	}
	for _, p := range r.Removed {
		for id := range p.IDs.All {
			v.past.held[v.at[id]].removed = r.Serial
		}
	}
	return nil
}

// added returns the answers that a release adds.
func (v *verification) added(r *Release, wrong func(string, ...any) error) (fresh []heldAnswer, err error) {
	twice := map[uuid.UUID]bool{}
	for _, added := range r.Added {
		for id := range added.IDs.All {
			row := v.rows[id]
			if row == nil || row.Day != added.Day || row.Form != v.form.ID {
				return nil, wrong("holds an answer of %s that is not stored", added.Day)
			}
			if _, held := v.at[id]; held || twice[id] {
				return nil, wrong("holds an answer of %s twice", added.Day)
			}
			if !r.Final && !row.ReceivedAt.Before(r.AsOf) {
				return nil, wrong("holds an answer that came after it")
			}
			twice[id] = true
			fresh = append(fresh, heldAnswer{Response: row, serial: r.Serial})
		}
	}
	return fresh, nil
}

// removed notes the answers that a release removes as undone, and counts them off.
func (v *verification) removed(r *Release, held *[survey.KindCount]int64, wrong func(string, ...any) error) error {
	v.past.undone = map[uuid.UUID]bool{}
	for _, p := range r.Removed {
		for id := range p.IDs.All {
			at, ok := v.at[id]
			if !ok || v.past.held[at].serial != p.Serial || v.past.held[at].removed > 0 || v.past.undone[id] {
				return wrong("removes an answer that it does not hold")
			}
			if !v.gone[id] {
				return wrong("removes an answer that nobody took out")
			}
			v.past.undone[id] = true
			held[v.rows[id].Mode.Kind()]--
		}
	}
	return nil
}

// again makes a release by the rule, out of the answers that one holds.
func (v *verification) again(r *Release, fresh []heldAnswer) (*Release, error) {
	var partial []heldAnswer
	old := v.made
	if old != nil {
		for _, p := range old.Partial {
			for id := range p.IDs.All {
				partial = append(partial, v.past.held[v.at[id]])
			}
		}
	}
	s := newStep(v.form, old, partial, v.past, releaseTerms{least: r.Least, final: r.Final})
	if err := s.read(v.forms); err != nil {
		return nil, err
	}
	if v.erasure != nil {
		removed := int64(0)
		for i := range v.past.held {
			if a := &v.past.held[i]; a.removed > 0 || v.past.undone[a.ID] {
				removed++
			}
		}
		s.carried = &erasedRelease{release: r, removed: removed}
	}
	s.open = append(s.open, fresh...)
	if _, err := s.remove(); err != nil {
		return nil, err
	}
	if err := s.sum(v.forms); err != nil {
		return nil, err
	}
	return s.release, s.tabulate()
}

func samePartial(a, b []Partial) bool {
	return slices.EqualFunc(a, b, func(a, b Partial) bool { return a.Serial == b.Serial && bytes.Equal(a.IDs, b.IDs) })
}
