package projection

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"persepsi/analytics"
	"persepsi/survey"
)

// papers stores that many answers from paper, all alike.
func (u *unitOfOne) papers(n int) {
	for range n {
		u.answer(survey.ModePaper, u.all(3)...)
	}
}

func TestUndoneAnswersLeaveWhereNobodyIsToldByIt(t *testing.T) {
	t.Parallel()
	type move struct {
		papers   int    // that come before the release
		undone   [2]int // the answers that are taken out, by their place
		held     int64  // by the release, or the last one where there is none
		released bool
	}
	for name, moves := range map[string][]move{
		"ten at once":                        {{papers: 40, held: 30, released: true}, {undone: [2]int{0, 10}, held: 20, released: true}},
		"nine wait":                          {{papers: 40, held: 30, released: true}, {undone: [2]int{0, 9}, held: 30}},
		"nine leave with the next ten":       {{papers: 40, held: 30, released: true}, {undone: [2]int{0, 9}, held: 30}, {papers: 10, held: 31, released: true}},
		"four and six make ten":              {{papers: 40, held: 30, released: true}, {undone: [2]int{0, 4}, held: 30}, {undone: [2]int{4, 10}, held: 20, released: true}},
		"all":                                {{papers: 40, held: 30, released: true}, {undone: [2]int{0, 30}, held: 0, released: true}},
		"nine would be left":                 {{papers: 40, held: 30, released: true}, {undone: [2]int{0, 21}, held: 30}},
		"what was never released":            {{papers: 40, held: 30, released: true}, {undone: [2]int{30, 40}, held: 30}},
		"eight of one release would stay":    {{papers: 30, held: 20, released: true}, {papers: 30, held: 50, released: true}, {undone: [2]int{0, 12}, held: 50}},
		"the rest of it leaves them free":    {{papers: 30, held: 20, released: true}, {papers: 30, held: 50, released: true}, {undone: [2]int{0, 12}, held: 50}, {undone: [2]int{12, 20}, held: 30, released: true}},
		"five of a later release would stay": {{papers: 30, held: 20, released: true}, {papers: 15, held: 35, released: true}, {undone: [2]int{20, 30}, held: 35}},
		"fewer than five leave with nobody":  {{papers: 40, held: 30, released: true}, {papers: 30, undone: [2]int{0, 4}, held: 60, released: true}},
		"nor stay behind of their release":   {{papers: 30, held: 20, released: true}, {papers: 30, held: 50, released: true}, {papers: 30, undone: [2]int{0, 17}, held: 80, released: true}},
		"some of each of two releases":       {{papers: 30, held: 20, released: true}, {papers: 20, held: 40, released: true}, {undone: [2]int{15, 25}, held: 30, released: true}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			u := newUnit(t, "skm-9@1")
			for i, m := range moves {
				u.papers(m.papers)
				u.undo(u.answers[m.undone[0]:m.undone[1]]...)
				r := u.release(t, 10, false)
				if (r != nil) != m.released || u.newest().total() != m.held || u.newest().tally(t, u).N != m.held {
					t.Errorf("move %d: released %v, held %d, counted %d; want %v and %d", i+1, r != nil, u.newest().total(), u.newest().tally(t, u).N, m.released, m.held)
				}
			}
		})
	}
}

// Those of the undone who answered what few of them answered stay, and the rest goes.
func TestThoseOfTheUndoneWhoAreTooFewToLeaveAreSpared(t *testing.T) {
	t.Parallel()
	for _, question := range []int{3, 0} {
		u := newUnit(t, "skm-9@1")
		for i := range 70 {
			values := u.all(4)
			if i >= 6 && i < 20 {
				values[question] = 0
			}
			u.answer(survey.ModePaper, values...)
			u.answers[i].Respondent = ""
		}
		u.release(t, 10, false)
		u.undo(u.answers[:20]...)
		r := u.release(t, 10, false)
		if r == nil {
			t.Fatal("nothing is removed")
		}
		tally := r.tally(t, u)
		for q := range u.form.Questions {
			if _, n := tally.Question(q); u.form.Questions[q].Scored && n != 46 {
				t.Errorf("question %d has %d answers, want 46", q, n)
			}
		}
		if tally.N != 46 || r.total() != 46 {
			t.Errorf("%d are counted and %d held, want 46", tally.N, r.total())
		}
		u.papers(12)
		if r = u.release(t, 10, false); r == nil || r.total() != 52 || r.tally(t, u).N != 52 {
			t.Errorf("with others that come the six leave too: want 52, got %+v", r)
		}
	}
}

// What few of those who leave told of themselves stays counted for a while: it stands
// beside no score.
func TestARespondentFieldMayBeCountedLonger(t *testing.T) {
	t.Parallel()
	u := newUnit(t, "skm-9@1")
	u.papers(70)
	for i := range u.answers {
		told := make([]int, len(u.form.Fields))
		if i >= 15 || i < 4 {
			told[0] = 1
		}
		u.answers[i].Respondent = survey.MakeMarks(told)
	}
	u.release(t, 10, false)
	u.undo(u.answers[:15]...)
	r := u.release(t, 10, false)
	if r == nil || r.total() != 45 || r.tally(t, u).N != 45 || r.People[0][1] != 49 || r.People[0][0] != 0 {
		t.Fatalf("want 45 answers, and 49 who told the field: %+v", r)
	}
	if u.release(t, 10, false) != nil {
		t.Error("there is another release that changes nothing")
	}
	for range 10 {
		u.papers(1)
		u.answers[len(u.answers)-1].Respondent = survey.MakeMarks([]int{2})
	}
	if r = u.release(t, 10, true); r == nil || r.People[0][1] != 55 || r.People[0][2] != 10 || len(r.Partial) != 0 {
		t.Errorf("with ten who told it the four leave too: %+v", r)
	}
}

// The figures know no difference, so whoever mends a blank into a declined answer, or
// back, changes nothing that is released.
func TestAMendedRowThatIsDeclinedNowIsTheSamePerson(t *testing.T) {
	t.Parallel()
	a := &survey.Response{ID: uuid.New(), Mode: survey.ModePaper, Service: "ktp", Answers: "4-4", Respondent: "-"}
	b := &survey.Response{ID: uuid.New(), Mode: survey.ModePaper, Service: "ktp", Answers: "404", Respondent: "-"}
	for _, of := range [][2]*survey.Response{{a, b}, {b, a}} {
		c := &candidate{fresh: []*survey.Response{of[1]}}
		c.undone, c.serials = map[uuid.UUID]bool{of[0].ID: true}, map[uuid.UUID][2]int{of[0].ID: {1, 0}}
		if c.again([]*survey.Response{of[0]}); len(c.fresh) != 0 || len(c.undone) != 0 {
			t.Errorf("%q for %q is taken for another person", of[1].Answers, of[0].Answers)
		}
	}
}

func TestAReleaseHoldsNoDeclinedAnswer(t *testing.T) {
	t.Parallel()
	u := newUnit(t, "spak-5@1")
	for i := range 60 {
		values := u.all(4)
		if i%2 == 0 {
			values[2] = survey.Declined
		}
		u.answer(survey.ModeQR, values...)
	}
	r := u.release(t, 10, true)
	tally := r.tally(t, u)
	_, n := tally.Question(2)
	if tally.N != 60 || n != 30 || tally.Count(2, 0) != 30 || tally.Declined(2) != 0 {
		t.Errorf("%d answers, %d to the question, %d missing, %d declined: want 60, 30, 30, 0", tally.N, n, tally.Count(2, 0), tally.Declined(2))
	}
	tables, err := r.Tables.Read(u.form)
	if err != nil || tables.Tally.Declined(2) != 0 || tables.Tally.Count(2, 0) != 30 {
		t.Errorf("the tables tell of %d declined answers: %v", tables.Tally.Declined(2), err)
	}
}

// The tables of a closed period stay: what leaves afterwards must tell nothing beside
// them.
func TestWhatLeavesAfterTheCloseTellsNothingBesideTheTables(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		undone [2]int
		held   int64
	}{
		"all of a service":             {[2]int{0, 15}, 45},
		"all of a service but three":   {[2]int{0, 12}, 60},
		"few of a service, among many": {[2]int{12, 26}, 46},
		"many of a large service":      {[2]int{15, 35}, 40},
		// The service without those who left: two who stay, less two of the other one.
		"most of a service, and two of the other": {[2]int{2, 17}, 60},
		"four": {[2]int{15, 19}, 60},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			u := newUnit(t, "skm-9@1")
			u.papers(60)
			for i := range u.answers {
				u.answers[i].Service = "akta"
				if i < 15 {
					u.answers[i].Service = "ktp"
				}
				u.answers[i].Respondent = ""
				u.answers[i].Day = u.answers[0].Day
			}
			first := u.release(t, 10, true)
			if !slices.ContainsFunc(first.Tables.Shown, func(c analytics.ShownCells) bool { return c.By == "service" && len(c.Codes) == 2 }) {
				t.Fatalf("the tables show %v", first.Tables.Shown)
			}
			u.undo(u.answers[tc.undone[0]:tc.undone[1]]...)
			u.release(t, 10, true)
			if got := u.newest(); got.total() != tc.held {
				t.Errorf("%d answers are held, want %d", got.total(), tc.held)
			} else if got.Tables != first.Tables {
				t.Error("the tables are others")
			}
		})
	}
}

// Beside tables that stay, who leaves of those that came with one release is one of enough, and
// enough stay, or nobody.
func TestFewLeaveBesideTablesWhereFewGoOrStay(t *testing.T) {
	t.Parallel()
	const few, enough = analytics.LeastCell - 1, analytics.LeastCell
	form := newUnit(t, "skm-9@1").form
	for _, tc := range []struct {
		leave, stay int
		want        bool
	}{{0, few, false}, {few, 2 * enough, true}, {enough, few, true}, {enough, enough, false}, {enough, 0, false}} {
		tables := stateOf(new(Release), form)
		for kind := range tables.through {
			for column := range tables.through[kind] {
				tables.through[kind][column] = 1
			}
		}
		s := &step{form: form, release: &Release{Serial: 2}, whole: true, lastState: &tables}
		for i := range tc.leave + tc.stay {
			a := heldAnswer{Response: &survey.Response{Answers: survey.MakeMarks(slices.Repeat([]int{3}, len(form.Questions)))}, serial: 1}
			if i < tc.leave {
				a.removed = 2
			}
			s.open = append(s.open, a)
		}
		got := s.fewLeave([]state{tables}, func(a *heldAnswer, _ int) int { return a.removed })
		if got != tc.want {
			t.Errorf("%d leave and %d stay: few leave is %v", tc.leave, tc.stay, got)
		}
	}
}

func TestAForgedRemovalContradictsItsAnswers(t *testing.T) {
	t.Parallel()
	u := newUnit(t, "skm-9@1")
	u.papers(60)
	u.release(t, 10, false)
	u.undo(u.answers[:15]...)
	u.papers(1)
	if r := u.release(t, 10, false); r == nil || len(r.Removed) != 1 {
		t.Fatal("nothing is removed")
	}
	u.papers(30)
	u.release(t, 10, true)
	first := u.releases[0]
	some := func(serial, from, to int) []Partial {
		return []Partial{{serial, slices.Clone(first.Added[0].IDs[16*from : 16*to])}}
	}
	taken := u.releases[1].Removed[0].IDs
	second := func(forge func(*Release)) func(*Release) {
		return func(r *Release) {
			if r.Serial == 2 {
				forge(r)
			}
		}
	}
	for name, tc := range map[string]struct {
		forge func(*Release)
		says  string
	}{
		"nothing is forged":            {func(*Release) {}, ""},
		"answers that nobody took out": {second(func(r *Release) { r.Removed = some(1, 0, 15) }), "nobody took out"},
		"fewer of them":                {second(func(r *Release) { r.Removed = []Partial{{1, taken[:16*9]}} }), "fewer than 10"},
		"none of them":                 {second(func(r *Release) { r.Removed = nil }), "counts answers of fewer"},
		"an answer twice":              {second(func(r *Release) { r.Removed = []Partial{{1, slices.Concat(taken, taken[:16])}} }), "does not hold"},
		"one of another release":       {second(func(r *Release) { r.Removed = []Partial{{2, taken}} }), "does not hold"},
		"one that it never held": {second(func(r *Release) {
			id := uuid.New()
			r.Removed = []Partial{{1, slices.Concat(taken, id[:])}}
		}), "does not hold"},
		"figures that still hold them": {second(func(r *Release) { r.Totals = first.Totals }), "other figures"},
		"a number that still does":     {second(func(r *Release) { r.Held[survey.KindStaff] += 15 }), "other figures"},
		"less than is left out": {second(func(r *Release) {
			r.Without[survey.KindStaff] = slices.Clone(r.Without[survey.KindStaff])
			r.Without[survey.KindStaff][0] = 0
		}), "counts answers of fewer"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			out := new(VerifyResult)
			v := &verification{forms: u.forms, form: u.form, out: out, unit: "u", list: u.stored(t, tc.forge), rows: map[uuid.UUID]*survey.Response{}, gone: u.undone}
			for _, a := range u.answers {
				v.rows[a.ID] = a.Response
			}
			v.run()
			said := strings.Join(out.Wrong, "\n")
			if (said == "") != (tc.says == "") || !strings.Contains(said, tc.says) {
				t.Errorf("wrong: %q, want %q", said, tc.says)
			}
		})
	}
}
