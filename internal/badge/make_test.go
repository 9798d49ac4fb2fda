package badge_test

import (
	"slices"
	"testing"
	"time"

	"persepsi/analytics"
	"persepsi/internal/badge"
	"persepsi/internal/report"
	"persepsi/internal/sheet"
	"persepsi/internal/wording"
	"persepsi/survey"
)

// read is what a unit published: a final IKM of 86.02 that answers suffice for.
func read() *sheet.Input {
	x := &wording.NamedIndex{Code: "ikm", Index: &analytics.Index{Answered: 333, Shown: "86.02", Mutu: "B", Kinerja: "baik", Adequate: true, AspectsAnswered: 9, AspectsAll: 9}}
	return &sheet.Input{
		City: &survey.City{}, Place: survey.Place{Unit: &survey.Unit{Name: "Loket"}}, Period: &survey.Period{Name: "Semester I"}, Form: &survey.Form{}, Zone: time.UTC,
		Result:  &report.UnitResult{Final: true, Released: &analytics.ReleasedTally{AsOf: time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC)}},
		Indexes: []*wording.NamedIndex{x},
	}
}

func speaker(t *testing.T) *wording.Speaker {
	t.Helper()
	said, err := wording.Load()
	if err != nil {
		t.Fatal(err)
	}
	return said.In("id")
}

// A badge says what the release says, in the words that are true of it.
func TestABadgeSaysWhatTheReleaseSays(t *testing.T) {
	t.Parallel()
	s := speaker(t)
	final := badge.Badge{
		Lang: "id", Title: "Indeks Kepuasan Masyarakat (IKM): Loket", Short: "IKM", Value: "86,02", Of: "dari 100", Finding: "Mutu B, baik", Unit: "Loket",
		Notes: []string{"333 responden", "Semester I", "Angka akhir, sampai 30 Juni 2026"},
	}
	nothing := badge.Badge{Lang: "id", Title: final.Title, Short: "IKM", Unit: "Loket", Notes: []string{"Semester I"}}
	for name, tc := range map[string]struct {
		index string
		over  bool
		in    func(in *sheet.Input)
		want  func(b *badge.Badge)
		empty bool
	}{
		"final":          {index: "ikm"},
		"provisional":    {index: "ikm", in: func(in *sheet.Input) { in.Result.Final = false }, want: func(b *badge.Badge) { b.Notes[2], b.Warns = "Sementara, sampai 30 Juni 2026", true }},
		"too few":        {index: "ikm", in: func(in *sheet.Input) { in.Indexes[0].Adequate = false }, want: func(b *badge.Badge) { b.Notes[0] = "333 responden, belum memadai" }},
		"made up":        {index: "ikm", in: func(in *sheet.Input) { in.City.Demo = true }, want: func(b *badge.Badge) { b.Demo = "Kota peragaan, angka dibuat-buat" }},
		"of two of nine": {index: "ikm", in: func(in *sheet.Input) { in.Indexes[0].AspectsAnswered = 2 }, want: func(b *badge.Badge) { b.Notes = slices.Insert(b.Notes, 2, "hanya dari 2 dari 9 unsur") }},
		"of 4": {index: "ipak", in: func(in *sheet.Input) { in.Indexes[0].Code = "ipak" }, want: func(b *badge.Badge) {
			b.Title, b.Short, b.Of = "Indeks Persepsi Anti Korupsi (IPAK): Loket", "IPAK", "dari 4"
		}},
		"of a city's own": {index: "ikm", in: func(in *sheet.Input) {
			in.Form.Indexes = []survey.FormIndex{{Index: survey.Index{Code: "ikm", Name: survey.Text{"id": "Indeks Taman"}}}}
		}, want: func(b *badge.Badge) { b.Title, b.Short = "Indeks Taman: Loket", "Nilai indeks" }},
		"shipped": {index: "ikm", in: func(in *sheet.Input) { in.Form.Indexes = []survey.FormIndex{{Index: survey.Index{Code: "ikm"}}} }},
		"another index": {index: "ipkp", empty: true, want: func(b *badge.Badge) {
			b.Title, b.Short, b.Finding = "Indeks Persepsi Kualitas Pelayanan (IPKP): Loket", "IPKP", "Jawabannya belum cukup"
		}},
		"withheld":       {index: "ikm", empty: true, in: func(in *sheet.Input) { in.Indexes, in.Result.Responses.Valid = nil, 7 }, want: func(b *badge.Badge) { b.Finding = "Nilai belum dapat ditampilkan" }},
		"withheld, over": {index: "ikm", empty: true, over: true, in: func(in *sheet.Input) { in.Indexes, in.Result.Responses.Valid = nil, 7 }, want: func(b *badge.Badge) { b.Finding = "Nilai tidak ditampilkan" }},
	} {
		in, want := read(), final
		if tc.empty {
			want = nothing
		}
		want.Notes = slices.Clone(want.Notes)
		if tc.in != nil {
			tc.in(in)
		}
		if tc.want != nil {
			tc.want(&want)
		}
		got, err := badge.Make(s, in, tc.index, tc.over)
		if err != nil || got.Text() != want.Text() || got.Title != want.Title || got.Lang != want.Lang || got.Warns != want.Warns || !slices.Equal(got.Notes, want.Notes) {
			t.Errorf("%s: %+v, error %v\nwant %+v", name, got, err, want)
		}
	}
}

// What there are no words for is an error, not an empty badge.
func TestABadgeWithoutWordsIsAFault(t *testing.T) {
	t.Parallel()
	s := speaker(t)
	if _, err := badge.Make(s, read(), "unheard-of", false); err == nil {
		t.Error("an index that nobody named has a badge")
	}
	if _, err := badge.Lacking(s, "Loket", "badge.unheard-of"); err == nil {
		t.Error("a reason that nobody wrote is told")
	}
	b, err := badge.Lacking(s, "Loket", "badge.before")
	if err != nil || b.Text() != "Belum pernah disurvei. Loket." || b.Title != "Belum pernah disurvei" {
		t.Errorf("%+v, error %v", b, err)
	}
}
