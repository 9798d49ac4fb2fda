package comment

import (
	"context"
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/uuid"

	"persepsi/internal/jobs"
	"persepsi/survey"
)

// slowCity is a store in which one release of a unit added answers; each reading of some takes
// a while.
type slowCity struct {
	Store
	added     []uuid.UUID
	takes     time.Duration
	read      []int // how many answers at once
	releasing bool  // whether releases are being read
	within    int   // readings meanwhile
	steps     []Step
	text      string // what is written in each answer
	marks     []Mark
	unmarked  error // of looking which units have marks
}

func (s *slowCity) Additions(_ context.Context, _, _ string, _ int, fn func(serial, least int, at time.Time, added []uuid.UUID) error) error {
	time.Sleep(s.takes)
	s.releasing = true
	defer func() { s.releasing = false }()
	return fn(1, 1, time.Time{}, s.added)
}

func (s *slowCity) Find(_ context.Context, ids []uuid.UUID) (out []*survey.Response, _ error) {
	time.Sleep(s.takes)
	s.read = append(s.read, len(ids))
	if s.releasing {
		s.within++
	}
	for _, id := range ids {
		out = append(out, &survey.Response{ID: id, Comment: s.text})
	}
	return out, nil
}

func (s *slowCity) PutCommentStep(_ context.Context, made Step) error {
	time.Sleep(s.takes)
	s.steps = append(s.steps, made)
	return nil
}

func (*slowCity) CommentSteps(context.Context, Place, int, func(Step) error) error { return nil }

func (s *slowCity) Marked(context.Context) (map[Place]int64, error) { return nil, s.unmarked }

func (s *slowCity) Marks(context.Context, Place, ...uuid.UUID) ([]Mark, error) { return s.marks, nil }

func (*slowCity) Erasures(context.Context) ([]survey.Erasure, error) { return nil, nil }

func (*slowCity) Revisions(context.Context) (map[string]int64, error) { return nil, nil }

func (*slowCity) TakenOut(context.Context, string, func(int, *survey.Response) error) error {
	return nil
}

func (*slowCity) NewestReleases(context.Context, string) (map[string]int, error) {
	return map[string]int{"u": 1}, nil
}

// A unit has any number of answers: whoever sends one meanwhile waits for the reading of some,
// not of all, and the store's log for none.
func TestReadingAUnitLeavesTheProcessorToOthersMostOfTheTime(t *testing.T) {
	t.Parallel()
	d := onePeriod(t)
	synctest.Test(t, func(t *testing.T) {
		city := &slowCity{added: make([]uuid.UUID, 2*findAtOnce+1), takes: 10 * time.Millisecond}
		for i := range city.added {
			city.added[i] = uuid.New()
		}
		r, err := NewReader(city, city, func() *survey.Directory { return d }, time.Now)
		if err != nil {
			t.Fatal(err)
		}
		begun := time.Now()
		if err := r.Keep(t.Context()); err != nil {
			t.Fatal(err)
		}
		if want := []int{findAtOnce, findAtOnce, 1}; !slices.Equal(city.read, want) || len(city.steps) != 1 {
			t.Errorf("read %d and made %d steps, want %d and one", city.read, len(city.steps), want)
		}
		if took, want := time.Since(begun), (1+jobs.Idle)*5*city.takes; took != want {
			t.Errorf("releases, three readings and a step took %s, want %s", took, want)
		}
		if city.within > 0 {
			t.Errorf("%d readings while the releases were read", city.within)
		}
	})
}

func onePeriod(t *testing.T) *survey.Directory {
	t.Helper()
	library, err := survey.NewLibrary()
	if err != nil {
		t.Fatal(err)
	}
	d, err := survey.NewDirectory(&survey.Catalogue{Periods: []survey.Period{{
		Code: "p", From: survey.NewDate(2026, 1, 1), To: survey.NewDate(2026, 6, 30), Instruments: []string{"skm-9@1"},
	}}}, library, nil)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// The first reading of a large city takes minutes: until its end each unit is told of as it is
// marked all the same.
func TestACommentIsNotToldOfWithoutItsMark(t *testing.T) {
	t.Parallel()
	d := onePeriod(t)
	city := &slowCity{text: "Pelayanannya cepat", unmarked: errors.New("away")}
	for range 12 {
		city.added = append(city.added, uuid.New())
	}
	city.marks = []Mark{{ID: city.added[3], Version: 1, State: Read}}
	r, err := NewReader(city, city, func() *survey.Directory { return d }, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Refresh(t.Context()); !errors.Is(err, city.unmarked) {
		t.Fatal(err)
	}
	if n := r.UnreadOf("p")["u"]; n != 11 {
		t.Errorf("%d of 12 comments are unread, of which one is marked", n)
	}
}

// Where marks cannot be read nothing new is told of, and what was taken out is hidden all the same.
func TestWhatWasTakenOutIsHiddenThoughMarksCannotBeRead(t *testing.T) {
	t.Parallel()
	ktp := survey.Response{Service: "ktp", Mode: survey.ModeQR, Day: monday, Comment: "Ramah"}
	c := newCity()
	r := c.reader(t)
	ids := c.release("u", some(24, ktp)...)
	refresh(t, r)
	c.takeOut(ids[:3]...)
	c.release("u", some(15, ktp)...)
	c.fails["Marks"] = errors.New("away")
	if err := r.Refresh(t.Context()); !errors.Is(err, c.fails["Marks"]) {
		t.Fatal(err)
	}
	if n := r.UnreadOf("p")["u"]; n != 21 {
		t.Errorf("%d comments are told of, want the 21 that are left of the first 24", n)
	}
}
