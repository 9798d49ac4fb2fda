package lkebook_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"persepsi/analytics"
	"persepsi/internal/audit"
	"persepsi/internal/lke"
	"persepsi/internal/lkebook"
	"persepsi/survey"
)

// entering is a sheet of the unit u that enters a value, made of version 1.
func entering(field, value string) lkebook.Sheet {
	return lkebook.Sheet{Name: "u", Period: "p", Unit: "u", Version: 1, Entered: map[string]string{field: value}, Cells: map[string]string{field: "K9"}}
}

func TestOnlyAnotherValueIsADifferenceAndNothingIsNoZero(t *testing.T) {
	t.Parallel()
	const note = "catatan.I.a"
	for _, tc := range []struct {
		field, ours, theirs string
		differs             bool
	}{
		{"pengungkit.sdm", "7.50", "7.5", false},
		{"pengungkit.sdm", "7.5", "7.25", true},
		{"pengungkit.sdm", "", "0", true},
		{"pengungkit.sdm", "0", "", true},
		{lke.Achievement, "B", "B", false},
		{lke.Achievement, "", "E", true},
		{note, "1.50", "1.5", true}, // a text
		{note, "1.50", "1.50", false},
	} {
		e := analytics.Evaluation{Version: 1}
		switch tc.field {
		case note:
			e.Remarks = map[string]string{note: tc.ours}
		case lke.Achievement:
			e.Achievement = tc.ours
		default:
			e.Areas = map[string]string{"sdm": tc.ours}
		}
		changes, err := lkebook.Compare(t.Context(), []lkebook.Sheet{entering(tc.field, tc.theirs)}, town{"u"}, memoryStore{"u": {e}})
		if err != nil {
			t.Fatal(told(err))
		}
		var got []lkebook.Difference
		for _, c := range changes {
			got = append(got, c.Differences...)
			if c.Unit == nil || c.Unit.Code != "u" || len(c.Steps) != 1 || c.Steps[0].Version != 1 {
				t.Errorf("the change is of %v, with the steps %v", c.Unit, c.Steps)
			}
		}
		var want []lkebook.Difference
		if tc.differs {
			want = []lkebook.Difference{{Sheet: "u", Cell: "K9", Field: tc.field, Ours: tc.ours, Theirs: tc.theirs}}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s, %q over %q (-want +got):\n%s", tc.field, tc.theirs, tc.ours, diff)
		}
	}
}

// renamed knows the unit u by a former code too.
type renamed struct{ town }

func (r renamed) Unit(code string) (survey.Place, bool) {
	if code == "dulu" {
		code = "u"
	}
	return r.town.Unit(code)
}

// apart has periods in which u takes no part.
type apart struct{ town }

func (apart) Period(code string) (*survey.Period, bool) {
	return &survey.Period{Code: code, Units: []string{"v"}}, true
}

func TestASheetIsOfAUnitOfThePeriodByItsKeyAlone(t *testing.T) {
	t.Parallel()
	for unit, places := range map[string]lkebook.Places{"dulu": renamed{town{"u"}}, "u": apart{town{"u"}}, "w": town{"u"}} {
		s := entering(lke.Achievement, "A")
		s.Unit = unit
		_, err := lkebook.Compare(t.Context(), []lkebook.Sheet{s}, places, memoryStore{})
		if got, want := told(err), "invalid; u!V3 unknown_unit"; got != want {
			t.Errorf("of %s it says %q, want %q", unit, got, want)
		}
	}
	if _, err := lkebook.Compare(t.Context(), []lkebook.Sheet{entering(lke.Achievement, "A")}, town{"u"}, away{}); !errors.Is(err, errAway) {
		t.Errorf("without a store: %v", err)
	}
}

func TestWhatWasShownIsTakenOnlyAsItIsWritten(t *testing.T) {
	t.Parallel()
	sheets := func(change func(list []lkebook.Sheet)) string {
		list := []lkebook.Sheet{entering("tpi.pengungkit", "40.25"), entering("catatan.I.a", "SK")}
		list[1].Unit = "v"
		change(list)
		text, err := json.Marshal(list)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	right := sheets(func([]lkebook.Sheet) {})
	many := func(n int) string {
		list := make([]lkebook.Sheet, n)
		for i := range list {
			list[i].Unit = fmt.Sprint(i)
		}
		text, err := json.Marshal(list)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	for name, text := range map[string]string{
		"what was shown": right, "of no version": sheets(func(l []lkebook.Sheet) { l[0].Version = 0 }),
		"taken back": strings.Replace(right, "40.25", "", 1), "as many sheets as a workbook has": many(lkebook.MaxSheets),
		"a level": sheets(func(l []lkebook.Sheet) { l[0] = entering("tpi.capaian_kinerja", "E") }),
	} {
		if _, err := lkebook.ReadSeen(text, table(t)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, text := range map[string]string{
		"nothing": "", "no list": "{}", "a field that there is not": strings.Replace(right, `"Name"`, `"Nama"`, 1),
		"something after it": right + right, "more sheets": many(lkebook.MaxSheets + 1),
		"a unit twice":        sheets(func(l []lkebook.Sheet) { l[1].Unit = "u" }),
		"a version below 0":   sheets(func(l []lkebook.Sheet) { l[0].Version = -1 }),
		"a cell of nothing":   sheets(func(l []lkebook.Sheet) { l[0].Cells["tpi.capaian_kinerja"] = "P17" }),
		"another cell":        sheets(func(l []lkebook.Sheet) { l[0].Cells = map[string]string{"tpi.capaian_kinerja": "P17"} }),
		"no cell of the book": sheets(func(l []lkebook.Sheet) { l[0] = entering("hasil", "1") }),
		"no number":           strings.Replace(right, "40.25", "banyak", 1),
		"another notation":    strings.Replace(right, "40.25", "40.250", 1),
		"a level":             sheets(func(l []lkebook.Sheet) { l[0] = entering("tpi.capaian_kinerja", "F") }),
		"space around a note": strings.Replace(right, "SK", " SK", 1),
		"a note of no text":   sheets(func(l []lkebook.Sheet) { l[1].Entered["catatan.I.a"] = "a\u202eb" }),
	} {
		if _, err := lkebook.ReadSeen(text, table(t)); survey.CodeOf(err) != survey.Malformed {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// broken is a store that can be read and takes nothing.
type broken struct {
	memoryStore
	err error
}

func (b broken) RecordEvaluations(context.Context, []analytics.Evaluation, []audit.Entry) error {
	return b.err
}

func TestWhatIsNotTakenIsAnError(t *testing.T) {
	t.Parallel()
	level := "C"
	changes := func() []lkebook.Change {
		return []lkebook.Change{{
			Unit:        &survey.Unit{Code: "u"},
			Draft:       lke.Draft{Period: "p", Unit: "u", Version: new(int), Achievement: &level},
			Differences: []lkebook.Difference{{Sheet: "lembar u", Cell: "K17", Field: lke.Achievement}},
		}}
	}
	check := func(analytics.Evaluation) error { return nil }
	entries := &lke.Entries{Now: time.Now, Table: table(t), Check: func(e analytics.Evaluation) error { return check(e) }}
	for name, want := range map[string]error{
		"a store that fails":              errAway,
		"a store that is busy":            survey.Errorf(survey.Unavailable, "busy"),
		"entries that can't be kept":      &survey.Error{Code: survey.Invalid, Faults: []survey.Fault{{Field: "u", Code: "together"}}},
		"a conflict of nothing that went": &survey.Error{Code: survey.Conflict, Faults: []survey.Fault{{Field: "v", Code: "conflict"}}},
	} {
		entries.Store = broken{memoryStore{}, want}
		if _, err := lkebook.Take(t.Context(), entries, changes(), "Sari", "Sari", "rapat TPI"); !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", name, err, want)
		}
	}
	// What is wrong with a field that the workbook did not change has no cell: its unit is named.
	check = func(analytics.Evaluation) error {
		return survey.Faulty("no", []survey.Fault{{Field: lke.Achievement, Code: "level"}, {Field: lke.Total, Code: "out_of_range"}})
	}
	both := append(changes(), changes()...)
	both[1].Unit, both[1].Draft.Unit = &survey.Unit{Code: "v"}, "v"
	both[1].Differences[0].Sheet = "lembar v"
	_, err := lkebook.Take(t.Context(), entries, both, "k", "", "")
	want := "invalid; who required; why required; lembar u!K17 level; u, pengungkit out_of_range; lembar v!K17 level; v, pengungkit out_of_range"
	if got := told(err); got != want {
		t.Errorf("it says %q, want %q", got, want)
	}
}
