package analytics

import (
	"bytes"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"persepsi/survey"
)

// mayDecline returns a form whose questions may all be declined.
func mayDecline(form *survey.Form) *survey.Form {
	out := *form
	out.Questions = slices.Clone(form.Questions)
	for q := range out.Questions {
		out.Questions[q].Declinable = true
	}
	return &out
}

// declining returns a response with some of its missing answers declined.
func declining(t *rapid.T, r *survey.Response) *survey.Response {
	out := *r
	marks := []byte(out.Answers)
	for q := range marks {
		if marks[q] == '-' && rapid.Bool().Draw(t, "declined") {
			marks[q] = '0'
		}
	}
	out.Answers = survey.Marks(marks)
	return &out
}

func TestADeclinedAnswerIsToEveryFigureAMissingOne(t *testing.T) {
	t.Parallel()
	methods, table := testMethods(t), testTable(t)
	forEachForm(t, func(t *rapid.T, form *survey.Form) {
		form = mayDecline(form)
		blank := rapid.SliceOfN(drawn(form), 1, 12).Draw(t, "responses")
		declined := make([]*survey.Response, len(blank))
		want := make([]int64, len(form.Questions))
		for i, r := range blank {
			declined[i] = declining(t, r)
			for q := range want {
				if declined[i].Answers.Declined(q) {
					want[q]++
				}
			}
		}
		without, with := drawnTally(t, form, blank), drawnTally(t, form, declined)
		for q := range want {
			if with.Declined(q) != want[q] || with.Declined(q) > with.Count(q, 0) || with.Count(q, 0) != without.Count(q, 0) || without.Declined(q) != 0 {
				t.Fatalf("question %d: %d declined of %d missing, want %d of %d", q, with.Declined(q), with.Count(q, 0), want[q], without.Count(q, 0))
			}
		}
		for i := range form.Indexes {
			method, err := methods.For(&form.Indexes[i].Index, form.Indexes[i].Method)
			if err != nil {
				t.Fatal(err)
			}
			a, b := indexOf(without, i, method, methods, table, without.evidence(i, 500)), indexOf(with, i, method, methods, table, with.evidence(i, 500))
			if diff := cmp.Diff(a, b, cmp.AllowUnexported(Index{}, evidence{}, band{}, conversion{}), cmp.Comparer(func(x, y Ratio) bool { return x.Known() == y.Known() && (!x.Known() || x.Cmp(y) == 0) })); diff != "" {
				t.Fatalf("a declined answer changes the index %s:\n%s", form.Indexes[i].Code, diff)
			}
		}
		clear(with.declined)
		if !bytes.Equal(without.Encode(), with.Encode()) {
			t.Fatal("a declined answer is counted elsewhere than among the declined")
		}
	})
}

func TestDeclinedAnswersAreMergedKeptAndCompared(t *testing.T) {
	t.Parallel()
	forEachForm(t, func(t *rapid.T, form *survey.Form) {
		draw := func(name string) *Tally {
			list := rapid.SliceOfN(drawn(form), 0, 8).Draw(t, name)
			for i, r := range list {
				list[i] = declining(t, r)
			}
			return drawnTally(t, form, list)
		}
		a, b := draw("a"), draw("b")
		both := merged(t, a, b)
		for q := range form.Questions {
			if both.Declined(q) != a.Declined(q)+b.Declined(q) {
				t.Fatalf("question %d: %d declined, want %d and %d", q, both.Declined(q), a.Declined(q), b.Declined(q))
			}
		}
		read := NewTally(form)
		if err := read.Decode(both.Encode()); err != nil || !read.Equal(both) || !bytes.Equal(read.Encode(), both.Encode()) {
			t.Fatalf("read back as another tally: %v", err)
		}
		if at := slices.IndexFunc(both.declined, func(n uint32) bool { return n > 0 }); at >= 0 {
			if read.declined[at]--; read.Equal(both) || bytes.Equal(read.Encode(), both.Encode()) {
				t.Fatal("tallies that differ in a declined answer are equal")
			}
		}
		if read.Reset(); !bytes.Equal(read.Encode(), NewTally(form).Encode()) {
			t.Fatal("a tally that was reset keeps declined answers")
		}
	})
}

func TestAStoredTallyOfMoreDeclinedThanMissingIsRefused(t *testing.T) {
	t.Parallel()
	lib, form := testLibrary(t), testForm(t, "spak-5@1")
	for name, spoil := range map[string]func(*Tally){
		"more declined than missing": func(t *Tally) { t.declined[1] = 2 },
		"of a question all answered": func(t *Tally) { t.declined[0] = 1 },
	} {
		tally := answersOf(t, form, "40434", "44444")
		if _, err := DecodeTotals(lib, tally.Encode()); err != nil {
			t.Fatal(err)
		}
		spoil(tally)
		if _, err := DecodeTotals(lib, tally.Encode()); err == nil {
			t.Errorf("%s: got no error", name)
		}
	}
	good := answersOf(t, form, "00434").Encode()
	bare := good[:len(good)-checksumSize]
	at := bytes.Index(bare, []byte{2, 0, 1, 1, 1})
	if at < 0 {
		t.Fatal("the declined answers are not where they are looked for")
	}
	for name, part := range map[string][]byte{
		"a question twice":       {2, 0, 1, 0, 1},
		"questions out of order": {2, 1, 1, 0, 1},
		"a question too many":    {2, 0, 1, 9, 1},
		"nobody declined":        {2, 0, 0, 1, 1},
	} {
		bad := bytes.Clone(bare)
		copy(bad[at:], part)
		if _, err := DecodeTotals(lib, sealed(bad)); err == nil {
			t.Errorf("%s: got no error", name)
		}
	}
}

func TestDeclinedAnswersAreToldByAspectWhereTheyMayBe(t *testing.T) {
	t.Parallel()
	form := *testForm(t, "terpadu-16@1")
	form.Questions = slices.Clone(form.Questions)
	at, _ := form.Position("pungli")
	signal, _ := form.Position("arahan")
	form.Questions[at].Declinable, form.Questions[signal].Declinable = true, true
	rows := []*survey.Response{response(&form, "4444444444444444"), response(&form, "4444444444444404"), response(&form, "4444444444444404"), response(&form, "44444444444444-4")}
	rows[0].Answers = rows[0].Answers[:signal] + "0"
	tally := tallyOf(t, &form, rows...)
	if diff := cmp.Diff(map[string]int64{"pungli": 2, "arahan": 1}, tally.DeclinedByQuestion(&form)); diff != "" {
		t.Error(diff)
	}
	if (*Tally)(nil).DeclinedByQuestion(&form) != nil || tally.DeclinedByQuestion(testForm(t, "skm-9@1")) != nil {
		t.Error("declined answers are told of no answers, or of a form without such a question")
	}
	methods := testMethods(t)
	method, err := methods.For(&form.Index(IPAK).Index, "exact")
	if err != nil {
		t.Fatal(err)
	}
	calc := indexOf(tally, slices.IndexFunc(form.Indexes, func(x survey.FormIndex) bool { return x.Code == IPAK }), method, methods, testTable(t), evidence{})
	calc.Decline(&form, form.Index(IPAK), tally, nil, tally)
	for _, a := range calc.Aspects {
		if (a.Declined != nil) != (a.Code == "pungli") {
			t.Errorf("aspect %s: declined %v", a.Code, a.Declined)
		}
	}
	if a := calc.Aspects[3]; a.Code != "pungli" || a.Declined == nil || *a.Declined != 4 || a.N != 1 {
		t.Errorf("%+v, want 4 declined beside 1 answer", a)
	}
	if p := calc.Published(); p.Aspects[3].Declined != nil || calc.Aspects[3].Declined == nil {
		t.Error("what is published tells of declined answers, or the figures lost them")
	}
	(*Index)(nil).Decline(&form, form.Index(IPAK), tally)
}
