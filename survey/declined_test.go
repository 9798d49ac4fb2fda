package survey

import (
	"strings"
	"testing"

	"github.com/google/uuid"
)

// declinable declares an instrument of a question that may be declined, one that may
// not, and one that nobody need answer.
const declinable = cityYAML + `
  - {code: tanya, from: 2026-01-01, to: 2026-06-30, instrument: tanya, overlaps: [2026-s1]}
instruments:
  - code: tanya
    version: 1
    title: Tanya
    questions:
      - {code: pungli, text: Pungli, options: [A, B, C, D], declinable: true}
      - {code: ramah, text: Ramah, options: [A, B, C, D]}
      - {code: arah, text: Arah, options: [Tidak, Ya], scored: false, declinable: true}
    indexes:
      - {code: ipak, aspects: [{code: pungli, name: Pungli, questions: [pungli]}, {code: ramah, name: Ramah, questions: [ramah]}]}
`

func declinableForm(t *testing.T) (*Directory, Assignment) {
	t.Helper()
	lib, methods := testLibrary(t)
	d, err := NewDirectory(mustApply(t, &Catalogue{}, declinable), lib, methods)
	if err != nil {
		t.Fatal(err)
	}
	a, err := d.Resolve(point(t, d, "DK01"), "tanya", noon())
	if err != nil {
		t.Fatal(err)
	}
	return d, a
}

func TestAQuestionIsDeclinedWhereItsInstrumentAllowsIt(t *testing.T) {
	t.Parallel()
	d, s := declinableForm(t)
	no := Answer{Question: "pungli", Declined: true}
	for _, tc := range []struct {
		name    string
		answers []Answer
		paper   bool
		marks   Marks
		faults  string
	}{
		{"declined", []Answer{no, {Question: "ramah", Value: 4}}, false, "04-", ""},
		{"an unscored one", []Answer{{Question: "pungli", Value: 1}, {Question: "ramah", Value: 4}, {Question: "arah", Declined: true}}, false, "140", ""},
		{"left out, though required", []Answer{{Question: "ramah", Value: 4}}, false, "", "answers.pungli required"},
		{"one that must be answered", []Answer{no, {Question: "ramah", Declined: true}}, false, "", "answers.ramah not_declinable"},
		{"declined and answered", []Answer{no, {Question: "ramah", Value: 4}, {Question: "pungli", Value: 4}}, false, "", "answers.pungli duplicate_key"},
		{"answered and declined", []Answer{{Question: "pungli", Value: 4}, {Question: "ramah", Value: 4}, no}, false, "", "answers.pungli duplicate_key"},
		{"declined twice", []Answer{no, no, {Question: "ramah", Value: 4}}, false, "", "answers.pungli duplicate_key"},
		{"a value is not read beside it", []Answer{{Question: "pungli", Declined: true, Value: 9}, {Question: "ramah", Value: 4}}, false, "04-", ""},
		{"nought is no score", []Answer{{Question: "pungli"}, {Question: "ramah", Value: 4}}, false, "", "answers.pungli out_of_scale"},
		{"nor is the number that stands for it inside", []Answer{{Question: "pungli", Value: Declined}, {Question: "ramah", Value: 4}}, false, "", "answers.pungli out_of_scale"},
		{"on paper", []Answer{no}, true, "0--", ""},
		{"a blank on paper", []Answer{{Question: "ramah", Value: 4}}, true, "-4-", ""},
	} {
		draft := &Draft{ID: "0197a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b", Service: "ktp", Consent: true, Answers: tc.answers}
		at := s
		if tc.paper {
			at.Point = nil
		}
		r, faults := at.Check(draft, d.Zone(), noon())
		var told []string
		for _, f := range faults {
			told = append(told, f.Field+" "+f.Code)
		}
		if got := strings.Join(told, ", "); got != tc.faults {
			t.Errorf("%s: faults %q, want %q", tc.name, got, tc.faults)
		}
		if r != nil && (r.Answers != tc.marks || tc.faults != "") {
			t.Errorf("%s: kept as %q, want %q", tc.name, r.Answers, tc.marks)
		}
	}
}

func TestADeclinedAnswerIsAnotherThanABlank(t *testing.T) {
	t.Parallel()
	declined := fullResponse()
	declined.Answers = "0444"
	blank := *declined
	blank.Answers = "-444"
	if declined.Same(&blank) || declined.Answers.At(0) != 0 || declined.Answers.Scores() != blank.Answers {
		t.Errorf("%q and %q are the same answer, or differ in a score", declined.Answers, blank.Answers)
	}
}

func TestADeclinedAnswerSentAgainIsARetry(t *testing.T) {
	t.Parallel()
	d, s := declinableForm(t)
	draft := &Draft{ID: uuid.NewString(), Service: "ktp", Consent: true, Answers: []Answer{{Question: "pungli", Declined: true}, {Question: "ramah", Value: 4}}}
	stored, faults := s.Check(draft, d.Zone(), noon())
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	if !d.IsRetry(draft, s.Place, stored) {
		t.Error("the same answer sent again is no retry")
	}
	draft.Answers[0] = Answer{Question: "pungli", Value: 4}
	if d.IsRetry(draft, s.Place, stored) {
		t.Error("another answer is a retry")
	}
}

func TestWhetherAQuestionMayBeDeclinedIsPartOfWhatIsPublished(t *testing.T) {
	t.Parallel()
	now := mustApply(t, &Catalogue{}, declinable)
	text, err := Declaration(now)
	if err != nil {
		t.Fatal(err)
	}
	lib, methods := testLibrary(t)
	if a, err := Apply(now, text, lib, methods, codes(), nil, 0); err != nil || a.Changed {
		t.Errorf("what was dumped and applied again changed something: %v", err)
	}
	_, err = Apply(now, []byte(strings.Replace(declinable, "D], declinable: true", "D]", 1)), lib, methods, codes(), nil, 0)
	if err == nil || !strings.Contains(err.Error(), `questions.pungli.declinable is "false", it was "true"`) {
		t.Errorf("err = %v, want that the published version never changes", err)
	}
	_, err = Apply(now, []byte(strings.Replace(declinable, "D], declinable: true", "D], declinable: maybe", 1)), lib, methods, codes(), nil, 0)
	if err == nil || !strings.Contains(err.Error(), "instruments[0].questions[0].declinable") {
		t.Errorf("err = %v, want that it must be true or false", err)
	}
}
