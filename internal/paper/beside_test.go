package paper

import (
	"strings"
	"testing"

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
		{r.TakenOut(id, 4), "baris 7, kolom id", "taken_out", "impor 4 yang sudah dibatalkan"},
		{r.Conflict(id), "baris 7, kolom id", "conflict", "sudah tersimpan dengan isi lain"},
		{SameRows("loket", 3, survey.NewDate(2026, 3, 2)), "unit loket", "same_rows", "impor 3 (2026-03-02)"},
		{BrokenOff("loket", 5), "unit loket", "broken_off", "impor 5 dengan jawaban yang sama terputus"},
	} {
		if f := tc.fault; f.Field != tc.field || f.Code != tc.code || !strings.Contains(f.Message, tc.says) || strings.ContainsAny(f.Message, "{}") {
			t.Errorf("%+v, want %s of %s that says %q", f, tc.code, tc.field, tc.says)
		}
	}
	if Refused(nil) != nil || survey.CodeOf(Refused([]survey.Fault{r.Conflict(id)})) != survey.Invalid {
		t.Error("a file is refused by its faults alone")
	}
}
