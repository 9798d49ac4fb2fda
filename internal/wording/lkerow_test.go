package wording

import (
	"slices"
	"testing"

	"persepsi/analytics"
	"persepsi/internal/report"
)

func TestWhatTheSheetLacksIsSaidOnce(t *testing.T) {
	t.Parallel()
	const sdm, pengawasan = "pengungkit.sdm", "pengungkit.pengawasan"
	tests := []struct {
		name        string
		lacks, want []string
	}{
		{"nothing", nil, nil},
		{"the whole pengungkit", []string{"pengungkit", sdm, pengawasan}, []string{"pengungkit"}},
		{"one area of it", []string{"pengungkit", sdm}, []string{sdm}},
		{"all areas, but not the total", []string{sdm, pengawasan, "I.b"}, []string{"areas", "I.b"}},
		{"other rows", []string{"pengungkit", sdm, pengawasan, "I.a", "I.b", "II"}, []string{"pengungkit", "I.a", "I.b", "II"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			row := LKERow{UnitResult: &report.UnitResult{}, Lacks: tt.lacks}
			for _, name := range []string{"total", "pengungkit", sdm, pengawasan, "I.a", "I.b", "II"} {
				row.LKE.WBK.Tests = append(row.LKE.WBK.Tests, &analytics.Test{Row: name, Missing: slices.Contains(tt.lacks, name)})
			}
			if got := row.Lacking(); !slices.Equal(got, tt.want) {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}
