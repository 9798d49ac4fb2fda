package storetest

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"persepsi/internal/manuscript"
	"persepsi/survey"
)

// manuscripts are versions, each once, and those of other reports are none of them.
func manuscripts(t *testing.T, e Engine) {
	open := e.New(t)
	s := handle(t, open)
	first := manuscript.Manuscript{
		Place: manuscript.Place{Period: "p", Unit: "u", Kind: "skm"}, Version: 1, Texts: map[string]manuscript.Text{"closing": {Body: "Satu.\n\nDua.", Instead: true}},
		Town: "Contoh", Day: "2 Juli 2026", Signers: []manuscript.Signer{{Office: "Kepala Dinas", Name: "Siti", Rank: "Pembina", Number: "1970"}},
		FollowUps: []manuscript.FollowUp{{Aspect: "sarana", Found: "Kursi kurang", Action: "Tambah kursi", By: "Subbag Umum", Until: "15 September", Status: "selesai"}},
		Comments:  []string{"1-2-9f0a11c2"}, By: "siti@kota.example", At: time.Date(2026, 7, 2, 3, 4, 5, 0, time.UTC),
	}
	second := first
	second.Version, second.Texts = 2, map[string]manuscript.Text{"closing": {Body: "Tiga."}}
	for _, step := range []struct {
		m    manuscript.Manuscript
		want survey.Code
	}{{second, survey.Conflict}, {first, ""}, {first, survey.Conflict}, {second, ""}, {second, survey.Conflict}} {
		if err := s.RecordManuscript(t.Context(), step.m); step.want == "" && err != nil || step.want != "" && survey.CodeOf(err) != step.want {
			t.Errorf("version %d: err = %v, want %q", step.m.Version, err, step.want)
		}
	}
	// Neither another report's versions nor another unit's are among them, however alike
	// their codes are.
	for _, at := range []manuscript.Place{
		{Period: "p", Unit: "u", Kind: "zi"}, {Period: "p", Unit: "u/skm", Kind: "skm"}, {Period: "p/u", Unit: "skm", Kind: "skm"}, {Period: "p", Unit: "v", Kind: "skm"},
	} {
		alike := first
		alike.Place = at
		if err := s.RecordManuscript(t.Context(), alike); err != nil {
			t.Errorf("%v: %v", at, err)
		}
	}
	again := handle(t, open)
	none := manuscript.Place{Period: "q", Unit: "u", Kind: "skm"}
	for _, one := range []struct {
		of      manuscript.Place
		version int
		want    manuscript.Manuscript
	}{{first.Place, 0, second}, {first.Place, 1, first}, {first.Place, 2, second}, {first.Place, 3, manuscript.Manuscript{Place: first.Place}}, {none, 0, manuscript.Manuscript{Place: none}}} {
		got, err := again.Manuscript(t.Context(), one.of, one.version)
		if diff := cmp.Diff(one.want, got); err != nil || diff != "" {
			t.Errorf("version %d of %v (-want +got), err = %v:\n%s", one.version, one.of, err, diff)
		}
	}
}
