package comment

import (
	"errors"
	"maps"
	"slices"
	"testing"
	"time"

	"persepsi/survey"
)

var monday = survey.NewDate(2026, time.March, 2)

// Who saw comments go is left with those that stay: of a label that stood for fifteen, nine are too few.
func TestWhatIsLeftOfALabelIsShownWhileItHidesSomebody(t *testing.T) {
	t.Parallel()
	c := newCity()
	ktp := survey.Response{Service: "ktp", Mode: survey.ModeQR, Day: monday, Comment: "Ramah"}
	kk, paper := ktp, ktp
	kk.Service, paper.Mode = "kk", survey.ModePaper
	first := c.release("u", slices.Concat(some(15, ktp), some(10, kk), some(11, paper))...)
	c.release("u", some(12, ktp)...)
	c.release("v", some(12, kk)...)
	r := c.reader(t)
	of := Query{Units: []string{"u", "v"}}
	for _, x := range []struct {
		out     []int // further ones of the first release
		ktp, kk int
	}{
		{nil, 15 + 11 + 12, 10 + 12},
		{[]int{0, 1, 2, 3, 4}, 10 + 11 + 12, 10 + 12}, // ten stay
		{[]int{5}, 11 + 12, 10 + 12},                  // nine do not
		{[]int{15}, 11 + 12, 12},                      // nor nine of the other service
		{[]int{25, 26}, 12, 12},                       // nor nine of those whom staff entered
	} {
		for _, i := range x.out {
			c.takeOut(first[i])
		}
		refresh(t, r)
		if got := shown(t, r, of); got["ktp"] != x.ktp || got["kk"] != x.kk || r.UnreadOf("p")["u"] != x.ktp+x.kk-12 {
			t.Errorf("after %v went: %v are shown, want %d and %d", x.out, got, x.ktp, x.kk)
		}
	}
	before := c.read
	c.revision++
	refresh(t, r)
	if c.read != before {
		t.Error("what stays is computed anew where nothing went")
	}
	// What a release adds later is looked at too.
	late := c.release("u", some(10, ktp)...)
	refresh(t, r)
	if got := shown(t, r, of); got["ktp"] != 22 {
		t.Errorf("%v are shown with a new release", got)
	}
	c.takeOut(late[0])
	refresh(t, r)
	if got := shown(t, r, of); got["ktp"] != 12 {
		t.Errorf("%v are shown when one of the new release went", got)
	}
	// A release may be told of after what went of it was.
	c.takeOut(c.release("u", some(10, ktp)...)[0])
	newest := c.released["u"]
	c.released["u"] = newest[:3]
	refresh(t, r)
	c.released["u"] = newest
	c.revision++
	refresh(t, r)
	if got := shown(t, r, of); got["ktp"] != 12 {
		t.Errorf("%v are shown when one had gone before its release was told of", got)
	}
	c.takeOut(c.released["v"][0].Added...)
	refresh(t, r)
	if n, there := r.UnreadOf("p")["v"]; there {
		t.Errorf("%d are unread of a unit whose answers all went", n)
	}
}

// Where nobody can tell who is left, nobody is told of anything new, and it is told to who runs the service.
func TestAFaultIsToldAndTriedAgainAfterAMinute(t *testing.T) {
	t.Parallel()
	ktp := survey.Response{Service: "ktp", Mode: survey.ModeQR, Day: monday, Comment: "Ramah"}
	for _, call := range []string{"Additions", "Find", "PutCommentStep", "CommentSteps", "Marks", "TakenOut", "NewestReleases"} {
		c := newCity()
		r := c.reader(t)
		c.release("u", some(12, ktp)...)
		refresh(t, r)
		ids := c.release("u", some(15, ktp)...)
		c.takeOut(ids[:3]...)
		away := errors.New("away")
		c.fails[call] = away
		if err := r.Refresh(t.Context()); !errors.Is(err, away) {
			t.Errorf("%s: err = %v", call, err)
		}
		if n := r.UnreadOf("p")["u"]; n != 12 {
			t.Errorf("%s: %d comments are told of", call, n)
		}
		if err := r.Refresh(t.Context()); err != nil {
			t.Errorf("%s: within the minute: err = %v", call, err)
		}
		delete(c.fails, call)
		c.now = c.now.Add(tryAgain)
		refresh(t, r)
		if n := r.UnreadOf("p")["u"]; n != 24 {
			t.Errorf("%s: after a minute %d comments are told of, want 24", call, n)
		}
		before := c.read
		c.now = c.now.Add(tryAgain)
		c.fails["NewestReleases"] = away
		if refresh(t, r); c.read != before {
			t.Errorf("%s: is tried again for ever", call)
		}
	}
	for _, call := range []string{"Additions", "Find"} { // also where no step is new
		c := newCity()
		r := c.reader(t)
		ids := c.release("u", some(12, ktp)...)
		refresh(t, r)
		c.takeOut(ids[0])
		c.fails[call] = errors.New("away")
		if err := r.Refresh(t.Context()); !errors.Is(err, c.fails[call]) {
			t.Errorf("%s: who is left is not known: err = %v", call, err)
		}
	}
	for _, call := range []string{"Erasures", "Revisions", "Marked"} {
		c := newCity()
		c.fails[call] = errors.New("away")
		for _, refresh := range []func() error{func() error { return c.reader(t).Refresh(t.Context()) }, func() error { return c.reader(t).Keep(t.Context()) }} {
			if err := refresh(); !errors.Is(err, c.fails[call]) {
				t.Errorf("%s: err = %v", call, err)
			}
		}
	}
}

// Of two servers that make a step at the same time, one draws the order: both show that one.
func TestTheStepOfTheFasterServerHolds(t *testing.T) {
	t.Parallel()
	c := newCity()
	ktp := survey.Response{Service: "ktp", Mode: survey.ModeQR, Day: monday, Comment: "Ramah"}
	c.release("u", some(30, ktp)...)
	c.release("u", some(10, ktp)...)
	slow, fast := c.reader(t), c.reader(t)
	c.before = func(Step) {
		c.before = nil
		refresh(t, fast)
	}
	refresh(t, slow)
	if got, want := maps.Collect(slices.All(slow.index(Place{"p", "u"}).entries)), maps.Collect(slices.All(fast.index(Place{"p", "u"}).entries)); !maps.Equal(got, want) || len(got) != 40 {
		t.Errorf("two servers show %d and %d comments in two orders", len(got), len(want))
	}
	for n := range 2 { // after a restart, without reading releases again, and with one more
		fresh, before := c.reader(t), c.read
		if refresh(t, fresh); fresh.UnreadOf("p")["u"] != 40+10*n || c.read != before+n {
			t.Errorf("%d comments are told of after %d readings", fresh.UnreadOf("p")["u"], c.read-before)
		}
		c.release("u", some(10, ktp)...)
	}
	// A step that is refused without one being there is of a period that is being erased.
	c.release("u", some(10, ktp)...)
	c.fails["PutCommentStep"] = survey.Errorf(survey.Conflict, "erased")
	if err := slow.Refresh(t.Context()); err == nil {
		t.Error("a step that was not stored is none the less told of")
	}
	if n := slow.UnreadOf("p")["u"]; n != 50 {
		t.Errorf("%d comments are told of", n)
	}
}

func TestNoStepIsMadeOfAnswersThatAreNotStored(t *testing.T) {
	t.Parallel()
	c := newCity()
	ids := c.release("u", some(12, survey.Response{Day: monday, Comment: "Ramah"})...)
	delete(c.answers, ids[4])
	r := c.reader(t)
	if err := r.Refresh(t.Context()); err == nil || len(c.put) > 0 {
		t.Errorf("%d steps were made of 11 of 12 answers, err = %v", len(c.put), err)
	}
}

func TestAPeriodThatIsErasedIsForgottenAndNoOther(t *testing.T) {
	t.Parallel()
	c := newCity()
	c.release("u", some(12, survey.Response{Day: monday, Comment: "Ramah"})...)
	r := c.reader(t)
	refresh(t, r)
	c.erased = []survey.Erasure{{Period: "q"}}
	refresh(t, r)
	if n := r.UnreadOf("p")["u"]; n != 12 || len(r.UnreadOf("q")) > 0 {
		t.Errorf("%d comments are told of", n)
	}
	c.erased = []survey.Erasure{{Period: "p"}}
	c.revision++
	refresh(t, r)
	if n := r.UnreadOf("p"); len(n) > 0 {
		t.Errorf("%v comments of an erased period are told of", n)
	}
}
