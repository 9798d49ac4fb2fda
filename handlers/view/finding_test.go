package view

import (
	"bytes"
	"strings"
	"testing"

	"persepsi/analytics"
	"persepsi/internal/report"
	"persepsi/internal/wording"
	"persepsi/survey"
)

// rendered returns the words of a part of the result page.
func rendered(t *testing.T, lang, part string, data any) string {
	t.Helper()
	p, err := New()
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := p.sets[lang]["result"].ExecuteTemplate(&out, part, data); err != nil {
		t.Fatal(err)
	}
	return strings.Join(strings.Fields(out.String()), " ")
}

// Why a closed period shows no score is what its sentence says, not that there are too few
// answers whatever the reason is.
func TestTheSentenceTellsWhyAScoreIsNotShown(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		withheld string
		n        int64
		over     bool
		want     string
	}{
		{"fewer_than_10", 4, true, "Nilai Loket tidak ditampilkan: jawabannya terlalu sedikit."},
		{"fewer_than_10", 14, true, "Nilai Loket tidak ditampilkan: jawaban dari warga dan dari petugas masing-masing terlalu sedikit."},
		{"closing", 260, true, "Nilai Loket sedang disiapkan."},
		{"brought_again", 260, true, "Nilai Loket tidak ditampilkan: jawabannya pernah ditarik lalu dimasukkan lagi."},
		{"not_yet", 14, false, "Nilai Loket belum dapat ditampilkan."},
		{"damaged", 260, true, "Nilai Loket sedang diperiksa."},
	} {
		r := &Result{Unit: &report.UnitResult{Withheld: tc.withheld}, Period: &survey.Period{}, Over: tc.over, Least: 10}
		r.Place.Unit = &survey.Unit{Name: "Loket"}
		r.Unit.Responses.Valid = tc.n
		if got := rendered(t, "id", "resultfinding", r); got != tc.want {
			t.Errorf("%s with %d answers: %q, want %q", tc.withheld, tc.n, got, tc.want)
		}
	}
}

// An official name that is the plain one too is said once.
func TestANameIsNotSaidTwice(t *testing.T) {
	t.Parallel()
	mean := 3.0
	x := &wording.NamedIndex{Code: analytics.IKM, Shipped: true, Index: &analytics.Index{Aspects: []analytics.AspectResult{
		{Code: "produk", N: 10, Mean: &mean, Value100: &mean, Exact: analytics.NewRatio(3, 1), Name: survey.Text{"id": "Produk spesifikasi jenis pelayanan", "en": "Result of the service"}},
	}}}
	for lang, want := range map[string]string{"id": "Hasil pelayanan <small>Produk spesifikasi jenis pelayanan</small>", "en": "Result of the service <svg"} {
		if got := rendered(t, lang, "aspects", x); !strings.Contains(got, want) || strings.Count(got, "Result of the service") > 1 {
			t.Errorf("in %s: %s", lang, got)
		}
	}
}

// How fast somebody was attended to is not called by the words that asked two things at
// once.
func TestTheAspectOfTheIPKPOnAttendingHasAPlainName(t *testing.T) {
	t.Parallel()
	lib, err := survey.NewLibrary()
	if err != nil {
		t.Fatal(err)
	}
	for _, ref := range []string{"spkp-8@1", "spkp-8@2", "terpadu-16@2"} {
		form, err := lib.Form(ref)
		if err != nil {
			t.Fatal(err)
		}
		x := &wording.NamedIndex{Code: analytics.IPKP, Shipped: true, Index: &analytics.Index{}}
		for _, a := range form.Index(analytics.IPKP).Aspects {
			x.Aspects = append(x.Aspects, analytics.AspectResult{Code: a.Code, N: 10, Name: a.Name, Exact: analytics.NewRatio(4, 1)})
		}
		for lang, want := range map[string]string{"id": "Kecepatan dibantu", "en": "Speed of being attended to"} {
			if got := rendered(t, lang, "aspects", x); !strings.Contains(got, want) || strings.Contains(got, "petugas atau aplikasi") || strings.Contains(got, "staff or app") {
				t.Errorf("%s in %s: %s", ref, lang, got)
			}
		}
	}
}
