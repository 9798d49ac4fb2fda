package comment

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"persepsi/internal/jobs"
	"persepsi/survey"
)

const (
	// findAtOnce is how many answers are read at once to make a step: some milliseconds' work,
	// so that those who send answers meanwhile wait no longer for a turn.
	findAtOnce = 100
	// tryAgain is how long after a fault what could not be read is read again.
	tryAgain = time.Minute
)

// Reader knows the comments that releases hold: what is told of each, and what was marked
// of it; never what was written, which is read and masked when somebody looks. Refresh
// brings it up to date in the background, and makes the steps that are lacking; all else
// may be called by any goroutine at any time.
type Reader struct {
	store       Store
	releases    Releases
	directories func() *survey.Directory
	now         func() time.Time
	maker

	refreshing sync.Mutex
	revision   int64               // of releases, when they were looked at last; -1: never
	catalogue  int64               // its version then
	again      time.Time           // when they are looked at again after a fault
	erased     map[string]bool     // periods
	remainders map[Place]remainder // of units of which answers were taken out
	publishing sync.Mutex
	indexes    atomic.Pointer[map[Place]*index]
}

// NewReader makes a reader that knows nothing until Refresh.
func NewReader(store Store, releases Releases, directories func() *survey.Directory, now func() time.Time) (*Reader, error) {
	masker, err := NewMasker()
	if err != nil {
		return nil, err
	}
	classifier, err := NewClassifier()
	if err != nil {
		return nil, err
	}
	r := &Reader{store: store, releases: releases, directories: directories, now: now, maker: maker{masker, classifier}, revision: -1, remainders: map[Place]remainder{}}
	r.indexes.Store(&map[Place]*index{})
	return r, nil
}

// Topics returns all topics, in the order that pages list them in.
func (r *Reader) Topics() []Topic { return r.classifier.Topics() }

// Unread is UnreadOf for who asks with a context. The error is always nil.
func (r *Reader) Unread(_ context.Context, period string) (map[string]int, error) {
	return r.UnreadOf(period), nil
}

// UnreadOf returns how many of the comments of a period that are shown nobody has marked
// yet, by the key of the unit; units without any are left out. It reads no store: a look at
// each unit of the period.
func (r *Reader) UnreadOf(period string) map[string]int {
	out := map[string]int{}
	for at, s := range *r.indexes.Load() {
		if n := s.counts.States[Unread]; at.Period == period && n > 0 {
			out[at.Unit] = n
		}
	}
	return out
}

// Keep is Refresh for a recurring task: it leaves most of a processor to others.
func (r *Reader) Keep(ctx context.Context) error { return r.refresh(ctx, &jobs.Pace{}) }

// Refresh looks for releases, undone imports, marks and erasures that are new, and makes the
// steps that no server has made yet. One unit holds up no other.
func (r *Reader) Refresh(ctx context.Context) error { return r.refresh(ctx, nil) }

func (r *Reader) refresh(ctx context.Context, pace *jobs.Pace) error {
	r.refreshing.Lock()
	defer r.refreshing.Unlock()
	if err := r.forgetErased(ctx); err != nil {
		return err
	}
	revisions, err := r.store.Revisions(ctx)
	if err != nil {
		return fmt.Errorf("look for comments: %w", err)
	}
	d := r.directories()
	now, version := revisions[""], d.Catalogue().Version
	if now != r.revision || version != r.catalogue || !r.again.IsZero() && !r.now().Before(r.again) {
		r.again = time.Time{}
		var faults []error
		for i := range d.Catalogue().Periods {
			if p := d.Catalogue().Periods[i].Code; !r.erased[p] {
				faults = append(faults, r.period(ctx, p, pace))
			}
		}
		if err := errors.Join(faults...); err != nil {
			r.again = r.now().Add(tryAgain)
			if ctx.Err() != nil {
				return nil
			}
			r.revision, r.catalogue = now, version
			return errors.Join(err, r.readMarks(ctx))
		}
		r.revision, r.catalogue = now, version
	}
	return r.readMarks(ctx)
}

// forgetErased drops what is known of erased periods.
func (r *Reader) forgetErased(ctx context.Context) error {
	list, err := r.store.Erasures(ctx)
	if err != nil {
		return fmt.Errorf("look for erased periods: %w", err)
	}
	r.erased = map[string]bool{}
	for i := range list {
		r.erased[list[i].Period] = true
	}
	for at := range *r.indexes.Load() {
		if r.erased[at.Period] {
			r.publish(at, func(*index) *index { return nil })
		}
	}
	return nil
}

// period looks at the releases of a period, and at what was taken out of it.
func (r *Reader) period(ctx context.Context, period string, pace *jobs.Pace) error {
	newest, err := r.store.NewestReleases(ctx, period)
	if err != nil {
		return fmt.Errorf("look for releases of period %s: %w", period, err)
	}
	out, taken := map[uuid.UUID]bool{}, map[string]int{}
	if len(newest) > 0 {
		if err := r.store.TakenOut(ctx, period, func(_ int, a *survey.Response) error {
			out[a.ID] = true
			taken[a.Unit]++
			return nil
		}); err != nil {
			return fmt.Errorf("look for undone answers of period %s: %w", period, err)
		}
	}
	var faults []error
	for _, unit := range sortedKeys(newest) {
		at := Place{period, unit}
		var list []Step
		if s := r.index(at); newest[unit] > s.newest() {
			var err error
			if list, err = r.steps(ctx, at, s.newest()+1, newest[unit], pace); err != nil {
				faults = append(faults, fmt.Errorf("comments of unit %s in period %s: %w", unit, period, err))
			}
		}
		begun := r.now()
		few, err := r.few(ctx, at, newest[unit], taken[unit], out)
		if err != nil {
			faults = append(faults, fmt.Errorf("comments that are left of unit %s in period %s: %w", unit, period, err))
			continue
		}
		var marks []Mark
		if len(list) > 0 { // no comment is told of without what was marked of it
			if marks, err = r.store.Marks(ctx, at); err != nil {
				faults = append(faults, fmt.Errorf("read marks of unit %s in period %s: %w", unit, period, err))
				list = nil // what is out is hidden all the same
			}
		}
		r.update(at, list, marks, func(id uuid.UUID) bool { return out[id] || few[id] })
		if len(list) == 0 {
			continue
		}
		if err := pace.Rest(ctx, r.now().Sub(begun)); err != nil {
			return err
		}
	}
	return errors.Join(faults...)
}

// steps reads the steps of a unit from a serial up to another, and makes those that are not
// there. It rests after each piece of that.
func (r *Reader) steps(ctx context.Context, at Place, from, upTo int, pace *jobs.Pace) ([]Step, error) {
	begun := r.now()
	list, err := r.stored(ctx, at, from)
	if err == nil {
		err = pace.Rest(ctx, r.now().Sub(begun))
	}
	if err != nil || from+len(list) > upTo {
		return list, err
	}
	// None is made while releases are read: a reader that rests would hold up the store's log.
	var lacking []Release
	begun = r.now()
	fault := r.releases.Additions(ctx, at.Period, at.Unit, from+len(list), func(serial, least int, made time.Time, added []uuid.UUID) error {
		lacking = append(lacking, Release{Serial: serial, Least: least, At: made, Added: added})
		return nil
	})
	for _, of := range lacking {
		if err := pace.Rest(ctx, r.now().Sub(begun)); err != nil {
			return list, err
		}
		s, err := r.make(ctx, at, of, pace)
		if err != nil {
			return list, err
		}
		begun = r.now()
		err = r.store.PutCommentStep(ctx, s)
		if survey.CodeOf(err) == survey.Conflict { // another server was faster: its order holds
			var theirs []Step
			if theirs, err = r.stored(ctx, at, of.Serial); err == nil && len(theirs) == 0 {
				err = survey.Errorf(survey.Conflict, "period %s is erased", at.Period)
			}
			list = append(list, theirs[:min(len(theirs), 1)]...)
		} else if err == nil { // what is not stored would be shown in another order after a restart
			list = append(list, s)
		}
		if err != nil {
			return list, err
		}
	}
	return list, errors.Join(fault, pace.Rest(ctx, r.now().Sub(begun)))
}

// stored reads the stored steps of a unit from a serial on, up to the first that is lacking.
func (r *Reader) stored(ctx context.Context, at Place, from int) ([]Step, error) {
	var list []Step
	err := r.store.CommentSteps(ctx, at, from, func(s Step) error {
		if s.Serial == from+len(list) {
			list = append(list, s)
		}
		return nil
	})
	return list, err
}

// make makes the step of a release out of the answers that it added.
func (r *Reader) make(ctx context.Context, at Place, of Release, pace *jobs.Pace) (Step, error) {
	answers := make([]answer, 0, len(of.Added))
	for part := range slices.Chunk(of.Added, findAtOnce) {
		begun := r.now()
		rows, err := r.store.Find(ctx, part)
		if err != nil {
			return Step{}, err
		}
		for _, row := range rows {
			answers = append(answers, r.read(row))
		}
		if err := pace.Rest(ctx, r.now().Sub(begun)); err != nil {
			return Step{}, err
		}
	}
	if len(answers) != len(of.Added) {
		return Step{}, fmt.Errorf("%d of the %d answers that release %d added are not stored", len(of.Added)-len(answers), len(of.Added), of.Serial)
	}
	return r.step(at.Period, at.Unit, of, answers)
}
