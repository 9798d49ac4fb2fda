package lke

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"persepsi/analytics"
	"persepsi/internal/audit"
	"persepsi/survey"
)

// memoryStore keeps one unit's entries.
type memoryStore struct {
	list []analytics.Evaluation
	said []audit.Entry
}

func (s *memoryStore) RecordEvaluation(_ context.Context, e analytics.Evaluation, said ...audit.Entry) error {
	s.list, s.said = append(s.list, e), append(s.said, said...)
	return nil
}

func (s *memoryStore) RecordEvaluations(_ context.Context, list []analytics.Evaluation, said []audit.Entry) error {
	s.list, s.said = append(s.list, list...), append(s.said, said...)
	return nil
}

func (s *memoryStore) EvaluationHistory(context.Context, string, string) ([]analytics.Evaluation, error) {
	return s.list, nil
}

func entriesOver(t *testing.T, list ...analytics.Evaluation) (*Entries, *memoryStore) {
	t.Helper()
	table, err := analytics.LoadLKE()
	if err != nil {
		t.Fatal(err)
	}
	s := &memoryStore{list: list}
	return &Entries{Store: s, Table: table, Now: func() time.Time { return time.Unix(9, 0) }, Check: func(e analytics.Evaluation) error {
		var in analytics.LKEInput
		if err := in.Enter(e); err != nil {
			return err
		}
		_, err := table.Score(in)
		return err
	}}, s
}

func pointer[T any](v T) *T { return &v }

// first is an entry that is there already.
func first() analytics.Evaluation {
	return analytics.Evaluation{Period: "p", Unit: "u", Version: 1, Achievement: "B", Areas: map[string]string{"sdm": "7.5"}, Who: "TPI", Why: "awal", Key: "k"}
}

func TestWhatADraftMakesOfTheEntryBefore(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name                       string
		draft                      Draft
		achievement, total, areas  string
		changed                    string
		changedBefore, changedInto string
	}{
		{"nothing is told", Draft{}, "B", "", "sdm=7.5", "", "", ""},
		{"another level", Draft{Achievement: pointer("A")}, "A", "", "sdm=7.5", "capaian_kinerja", "B", "A"},
		{"the level is taken back", Draft{Achievement: pointer("")}, "", "", "sdm=7.5", "capaian_kinerja", "B", ""},
		{"an area is added", Draft{Pengungkit: &Pengungkit{Areas: map[string]string{"sdm": "7.5", "tatalaksana": "5"}}}, "B", "", "sdm=7.5 tatalaksana=5", "pengungkit.tatalaksana", "", "5"},
		{"an area is taken back", Draft{Pengungkit: &Pengungkit{Areas: map[string]string{"sdm": ""}}}, "B", "", "", "pengungkit.sdm", "7.5", ""},
		{"a total beside the areas", Draft{Pengungkit: &Pengungkit{Total: "40", Areas: map[string]string{"sdm": "7.5"}}}, "B", "40", "sdm=7.5", "pengungkit", "", "40"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			entries, store := entriesOver(t, first())
			tc.draft.Period, tc.draft.Unit, tc.draft.Actor, tc.draft.Who, tc.draft.Why, tc.draft.Version = "p", "u", "kunci", " Budi ", " berita acara 12 ", pointer(1)
			got, err := entries.Record(t.Context(), tc.draft)
			if err != nil {
				t.Fatal(err)
			}
			want := analytics.Evaluation{Period: "p", Unit: "u", Version: 2, Achievement: tc.achievement, Pengungkit: tc.total, Who: "Budi", Why: "berita acara 12", Key: "kunci", At: time.Unix(9, 0).UTC()}
			for pair := range strings.FieldsSeq(tc.areas) {
				if want.Areas == nil {
					want.Areas = map[string]string{}
				}
				code, points, _ := strings.Cut(pair, "=")
				want.Areas[code] = points
			}
			if diff := cmp.Diff(want, got); diff != "" || len(store.list) != 2 {
				t.Errorf("%d entries (-want +got):\n%s", len(store.list), diff)
			}
			var changes []audit.Change
			if tc.changed != "" {
				changes = []audit.Change{{What: tc.changed, Before: tc.changedBefore, After: tc.changedInto}}
			}
			if diff := cmp.Diff(changes, store.said[0].Changes); diff != "" || store.said[0].Actor != "kunci" || store.said[0].Reason != "berita acara 12" {
				t.Errorf("the audit is told by %+v (-want +got):\n%s", store.said[0], diff)
			}
		})
	}
}

func TestNothingIsStoredOfADraftThatBreaksARule(t *testing.T) {
	t.Parallel()
	good := Draft{Period: "p", Unit: "u", Actor: "Al", Who: "Al", Why: "uji", Version: pointer(1)}
	change := func(f func(*Draft)) Draft {
		d := good
		f(&d)
		return d
	}
	areas := func(code, points string) Draft {
		return change(func(d *Draft) { d.Pengungkit = &Pengungkit{Areas: map[string]string{code: points}} })
	}
	for _, tc := range []struct {
		name   string
		draft  Draft
		code   survey.Code
		fields string
	}{
		{"good, by a person with a short name", good, "", ""},
		{"somebody else with a short name", change(func(d *Draft) { d.Who = "Bo" }), survey.Invalid, "who"},
		{"no reason", change(func(d *Draft) { d.Why = "  a  " }), survey.Invalid, "why"},
		{"a reason too long", change(func(d *Draft) { d.Why = strings.Repeat("é", MostWords+1) }), survey.Invalid, "why"},
		{"the longest reason", change(func(d *Draft) { d.Why = strings.Repeat("é", MostWords) }), "", ""},
		{"a level that there is not", change(func(d *Draft) { d.Achievement = pointer("F") }), survey.Invalid, "capaian_kinerja"},
		{"more points than the area has", areas("sdm", "10.01"), survey.Invalid, "pengungkit.sdm"},
		{"less than none", areas("sdm", "-0.5"), survey.Invalid, "pengungkit.sdm"},
		{"no number", areas("sdm", "delapan"), survey.Invalid, "pengungkit.sdm"},
		{"an area that there is not", areas("lain", "1"), survey.Invalid, "pengungkit.lain"},
		{"several faults at once", change(func(d *Draft) { d.Why, d.Achievement = "", pointer("F") }), survey.Invalid, "why capaian_kinerja"},
		{"a fault of its reading", change(func(d *Draft) { d.Faults = []survey.Fault{{Field: "pengungkit"}} }), survey.Invalid, "pengungkit"},
		{"an older version", change(func(d *Draft) { d.Version = pointer(0) }), survey.Conflict, ""},
		{"a version that is not there yet", change(func(d *Draft) { d.Version = pointer(2) }), survey.Conflict, ""},
		{"no version", change(func(d *Draft) { d.Version = nil }), survey.VersionRequired, ""},
		{"no version, and a fault", change(func(d *Draft) { d.Version, d.Why = nil, "" }), survey.Invalid, "why"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			entries, store := entriesOver(t, first())
			_, err := entries.Record(t.Context(), tc.draft)
			var e *survey.Error
			var fields []string
			if errors.As(err, &e) {
				for _, f := range e.Faults {
					fields = append(fields, f.Field)
				}
			}
			if (err == nil) != (tc.code == "") || err != nil && survey.CodeOf(err) != tc.code || strings.Join(fields, " ") != tc.fields {
				t.Errorf("err = %v at %q, want %q at %q", err, fields, tc.code, tc.fields)
			}
			if stored := len(store.list) == 2; stored != (tc.code == "") {
				t.Errorf("stored: %v", stored)
			}
		})
	}
}

func TestAHistoryTellsWhatEachEntryChanged(t *testing.T) {
	t.Parallel()
	one := first()
	two, three := one, one
	two.Version, two.Achievement, two.Areas, two.Who = 2, "A", map[string]string{"sdm": "7.5", "pengawasan": "11"}, "Sari"
	three.Version, three.Achievement, three.Areas, three.Who = 3, "A", map[string]string{"pengawasan": "12"}, "Budi"
	steps := Steps([]analytics.Evaluation{one, two, three})
	want := [][]audit.Change{
		{{What: "pengungkit.pengawasan", Before: "11", After: "12"}, {What: "pengungkit.sdm", Before: "7.5"}},
		{{What: "capaian_kinerja", Before: "B", After: "A"}, {What: "pengungkit.pengawasan", After: "11"}},
		{{What: "capaian_kinerja", After: "B"}, {What: "pengungkit.sdm", After: "7.5"}},
	}
	for i, s := range steps {
		if diff := cmp.Diff(want[i], s.Changes); diff != "" || s.Version != 3-i {
			t.Errorf("version %d (-want +got):\n%s", s.Version, diff)
		}
	}
	for since, told := range map[int]map[string]string{
		0: {"capaian_kinerja": "Sari", "pengungkit.sdm": "Budi", "pengungkit.pengawasan": "Budi"},
		1: {"capaian_kinerja": "Sari", "pengungkit.sdm": "Budi", "pengungkit.pengawasan": "Budi"},
		2: {"pengungkit.sdm": "Budi", "pengungkit.pengawasan": "Budi"}, 3: {},
	} {
		got := map[string]string{}
		for field, s := range LastChange(steps, since) {
			got[field] = s.Who
		}
		if diff := cmp.Diff(told, got); diff != "" {
			t.Errorf("since version %d (-want +got):\n%s", since, diff)
		}
	}
}

func TestAFormThatIsSentTwiceIsTheEntryThatItBecame(t *testing.T) {
	t.Parallel()
	good := Draft{Period: "p", Unit: "u", Actor: "k", Who: "k", Why: "uji", Version: pointer(1), Achievement: pointer("A"), Pengungkit: &Pengungkit{Areas: map[string]string{"sdm": "8"}}}
	entries, store := entriesOver(t, first())
	if _, err := entries.Record(t.Context(), good); err != nil {
		t.Fatal(err)
	}
	for name, tc := range map[string]struct {
		change func(*Draft)
		want   bool
	}{
		"the same":                   {func(*Draft) {}, true},
		"by somebody else":           {func(d *Draft) { d.Actor = "l" }, false},
		"found by another":           {func(d *Draft) { d.Who = "TPI" }, false},
		"another reason":             {func(d *Draft) { d.Why = "lain" }, false},
		"another level":              {func(d *Draft) { d.Achievement = pointer("B") }, false},
		"another area":               {func(d *Draft) { d.Pengungkit = &Pengungkit{Areas: map[string]string{"sdm": "9"}} }, false},
		"over an older entry":        {func(d *Draft) { d.Version = pointer(0) }, false},
		"over the newest":            {func(d *Draft) { d.Version = pointer(2) }, false},
		"over nothing that it names": {func(d *Draft) { d.Version = nil }, false},
		"with a fault":               {func(d *Draft) { d.Faults = []survey.Fault{{Field: "pengungkit"}} }, false},
	} {
		d := good
		tc.change(&d)
		if got := d.Is(Steps(store.list)); got != tc.want {
			t.Errorf("%s: %v, want %v", name, got, tc.want)
		}
	}
	if good.Is(nil) {
		t.Error("it is there where nothing is")
	}
	good.Version, good.Why = pointer(0), first().Why
	if good.Is(Steps(store.list[:1])) {
		t.Error("the first entry is taken for another")
	}
}

func TestRemarksStayUnlessToldAndTheAuditHasNoneOfTheirWords(t *testing.T) {
	t.Parallel()
	old := first()
	old.Remarks = map[string]string{"catatan.I.b": "IKU menurut Bu Sari", "tpi.capaian_kinerja": "B"}
	entries, store := entriesOver(t, old)
	for i, tc := range []struct{ told, want map[string]string }{
		{nil, old.Remarks},
		{map[string]string{"tpn.catatan.total": "cukup"}, map[string]string{"catatan.I.b": "IKU menurut Bu Sari", "tpi.capaian_kinerja": "B", "tpn.catatan.total": "cukup"}},
		{map[string]string{"catatan.I.b": "", "tpi.capaian_kinerja": "C"}, map[string]string{"tpi.capaian_kinerja": "C", "tpn.catatan.total": "cukup"}},
		{map[string]string{"tpn.catatan.total": "", "tpi.capaian_kinerja": ""}, nil},
	} {
		e, err := entries.Record(t.Context(), Draft{Period: "p", Unit: "u", Actor: "k", Who: "k", Why: "uji", Version: pointer(i + 1), Remarks: tc.told})
		if diff := cmp.Diff(tc.want, e.Remarks); err != nil || diff != "" {
			t.Errorf("%d: %v (-want +got):\n%s", i, err, diff)
		}
	}
	if got := old.Remarks["catatan.I.b"]; got != "IKU menurut Bu Sari" {
		t.Errorf("the older entry changed to %q", got)
	}
	if got := store.said[1].Changes; len(got) != 1 || !strings.HasPrefix(got[0].After, "5 characters, SHA-256 ") {
		t.Errorf("of a team's note the audit is told %+v", got)
	}
	got := store.said[2].Changes
	if len(got) != 2 || got[1] != (audit.Change{What: "tpi.capaian_kinerja", Before: "B", After: "C"}) || got[0].After != "" || !strings.HasPrefix(got[0].Before, "19 characters, SHA-256 ") || strings.Contains(got[0].Before, "Sari") {
		t.Errorf("the audit is told %+v", got)
	}
	if told := Steps(store.list)[1].Changes[0]; told.Before != "IKU menurut Bu Sari" {
		t.Errorf("the history tells %+v", told)
	}
}

func TestRemarksThatBreakARuleAreNamed(t *testing.T) {
	t.Parallel()
	for field, tc := range map[string]struct{ good, bad string }{
		"catatan.hasil":       {strings.Repeat("é", MostNote), strings.Repeat("é", MostNote+1)},
		"tpn.catatan.I.a":     {"dua\nbaris,\tsatu kolom", "a\x00b"},
		"tpi.catatan.I.a":     {"a", "a\xffb"},
		"tpi.capaian_kinerja": {"E", "F"},
		"tpi.pengungkit":      {"60", "60.01"},
		"tpn.pengungkit.sdm":  {"0", "-1"},
		"tpi.pengungkit.sdm":  {"10", "10.01"},
		"tpn.pengungkit":      {"1", "satu"},
		"tpi.hasil":           {"", "1"},
		"capaian_kinerja":     {"", "A"},
	} {
		for text, want := range map[string]string{tc.good: "", tc.bad: field} {
			entries, store := entriesOver(t, first())
			_, err := entries.Record(t.Context(), Draft{Period: "p", Unit: "u", Actor: "k", Who: "k", Why: "uji", Version: pointer(1), Remarks: map[string]string{field: text}})
			got := ""
			if e := new(survey.Error); errors.As(err, &e) {
				got = e.Faults[0].Field
			}
			if got != want || (len(store.list) == 2) != (want == "") {
				t.Errorf("%s %.20q: %v", field, text, err)
			}
		}
	}
}

// A table may lose a row; what stands there hinders nobody who enters something else.
func TestRemarksThatWereTakenOnceAreNotJudgedAgain(t *testing.T) {
	t.Parallel()
	old := first()
	old.Remarks = map[string]string{"catatan.lama": "x"}
	entries, _ := entriesOver(t, old)
	if e, err := entries.Record(t.Context(), of("u", 1)); err != nil || e.Remarks["catatan.lama"] != "x" {
		t.Errorf("%+v, %v", e, err)
	}
}

func TestEntriesThatAreTooLargeTogetherAreRefusedBeforeAnyIsStored(t *testing.T) {
	t.Parallel()
	entries, store := entriesOver(t)
	var drafts []Draft
	note := strings.Repeat("😀", MostNote)
	remarks := map[string]string{}
	for _, c := range SheetCells(entries.Table) {
		if c.Note {
			remarks[c.Field] = note
		}
	}
	each := len(remarks) * len(note)
	for n := range MostTogether/each + 1 {
		drafts = append(drafts, Draft{Period: "p", Unit: fmt.Sprint(n), Actor: "k", Who: "k", Why: "uji", Version: new(int), Remarks: remarks})
	}
	if _, err := entries.RecordAll(t.Context(), drafts); survey.CodeOf(err) != survey.TooLarge || len(store.list) != 0 {
		t.Errorf("%v; %d are stored", err, len(store.list))
	}
	if _, err := entries.RecordAll(t.Context(), drafts[1:]); err != nil || len(store.list) != len(drafts)-1 {
		t.Errorf("one fewer: %v; %d are stored", err, len(store.list))
	}
}
