package projection

import (
	"testing"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"persepsi/survey"
)

// Where the first final release could not add all that is left, others come before it,
// so that its tables tell of everybody whom it counts.
func TestTablesTellOfAllWhomTheFinalCounts(t *testing.T) {
	t.Parallel()
	shared := newUnit(t, "skm-9@1")
	rapid.Check(t, func(t *rapid.T) {
		u := &unitOfOne{forms: shared.forms, form: shared.form, clock: shared.clock, most: rapid.IntRange(20, 30).Draw(t, "most")}
		least := rapid.IntRange(5, 10).Draw(t, "least")
		came := [survey.KindCount]int{}
		for i, n := range rapid.SliceOfN(rapid.IntRange(0, 90), int(survey.KindCount), int(survey.KindCount)).Draw(t, "answers") {
			mode := []survey.Mode{survey.ModeQR, survey.ModePaper}[i]
			for j := range n {
				u.answer(mode, u.all(1+j%4)...)
			}
			came[i] = n
		}
		if rapid.Bool().Draw(t, "released before") {
			u.release(t, least, false)
		}
		closes := u.clock
		for i := range rapid.IntRange(0, 40).Draw(t, "within the grace") {
			u.answer(survey.ModeQR, u.all(1+i%4)...)
			came[survey.KindCitizen]++
		}
		made := u.clock
		for u.newest() == nil || !u.newest().Final {
			u.clock = closes
			if old := u.newest(); old != nil && old.AsOf.After(closes) {
				u.clock = old.AsOf
			}
			if u.release(t, least, true) == nil {
				break
			}
			u.check(t, least)
		}
		u.clock = made
		counts := int64(0)
		for _, n := range came {
			if n >= least {
				counts += int64(n)
			}
		}
		r := u.newest()
		if r == nil {
			if counts > 0 {
				t.Fatalf("%v answers of each kind, and no release", came)
			}
			return
		}
		tables, err := r.Tables.Read(u.form)
		if err != nil {
			t.Fatal(err)
		}
		if !r.Final || r.total() != counts || tables.Tally.N != counts {
			t.Fatalf("of %v answers the final (%v) counts %d and its tables tell of %d, want %d", came, r.Final, r.total(), tables.Tally.N, counts)
		}
		for _, before := range u.releases[:len(u.releases)-1] {
			if before.Final || before.Tables != nil {
				t.Fatalf("release %d of %d is final", before.Serial, r.Serial)
			}
		}
		u.verified(t)
	})
}

// failing is a test or a draw of one.
type failing interface {
	Fatal(args ...any)
	Fatalf(format string, args ...any)
}

// verified checks that a recount finds nothing wrong.
func (u *unitOfOne) verified(t failing) {
	if wrong := u.wrong(t); len(wrong) > 0 {
		t.Fatalf("wrong: %v", wrong)
	}
}

// wrong returns what a recount finds.
func (u *unitOfOne) wrong(t failing) []string {
	var out VerifyResult
	v := &verification{forms: u.forms, form: u.form, out: &out, unit: "u", days: map[survey.Date]bool{}, rows: map[uuid.UUID]*survey.Response{}, gone: u.undone}
	for _, a := range u.answers {
		v.rows[a.ID] = a.Response
	}
	previous := ""
	for _, r := range u.releases {
		c := *r
		c.Period, c.Unit, c.Previous = "p", "u", previous
		stored, err := c.encode()
		if err != nil {
			t.Fatal(err)
		}
		if err := v.read(stored); err != nil {
			t.Fatal(err)
		}
		previous = stored.Checksum
	}
	v.run()
	return out.Wrong
}

func TestLateAnswersThatAreTooManyForOneReleaseAreAllAdded(t *testing.T) {
	t.Parallel()
	u := newUnit(t, "skm-9@1")
	u.most = 20
	for range 15 {
		u.answer(survey.ModePaper, u.all(2)...)
	}
	u.release(t, 10, true)
	for range 25 {
		u.answer(survey.ModePaper, u.all(3)...)
	}
	for _, want := range []int64{30, 40} {
		if u.release(t, 10, true); u.newest().total() != want || !u.newest().Final {
			t.Errorf("%d answers are released, want %d", u.newest().total(), want)
		}
	}
}
