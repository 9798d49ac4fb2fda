package handlers_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"persepsi/internal/access"
	"persepsi/internal/testkit"
)

// asking is a city with one question that may be declined, and one that may not.
const asking = `
instruments:
  - code: tanya
    version: 1
    title: Tanya
    intro: Tentang hari ini.
    questions:
      - {code: pungli, text: "Seberapa sering?", options: [Selalu, Sering, Jarang, Tidak pernah], declinable: true}
      - {code: ramah, text: "Seberapa ramah?", options: [A, B, C, D]}
      - {code: arah, text: "Diarahkan?", options: [Tidak, Ya], scored: false, declinable: true}
    indexes:
      - {code: ipak, aspects: [{code: pungli, name: Pungli, questions: [pungli]}, {code: ramah, name: Ramah, questions: [ramah]}]}
agencies:
  - {code: tanya, name: Dinas, units: [{code: tanya, name: Unit Tanya, points: [{code: TANYAX47, name: Pintu}]}]}
periods:
  - {code: tanya, name: Tanya, from: 2026-01-01, to: 2026-06-30, instrument: tanya, units: [tanya]}
`

const askingPath = "/api/v1/points/TANYAX47/responses"

func askingBody(t *testing.T, answers string) string {
	t.Helper()
	return `{"id": "` + uuid.NewString() + `", "consent": true, "answers": ` + answers + `}`
}

func TestNullDeclinesAnAnswerWhereTheFormAllowsIt(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	k.Apply(asking)
	for _, tc := range []struct {
		answers string
		status  int
		field   string
		code    string
	}{
		{`{"pungli": null, "ramah": 4}`, http.StatusCreated, "", ""},
		{`{"pungli": null, "ramah": 4, "arah": null}`, http.StatusCreated, "", ""},
		{`{"pungli": 4, "ramah": null}`, http.StatusUnprocessableEntity, "answers.ramah", "not_declinable"},
		{`{"ramah": 4}`, http.StatusUnprocessableEntity, "answers.pungli", "required"},
		{`{"pungli": 0, "ramah": 4}`, http.StatusUnprocessableEntity, "answers.pungli", "out_of_scale"},
		{`{"pungli": -1, "ramah": 4}`, http.StatusUnprocessableEntity, "answers.pungli", "out_of_scale"},
		{`{"pungli": "null", "ramah": 4}`, http.StatusUnprocessableEntity, "answers.pungli", "wrong_type"},
		{`{"pungli": false, "ramah": 4}`, http.StatusUnprocessableEntity, "answers.pungli", "wrong_type"},
		{`{"lain": null, "pungli": 4, "ramah": 4}`, http.StatusUnprocessableEntity, "answers.lain", "unknown_question"},
	} {
		r := k.PostJSON(askingPath, askingBody(t, tc.answers))
		var problem struct {
			Errors []struct{ Field, Code string }
		}
		if r.StatusCode != http.StatusCreated {
			r.JSON(&problem)
		}
		if r.StatusCode != tc.status || tc.field != "" && (len(problem.Errors) != 1 || problem.Errors[0].Field != tc.field || problem.Errors[0].Code != tc.code) {
			t.Errorf("%s: %d %+v, want %d %s %s", tc.answers, r.StatusCode, problem.Errors, tc.status, tc.field, tc.code)
		}
	}
	if stored := k.Stored(); len(stored) != 2 || stored[0].Answers != "04-" && stored[1].Answers != "04-" || stored[0].Answers != "040" && stored[1].Answers != "040" {
		t.Errorf("stored: %+v", stored)
	}
	// The same id with a blank's score is another answer.
	id := uuid.NewString()
	body := `{"id": "` + id + `", "consent": true, "answers": {"pungli": null, "ramah": 4}}`
	for _, of := range []struct {
		body   string
		status int
	}{{body, http.StatusCreated}, {body, http.StatusOK}, {strings.Replace(body, "null", "4", 1), http.StatusConflict}} {
		if r := k.PostJSON(askingPath, of.body); r.StatusCode != of.status {
			t.Errorf("%s: %d, want %d", of.body, r.StatusCode, of.status)
		}
	}
	var point struct {
		Questions []struct {
			Code       string
			Declinable *bool
		}
	}
	k.Get("/api/v1/points/TANYAX47").JSON(&point)
	for i, want := range []bool{true, false, true} {
		if q := point.Questions[i]; q.Declinable == nil || *q.Declinable != want {
			t.Errorf("the point tells of %s that it may be declined: %v, want %v", q.Code, q.Declinable, want)
		}
	}
}

func TestTheFormOffersToDeclineBelowTheScale(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	k.Apply(asking)
	for _, address := range []string{"/s/TANYAX47", "/s/TANYAX47?mode=kiosk", "/s/TANYAX47?mode=assisted", "/s/TANYAX47?lang=en"} {
		page := k.Get(address).HTML()
		label := "Tidak tahu / tidak ingin menjawab"
		if strings.Contains(address, "lang=en") {
			label = "Don't know / prefer not to say"
		}
		for code, want := range map[string]string{"pungli": label, "ramah": "D", "arah": label} {
			last := page.Find("#" + code + " .rows label").Last()
			if got := strings.TrimSpace(last.Text()); got != want || last.HasClass("apart") != (code != "ramah") {
				t.Errorf("%s: the last option of %s is %q, set apart %v", address, code, got, last.HasClass("apart"))
			}
		}
		if page.Find("form .note").First().Text() != "Tentang hari ini." {
			t.Errorf("%s: the form begins with %q, want what its instrument says first", address, page.Find("form .note").First().Text())
		}
		if n := page.Find("#pungli .rows label").Length(); n != 5 {
			t.Errorf("%s: %d options, want the four of the scale and one", address, n)
		}
		value, _ := page.Find("#pungli input").Last().Attr("value")
		_, required := page.Find("#pungli input").Last().Attr("required")
		if value != "null" || !required {
			t.Errorf("%s: the option sends %q, required %v", address, value, required)
		}
	}
	form := url.Values{"id": {uuid.NewString()}, "lang": {"id"}, "consent": {"1"}, "answers.pungli": {"null"}}
	again := k.PostForm("/s/TANYAX47", form)
	page := again.HTML()
	if checked, _ := page.Find("#pungli input[checked]").Attr("value"); again.StatusCode != http.StatusUnprocessableEntity || checked != "null" || page.Find(".fault").Length() != 1 {
		t.Errorf("%d: the form comes back with %q chosen and %d faults", again.StatusCode, checked, page.Find(".fault").Length())
	}
	form.Set("answers.ramah", "null")
	if r := k.PostForm("/s/TANYAX47", form); r.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(r.HTML().Find("#e-ramah").Text(), "Pilih salah satu jawaban") {
		t.Errorf("what may not be declined: %d %q", r.StatusCode, r.HTML().Find("#e-ramah").Text())
	}
	form.Set("answers.ramah", "4")
	if r := k.PostForm("/s/TANYAX47", form); r.StatusCode != http.StatusSeeOther {
		t.Errorf("with all answered: %d", r.StatusCode)
	}
	if stored := k.Stored(); len(stored) != 1 || stored[0].Answers != "04-" {
		t.Errorf("stored: %+v", stored)
	}
}

// Declined answers are for evaluators, while a period runs and after its close.
func TestOnlyEvaluatorsSeeHowManyDeclined(t *testing.T) {
	t.Parallel()
	now := testkit.Noon()
	k := testkit.New(t, testkit.City, func(d *testkit.Deps) { d.Now = func() time.Time { return now } })
	k.Apply(asking)
	for i := range 40 {
		answers := `{"pungli": 4, "ramah": 4}`
		if i%4 == 0 {
			answers = `{"pungli": null, "ramah": 4, "arah": null}`
		}
		if r := k.PostJSON(askingPath, askingBody(t, answers)); r.StatusCode != http.StatusCreated {
			t.Fatal(r.Text)
		}
	}
	type index struct {
		Aspects []struct {
			Code     string
			N        int64
			Declined *int64
		}
	}
	type results struct {
		State string
		Units []struct {
			Final    bool
			Declined map[string]int64
			Indexes  map[string]index
		}
		Agencies []struct{ Indexes map[string]index }
		City     struct{ Indexes map[string]index }
	}
	const path = "/api/v1/results?period=tanya"
	evaluator, manager := k.Key(access.Evaluator, ""), k.Key(access.Manager, "tanya")
	readers := map[access.Role]string{access.Evaluator: evaluator, access.Manager: manager, access.Admin: k.Key(access.Admin, "")}
	bound := map[access.Role]string{access.Manager: "tanya"}
	sheet := func(what string) {
		t.Helper()
		for role := range readers {
			cookie := k.SignIn(role, bound[role])
			r := visit(k, http.MethodGet, "/lke?period=tanya", cookie)
			if r.StatusCode != http.StatusOK || rows(r) != 1 {
				t.Fatalf("%s: %s sees %d rows, %d", what, role, rows(r), r.StatusCode)
			}
			unit := visit(k, http.MethodGet, "/lke/tanya?period=tanya", cookie)
			if role != access.Evaluator {
				for _, told := range []string{"tidak-dijawab", "tidak ingin menjawab", "Diarahkan?"} {
					if strings.Contains(r.Text+unit.Text, told) {
						t.Errorf("%s: the sheets tell a %s of declined answers", what, role)
					}
				}
				continue
			}
			link := r.HTML().Find("#tidak-dijawab [data-unit=tanya]")
			if told := text(link); told != "Unit Tanya terbanyak pada satu pertanyaan: 10 dari 40 orang (25,0 %)" {
				t.Errorf("%s: the sheet tells an evaluator %q", what, told)
			}
			if to := link.Find("a").AttrOr("href", ""); to != "/lke/tanya?period=tanya&lang=id#tidak-dijawab" {
				t.Errorf("%s: the sheet leads an evaluator to %s", what, to)
			}
			const want = "Seberapa sering? 10 dari 40 orang (25,0 %) Diarahkan? 10 dari 40 orang (25,0 %) Tidak: 0 · Ya: 0 · tidak diisi: 30"
			if told := text(unit.HTML().Find("#tidak-dijawab dl")); told != want {
				t.Errorf("%s: the unit's sheet tells an evaluator %q, want %q", what, told, want)
			}
		}
	}
	look := func(what string, final bool) {
		t.Helper()
		k.Refresh()
		var live results
		k.GetAs(evaluator, path).JSON(&live)
		u := live.Units[0]
		if live.State != "live" || u.Final != final || u.Declined["pungli"] != 10 || u.Declined["arah"] != 10 || len(u.Declined) != 2 {
			t.Errorf("%s: an evaluator sees %+v", what, u)
		}
		for name, x := range map[string]index{"unit": u.Indexes["ipak"], "agency": live.Agencies[0].Indexes["ipak"], "city": live.City.Indexes["ipak"]} {
			if a := x.Aspects; a[0].Declined == nil || *a[0].Declined != 10 || !final && a[0].N != 30 || a[1].Declined != nil {
				t.Errorf("%s, %s: %+v, want 10 declined beside 30", what, name, a)
			}
		}
		for _, key := range []string{"", manager} {
			for _, p := range []string{path, path + "&unit=tanya", "/hasil/tanya?period=tanya", "/api/v1/results/history?unit=tanya"} {
				r := k.Get(p)
				if key != "" {
					r = k.GetAs(key, p)
				}
				if r.StatusCode != http.StatusOK || strings.Contains(r.Text, "declined") || strings.Contains(r.Text, "tidak ingin menjawab") {
					t.Errorf("%s: %s tells of declined answers (%d)", what, p, r.StatusCode)
				}
			}
		}
		sheet(what)
	}
	look("running", false)
	now = time.Date(2026, 7, 2, 4, 0, 0, 0, time.UTC)
	look("closed", true)
}
