package poster_test

import (
	"bytes"
	"image"
	"image/draw"
	"slices"
	"strings"
	"testing"
	"time"

	"persepsi/analytics"
	"persepsi/internal/poster"
	"persepsi/internal/report"
	"persepsi/internal/sheet"
	"persepsi/internal/testtools"
	"persepsi/internal/wording"
	"persepsi/survey"
)

// published is what the first unit of a city publishes: an IKM of 86.02.
func published(t *testing.T, d *survey.Directory, final bool) *sheet.Input {
	t.Helper()
	place, _ := d.Unit("a0-u0")
	period, _ := d.Period("2026-s2")
	x := &wording.NamedIndex{Index: &analytics.Index{N: 333, Answered: 333, Shown: "86.02", Mutu: "B", Kinerja: "baik", CI95: [2]float64{84.1, 87.9}}, Code: "ikm", Over: final}
	return &sheet.Input{
		City: d.City(), Place: place, Period: period, Form: d.Form("2026-s2"), Zone: time.UTC, Indexes: []*wording.NamedIndex{x},
		Result: &report.UnitResult{Final: final, Released: &analytics.ReleasedTally{Serial: 3, AsOf: time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)}},
		Improved: []survey.Improvement{
			{Text: survey.Text{"id": "24 kursi, kipas, dan air minum di ruang tunggu.", "en": "24 chairs, fans and water."}},
			{Text: survey.Text{"id": "Antrean lewat ponsel."}},
			{Text: survey.Text{"id": strings.Repeat("Loket prioritas bagi lansia dan ibu hamil, setiap hari kerja. ", 12)}},
			{Text: survey.Text{"id": "Yang keempat."}},
		},
	}
}

// faces returns the halves of a page: the back, turned so that it is read, and the front.
func faces(img image.Image) [2]image.Image {
	b := img.Bounds()
	half := b.Dy() / 2
	back, front := image.NewNRGBA(image.Rect(0, 0, b.Dx(), half)), image.NewNRGBA(image.Rect(0, 0, b.Dx(), half))
	draw.Draw(front, front.Bounds(), img, image.Pt(b.Min.X, b.Min.Y+half), draw.Src)
	for y := range half {
		for x := range b.Dx() {
			back.Set(b.Dx()-1-x, half-1-y, img.At(b.Min.X+x, b.Min.Y+y))
		}
	}
	return [2]image.Image{back, front}
}

// The symbol of each face of a tent is read from that face alone: of the counter in front,
// and of the unit's results behind.
func TestBothFacesOfATentAreScannedAlsoSmallAndInGrey(t *testing.T) {
	t.Parallel()
	for name, told := range map[string]bool{"with a result": true, "without": false} {
		d := city(t, 1, false)
		o := order(t, d, poster.Tent)
		o.Places = o.Places[:1]
		counter := address + "/s/NU000X00"
		want := [2]string{counter, counter}
		if told {
			o.Results = func(string) (*sheet.Input, error) { return published(t, d, true), nil }
			want[0] = address + "/hasil/a0-u0?terbit=2026-s2.3"
		}
		data := fittedText(t, o)
		for what, pages := range map[string][]image.Image{"as printed": testtools.PDFPages(t, data, 150), "at 60 % and in grey": testtools.PDFPages(t, data, 90, "-gray")} {
			for i, face := range faces(pages[0]) {
				if what != "as printed" && told && i == 0 {
					continue // the symbol of age is for 150 dots an inch
				}
				if got := testtools.Scan(t, face); !slices.Equal(slices.Compact(got), []string{want[i]}) {
					t.Errorf("%s, %s: face %d leads to %q, want %s", name, what, i, got, want[i])
				}
			}
		}
	}
}

func TestTheBackOfATentTellsTheUnitsResultAndWhatWasImproved(t *testing.T) {
	t.Parallel()
	d := city(t, 1, false)
	o := order(t, d, poster.Tent)
	asked := map[string]int{}
	o.Results = func(unit string) (*sheet.Input, error) {
		if asked[unit]++; unit != "a0-u0" {
			return nil, nil //nolint:nilnil // nothing to tell
		}
		return published(t, d, false), nil
	}
	data := fittedText(t, o)
	pages := testtools.PDFText(t, data)
	has := func(page, text string) bool {
		return strings.Contains(strings.Join(strings.Fields(page), ""), strings.Join(strings.Fields(text), ""))
	}
	for _, want := range []string{"Anda berpendapat, kami berbenah.", "86,02", "333 responden", "24 kursi, kipas, dan air minum", "Antrean lewat ponsel.", "Loket prioritas", "Masih yang terbaru?", "Sementara. Angka dihitung sampai", "Semester II 2026"} {
		if !has(pages[0], want) {
			t.Errorf("the back lacks %q: %s", want, pages[0])
		}
	}
	if has(pages[0], "Yang keempat") || strings.Count(pages[0], "Bagaimana") != 1 || !has(pages[1], "86,02") {
		t.Error("more is told than there is room for, or the other point of the unit has another back")
	}
	if n := strings.Count(strings.Join(strings.Fields(pages[0]), " "), "Loket prioritas"); n != 2 {
		t.Errorf("of a long text %d sentences stand there in small letters, want what fits in three lines", n)
	}
	if has(pages[2], "86,02") || strings.Count(pages[2], "Bagaimana") != 2 {
		t.Error("a unit without a result has another's on its back")
	}
	if asked["a0-u0"] != 1 || asked["a0-u1"] != 1 {
		t.Errorf("asked for results: %v, want once a unit", asked)
	}
	// The symbol of age has its quiet zone: nothing of the figures reaches into the foot.
	back := faces(testtools.PDFPages(t, data, 150, "-f", "1", "-l", "1")[0])[0]
	if l, top, _, _ := dark(back, 8, 73, 140, 75.5, 150); l < 1e9 {
		t.Errorf("something stands above the foot's rule, at %.1f, %.1f mm", l, top)
	}
	if got := testtools.Scan(t, back); !slices.Equal(got, []string{address + "/hasil/a0-u0?terbit=2026-s2.3"}) {
		t.Errorf("the back leads to %q", got)
	}
	img := testtools.PDFPages(t, data, 60, "-f", "1", "-l", "1")[0]
	for _, face := range faces(img) {
		wide, high := float64(face.Bounds().Dx())/60*25.4, float64(face.Bounds().Dy())/60*25.4
		for _, edge := range [][4]float64{{0, 2, 8, high}, {wide - 8, 2, wide, high}, {0, high - 4, wide, high}} {
			if l, top, _, _ := dark(face, edge[0], edge[1], edge[2], edge[3], 60); l < 1e9 {
				t.Errorf("printed at the edge, %.1f, %.1f mm", l, top)
			}
		}
	}
	if !bytes.Equal(data, fittedText(t, o)) {
		t.Error("two files of one day differ")
	}
}
