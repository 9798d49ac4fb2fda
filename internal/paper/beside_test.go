package paper

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"persepsi/survey"
)

func TestAFileThatRepeatsAnImportIsToldWhichAndWhatToDo(t *testing.T) {
	t.Parallel()
	id := uuid.New()
	r := &Reading{rows: map[uuid.UUID]int{id: 7}}
	for _, tc := range []struct {
		fault             survey.Fault
		field, code, says string
	}{
		{r.takenOut(id, 4), "baris 7, kolom id", "taken_out", "impor 4 yang sudah dibatalkan"},
		{r.conflict(id), "baris 7, kolom id", "conflict", "sudah tersimpan dengan isi lain"},
		{sameRows("loket", 3, survey.NewDate(2026, 3, 2)), "unit loket", "same_rows", "impor 3 (2026-03-02)"},
		{brokenOff("loket", 5), "unit loket", "broken_off", "impor 5 dengan jawaban yang sama terputus"},
	} {
		if f := tc.fault; f.Field != tc.field || f.Code != tc.code || !strings.Contains(f.Message, tc.says) || strings.ContainsAny(f.Message, "{}") {
			t.Errorf("%+v, want %s of %s that says %q", f, tc.code, tc.field, tc.says)
		}
	}
	if Refused(nil) != nil || survey.CodeOf(Refused([]survey.Fault{r.conflict(id)})) != survey.Invalid {
		t.Error("a file is refused by its faults alone")
	}
}

func TestOnlyTheSameAnswerIsNoClashWithOneThatIsStored(t *testing.T) {
	t.Parallel()
	same, other, gone := uuid.New(), uuid.New(), uuid.New()
	r := &Reading{rows: map[uuid.UUID]int{same: 2, other: 3, gone: 4}}
	for id := range r.rows {
		r.Responses = append(r.Responses, &survey.Response{ID: id, Unit: "loket"})
	}
	stored := []*survey.Response{{ID: same, Unit: "loket"}, {ID: other, Unit: "timur"}, {ID: gone, Unit: "loket"}}
	got := r.Clashes(stored, map[uuid.UUID]int{gone: 4})
	if want := []survey.Fault{r.conflict(other), r.takenOut(gone, 4)}; !reflect.DeepEqual(got, want) {
		t.Errorf("faults are %+v, want %+v", got, want)
	}
	if got := r.Clashes(nil, nil); len(got) != 0 {
		t.Errorf("nothing is stored: %+v", got)
	}
}

func TestAFileIsToldOfTheCodesThatUnitsHaveToday(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, time.March, 1, 23, 0, 0, 0, time.UTC)
	list := []survey.RepeatedImport{{Import: &survey.Import{Serial: 3, At: at, Done: true}, Of: "lama"}, {Import: &survey.Import{Serial: 5}, Of: "timur"}}
	today := func(unit string) string { return map[string]string{"lama": "baru"}[unit] + unit }
	got := RepeatedFaults(list, today, time.FixedZone("WIB", 7*60*60))
	if want := []survey.Fault{sameRows("barulama", 3, survey.NewDate(2026, 3, 2)), brokenOff("timur", 5)}; !reflect.DeepEqual(got, want) {
		t.Errorf("faults are %+v, want %+v", got, want)
	}
}

func TestAFileBringsItsRowsOfEachUnit(t *testing.T) {
	t.Parallel()
	r := &Reading{Responses: []*survey.Response{{Unit: "b"}, {Unit: "a"}, {Unit: "b"}}, Digests: map[string][32]byte{"a": {0xaa}, "b": {0xbb}}}
	got := r.Brought()
	if len(got) != 2 || got[0].Unit != "a" || got[0].Rows != 1 || got[0].Digest[:4] != "aa00" || got[1].Rows != 2 || got[1].Digest[:4] != "bb00" {
		t.Errorf("it brings %+v", got)
	}
}
