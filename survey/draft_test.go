package survey

import (
	"cmp"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func assignment(t testing.TB) (*Directory, Assignment) {
	t.Helper()
	d := testDirectory(t)
	a, err := d.Resolve(point(t, d, "dk-01"), "", noon())
	if err != nil {
		t.Fatal(err)
	}
	return d, a
}

// good is a draft without a fault.
func good(f *Form) *Draft {
	d := &Draft{ID: "0197a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b", Service: "ktp", Lang: "id", Consent: true, StartedAt: noon().Add(-time.Minute)}
	for _, q := range f.Questions {
		if q.Scored {
			d.Answers = append(d.Answers, Answer{Question: q.Code, Value: len(q.Options)})
		}
	}
	return d
}

func TestAGoodDraftBecomesAResponse(t *testing.T) {
	t.Parallel()
	d, s := assignment(t)
	draft := good(s.Form)
	draft.Respondent = []Characteristic{{"sex", "P"}, {"age", "26-35"}}
	draft.Comment = " Terima kasih \r\n"
	r, faults := s.Check(draft, d.Zone(), noon())
	if faults != nil {
		t.Fatal(faults)
	}
	if r.Unit != "dukcapil-loket" || r.Period != "2026-s1" || r.Point != "DK01" || r.Form != "terpadu-16@2" ||
		r.Answers != "4444444444444444-" || r.Respondent[:2] != "23" || r.Comment != "Terima kasih" ||
		r.ID.String() != draft.ID || r.Lang != "id" || r.Service != "ktp" || !r.StartedAt.Equal(draft.StartedAt) || !r.ReceivedAt.Equal(noon()) ||
		r.Hour != 12 || r.Day.String() != "2026-03-02" || r.Mode != ModeQR {
		t.Errorf("response = %+v", r)
	}
}

func TestAnAnswerMayHaveEachLanguageAndModeOfAForm(t *testing.T) {
	t.Parallel()
	directory, s := assignment(t)
	for _, lang := range append(Languages(), "") {
		for _, mode := range append(ScreenModes(), "") {
			d := good(s.Form)
			d.Lang, d.Mode = lang, mode
			r, faults := s.Check(d, directory.Zone(), noon())
			if faults != nil || r.Lang != cmp.Or(lang, "id") || r.Mode.String() != cmp.Or(mode, "qr") {
				t.Errorf("%q by %q is %+v, faults %v", lang, mode, r, faults)
			}
		}
	}
}

func TestNothingWrongGetsIn(t *testing.T) {
	t.Parallel()
	directory, s := assignment(t)
	for _, tc := range []struct {
		name        string
		change      func(*Draft)
		field, code string
	}{
		{"no id", func(d *Draft) { d.ID = "" }, "id", "required"},
		{"paper at a point", func(d *Draft) { d.Mode = "paper" }, "mode", "unknown_value"},
		{"unknown mode", func(d *Draft) { d.Mode = "fax" }, "mode", "unknown_value"},
		{"service too long for a code", func(d *Draft) { d.Service = strings.Repeat("é", 41) }, "service", "too_long"},
		{"visit too long", func(d *Draft) { d.Visit = strings.Repeat("é", 201) }, "visit", "too_long"},
		{"answers that could not be read", func(d *Draft) { d.Answers = nil; d.AddFault("answers", "wrong_type", "") }, "answers", "wrong_type"},
		{"service that could not be read", func(d *Draft) { d.Service = ""; d.AddFault("service", "wrong_type", "") }, "service", "wrong_type"},
		{"a field unknown twice", func(d *Draft) { d.AddFault("nik", "unknown_field", ""); d.AddFault("nik", "unknown_field", "") }, "nik", "unknown_field"},
		{"id that is no UUID", func(d *Draft) { d.ID = "1; DROP TABLE" }, "id", "bad_id"},
		{"id without hyphens", func(d *Draft) { d.ID = strings.ReplaceAll(d.ID, "-", "") }, "id", "bad_id"},
		{"nil id", func(d *Draft) { d.ID = "00000000-0000-0000-0000-000000000000" }, "id", "bad_id"},
		{"no consent", func(d *Draft) { d.Consent = false }, "consent", "consent_required"},
		{"unknown language", func(d *Draft) { d.Lang = "jv" }, "lang", "unknown_value"},
		{"unknown question", func(d *Draft) { d.Answers = append(d.Answers, Answer{Question: "kebersihan", Value: 4}) }, "answers.kebersihan", "unknown_question"},
		{"answered twice", func(d *Draft) { d.Answers = append(d.Answers, Answer{Question: "prosedur", Value: 1}) }, "answers.prosedur", "duplicate_key"},
		{"missing answer", func(d *Draft) { d.Answers = d.Answers[1:] }, "answers.informasi", "required"},
		{"five on four", func(d *Draft) { d.Answers[0].Value = 5 }, "answers.informasi", "out_of_scale"},
		{"zero", func(d *Draft) { d.Answers[0].Value = 0 }, "answers.informasi", "out_of_scale"},
		{"negative", func(d *Draft) { d.Answers[0].Value = -1 }, "answers.informasi", "out_of_scale"},
		{"unknown service", func(d *Draft) { d.Service = "sim" }, "service", "unknown_service"},
		{"no service", func(d *Draft) { d.Service = "" }, "service", "required"},
		{"unknown field", func(d *Draft) { d.Respondent = []Characteristic{{"nik", "6471"}} }, "respondent.nik", "unknown_field"},
		{"unknown category", func(d *Draft) { d.Respondent = []Characteristic{{"sex", "X"}} }, "respondent.sex", "unknown_category"},
		{"field twice", func(d *Draft) { d.Respondent = []Characteristic{{"sex", "L"}, {"sex", "L"}} }, "respondent.sex", "duplicate_key"},
		{"comment too long", func(d *Draft) { d.Comment = strings.Repeat("é", MaxComment+1) }, "comment", "too_long"},
		{"control character", func(d *Draft) { d.Comment = "a\x00b" }, "comment", "control_character"},
		{"broken text", func(d *Draft) { d.Comment = "a\xff" }, "comment", "control_character"},
		{"a time before there were phones", func(d *Draft) { d.StartedAt = time.Date(1999, 12, 31, 23, 59, 59, 0, time.UTC) }, "started_at", "bad_time"},
		{"unknown question, then the first one", func(d *Draft) { d.Answers = append([]Answer{{Question: "kebersihan", Value: 4}}, d.Answers...) }, "answers.kebersihan", "unknown_question"},
		{"unknown field, then the first one", func(d *Draft) { d.Respondent = []Characteristic{{"nik", "26-35"}, {"age", "26-35"}} }, "respondent.nik", "unknown_field"},
		{"a time in the future", func(d *Draft) { d.StartedAt = noon().AddDate(0, 0, 3) }, "started_at", "bad_time"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			d := good(s.Form)
			tc.change(d)
			r, faults := s.Check(d, directory.Zone(), noon())
			if r != nil {
				t.Error("a response was made")
			}
			if len(faults) != 1 || faults[0].Field != tc.field || faults[0].Code != tc.code {
				t.Errorf("faults = %+v, want one %s at %s", faults, tc.code, tc.field)
			}
		})
	}
}

func TestAFaultOfOnePlaceHidesNoneOfAnother(t *testing.T) {
	t.Parallel()
	directory, a := assignment(t)
	d := good(a.Form)
	d.AddFault("answers.pro", "wrong_type", "")
	d.Answers[2].Value = 5 // prosedur
	d.Lang = "jv"
	_, faults := a.Check(d, directory.Zone(), noon())
	var got []string
	for _, f := range faults {
		got = append(got, f.Field)
	}
	if want := []string{"answers.pro", "lang", "answers." + d.Answers[2].Question}; !slices.Equal(got, want) {
		t.Errorf("faults at %v, want %v", got, want)
	}
	if _, again := a.Check(d, directory.Zone(), noon()); len(again) != len(faults) {
		t.Errorf("checked again the draft has %d faults, want %d", len(again), len(faults))
	}
}

func TestWhatCouldNotBeReadOfARetryIsNoReasonToRefuseIt(t *testing.T) {
	t.Parallel()
	directory, a := assignment(t)
	stored, faults := a.Check(good(a.Form), directory.Zone(), noon())
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	again := good(a.Form)
	again.AddFault("nik", "unknown_field", "")
	if !directory.IsRetry(again, a.Place, stored) {
		t.Error("the same answer with a field that nobody knows is another answer")
	}
	again.Answers[0].Value--
	if directory.IsRetry(again, a.Place, stored) {
		t.Error("another answer is a retry")
	}
}

func TestACommentAtItsLimitAndWithLinesIsKept(t *testing.T) {
	t.Parallel()
	directory, s := assignment(t)
	d := good(s.Form)
	d.Comment = strings.Repeat("é", MaxComment-2) + "\nx"
	if _, faults := s.Check(d, directory.Zone(), noon()); faults != nil {
		t.Error(faults)
	}
}

func TestAMissingAnswerIsNamedByItsQuestion(t *testing.T) {
	t.Parallel()
	directory, a := assignment(t)
	d := good(a.Form)
	d.Answers = nil
	_, faults := a.Check(d, directory.Zone(), noon())
	if len(faults) != 16 || faults[0].Field != "answers.informasi" {
		t.Errorf("faults = %v, want one for each of 16 questions", faults)
	}
}

func TestAWrongCategoryIsToldWithThoseThatThereAre(t *testing.T) {
	t.Parallel()
	directory, a := assignment(t)
	d := good(a.Form)
	d.Respondent = []Characteristic{{"sex", "X"}}
	if _, faults := a.Check(d, directory.Zone(), noon()); len(faults) != 1 || faults[0].Message != "must be one of L, P" {
		t.Errorf("faults = %v, want the categories", faults)
	}
}

func TestAnAnswersValueIsReadOnlyAsAWholeNumberIsWritten(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int{"0": 0, "4": 4, "9": 9, "10": 10, "04": 4, "-1": -1, "-12": -12, "123456789": 123_456_789, "-123456789": -123_456_789} {
		if got, ok := ParseValue([]byte(text)); got != want || !ok {
			t.Errorf("%q is read as %d, %v; want %d", text, got, ok, want)
		}
	}
	for _, text := range []string{"", "-", "--1", "+4", " 4", "4.0", "4e0", "4/", "4:", "empat", "1234567890", "-1234567890"} {
		if got, ok := ParseValue([]byte(text)); ok {
			t.Errorf("%q is read as %d, want it refused", text, got)
		}
	}
}

func TestWhatADraftNeedNotSayHasADefault(t *testing.T) {
	t.Parallel()
	directory, a := assignment(t)
	for _, tc := range []struct{ lang, want string }{{"", "id"}, {"id", "id"}, {"en", "en"}} {
		d := good(a.Form)
		d.Lang, d.StartedAt, d.Comment = tc.lang, time.Time{}, "\tsatu\n\tdua"
		r, faults := a.Check(d, directory.Zone(), noon())
		if faults != nil || r.Lang != tc.want || r.Mode != ModeQR || !r.StartedAt.IsZero() || r.Comment != "satu\n\tdua" {
			t.Errorf("language %q: %+v, %v", tc.lang, r, faults)
		}
	}
	d := good(a.Form)
	d.StartedAt = time.Date(2000, 6, 1, 0, 0, 0, 999_999, time.FixedZone("WITA", 8*3600))
	want := time.Date(2000, 5, 31, 16, 0, 0, 0, time.UTC)
	if r, faults := a.Check(d, directory.Zone(), noon()); faults != nil || r.StartedAt != want {
		t.Errorf("a clock that was never set: %+v, %v", r, faults)
	}
	d.StartedAt = noon().Add(maxFuture)
	if _, faults := a.Check(d, directory.Zone(), noon()); faults != nil {
		t.Errorf("a clock that is a day ahead: %v", faults)
	}
}

func TestAClosedServiceIsTakenFromPaperOnly(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, service string
		closed        [2]bool // ktp, akta
		paper         bool
		want, code    string
	}{
		{"closed at a point", "ktp", [2]bool{true, false}, false, "", "unknown_service"},
		{"closed on paper", "ktp", [2]bool{true, false}, true, "ktp", ""},
		{"the only open one", "", [2]bool{true, false}, false, "akta", ""},
		{"none open", "", [2]bool{true, true}, false, "", ""},
		{"paper that does not tell", "", [2]bool{false, false}, true, "", ""},
		{"paper that does not tell, one open", "", [2]bool{true, false}, true, "", ""},
		{"unknown on paper", "sim", [2]bool{false, false}, true, "", "unknown_service"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			directory, a := assignment(t)
			for i, closed := range tc.closed {
				a.Unit.Services[i].Closed = closed
			}
			if tc.paper {
				a.Point = nil
			}
			d := good(a.Form)
			d.Service = tc.service
			r, faults := a.Check(d, directory.Zone(), noon())
			if tc.code != "" {
				if len(faults) != 1 || faults[0].Code != tc.code {
					t.Errorf("faults = %v, want %s", faults, tc.code)
				}
				return
			}
			if faults != nil || r.Service != tc.want {
				t.Errorf("response = %+v, faults = %v, want service %q", r, faults, tc.want)
			}
		})
	}
}

func TestPaperMayLeaveAnswersOutButNotAll(t *testing.T) {
	t.Parallel()
	directory, s := assignment(t)
	s.Point = nil
	d := &Draft{ID: good(s.Form).ID, Answers: []Answer{{Question: "prosedur", Value: 3}}}
	r, faults := s.Check(d, directory.Zone(), noon())
	if faults != nil || r.Answers != "--3--------------" {
		t.Errorf("response = %+v, faults = %v", r, faults)
	}
	d.Answers = nil
	if _, faults := s.Check(d, directory.Zone(), noon()); len(faults) != 1 || faults[0].Code != "required" {
		t.Errorf("faults = %v, want one", faults)
	}
}

func TestAUnitWithOneServiceNeedsNoChoice(t *testing.T) {
	t.Parallel()
	directory, _ := assignment(t)
	s, err := directory.Resolve(point(t, directory, "TEST01"), "", noon())
	if err != nil {
		t.Fatal(err)
	}
	d := good(s.Form)
	d.Service = ""
	r, faults := s.Check(d, directory.Zone(), noon())
	if faults != nil || r.Service != "ktp" {
		t.Errorf("response = %+v, faults = %v", r, faults)
	}
}

// TestTheOrderOfAnswersChangesNothing is a law of Check.
func TestTheOrderOfAnswersChangesNothing(t *testing.T) {
	t.Parallel()
	directory, s := assignment(t)
	rapid.Check(t, func(t *rapid.T) {
		d := good(s.Form)
		for i := range d.Answers {
			d.Answers[i].Value = rapid.IntRange(1, 4).Draw(t, "value")
		}
		want, faults := s.Check(d, directory.Zone(), noon())
		if faults != nil {
			t.Fatal(faults)
		}
		d.Answers = rapid.Permutation(slices.Clone(d.Answers)).Draw(t, "order")
		got, faults := s.Check(d, directory.Zone(), noon())
		if faults != nil || !got.Same(want) || got.Receipt() != want.Receipt() {
			t.Errorf("got %+v, want %+v", got, want)
		}
	})
}

func TestMarksKeepEveryValue(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOf(rapid.IntRange(Declined, maxMark)).Draw(t, "values")
		m := MakeMarks(values)
		for i, v := range values {
			if m.At(i) != max(v, 0) || m.Declined(i) != (v == Declined) || m.Scores().At(i) != max(v, 0) || m.Scores().Declined(i) {
				t.Errorf("mark %d = %d, want %d", i, m.At(i), v)
			}
		}
		if m.At(len(values)) != 0 || m.At(-1) != 0 {
			t.Error("a mark beyond the end")
		}
	})
}

func TestARetryHasTheSameReceipt(t *testing.T) {
	t.Parallel()
	directory, s := assignment(t)
	a, _ := s.Check(good(s.Form), directory.Zone(), noon())
	later, _ := s.Check(good(s.Form), directory.Zone(), noon().Add(time.Hour))
	if a.Receipt() != later.Receipt() || !a.Same(later) {
		t.Error("a retry has another receipt")
	}
	if len(a.Receipt()) != 9 || a.Receipt()[4] != '-' {
		t.Errorf("receipt = %q, want ABCD-EFGH", a.Receipt())
	}
}
