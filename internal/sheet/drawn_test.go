package sheet_test

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"persepsi/analytics"
	"persepsi/internal/cache"
	"persepsi/internal/report"
	"persepsi/internal/sheet"
	"persepsi/internal/testtools"
	"persepsi/survey"
)

var update = flag.Bool("update", false, "write the checksums of sheets that are expected")

const city = `
city: {name: Kota Contoh}
agencies:
  - code: a
    name: Dinas A
    units:
      - code: u
        name: Unit satu
        services: [{code: ktp, name: KTP}, {code: akta, name: Akta}]
        points: [{code: P1, name: Loket 1}]
      - {code: v, name: Unit dua, services: [{code: x, name: X}], points: [{code: P3, name: Loket 3}]}
periods:
  - {code: 2025-s2, name: Semester II 2025, from: 2025-07-01, to: 2025-12-31, instrument: skm-9, population: {u: 703}, units: [u]}
  - {code: 2026-s1, name: Semester I 2026, from: 2026-01-01, to: 2026-06-30, instrument: terpadu-16, population: {u: 20, v: 703}}
`

// world is a city whose releases a test makes. It is a report.Source.
type world struct {
	directory *survey.Directory
	totals    map[string]*report.Totals
}

func newWorld(t *testing.T, text string) *world {
	t.Helper()
	lib, err := survey.NewLibrary()
	if err != nil {
		t.Fatal(err)
	}
	methods, err := survey.LoadMethods()
	if err != nil {
		t.Fatal(err)
	}
	a, err := survey.Apply(new(survey.Catalogue), []byte(text), lib, methods, nil, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	w := &world{totals: map[string]*report.Totals{}}
	if w.directory, err = survey.NewDirectory(a.Catalogue, lib, methods); err != nil {
		t.Fatal(err)
	}
	for _, period := range a.Catalogue.Periods {
		w.totals[period.Code] = &report.Totals{Units: map[analytics.UnitForm]*analytics.Tally{}, Released: map[string]*analytics.ReleasedTally{}, TakenOut: map[string][survey.KindCount]int64{}}
	}
	return w
}

func (*world) Refresh(context.Context) error { return nil }

func (*world) SaveSoon() func() bool { return func() bool { return true } }

func (*world) Erasure(context.Context, string) (*survey.Erasure, error) {
	return nil, nil //nolint:nilnil // nobody asks
}

func (w *world) Period(code string) *report.Totals { return w.totals[code] }

func (*world) Breakdown(context.Context, *survey.Period, string, *survey.Form) (*analytics.Tally, error) {
	return nil, nil //nolint:nilnil // nobody asks
}

func (*world) Tables(context.Context, string, string, int) (*analytics.Tables, error) {
	return nil, nil //nolint:nilnil // nobody asks
}

func (*world) Steps(context.Context, string, string, func(*analytics.ReleasedTally) error) error {
	return nil
}

// release releases n answers of a unit; value returns what the i-th gives to a question, 0:
// nothing. people is how many told what in the first two fields.
func (w *world) release(t *testing.T, period, unit string, n int, final bool, value func(i, q int) int, people ...[]int64) {
	t.Helper()
	form := w.directory.Form(period)
	tally := analytics.NewTotals(form)
	for i := range n {
		values := make([]int, len(form.Questions))
		for q := range values {
			if form.Questions[q].Scored {
				values[q] = value(i, q)
			}
		}
		if err := tally.Add(&survey.Response{ID: uuid.New(), Period: period, Unit: unit, Form: form.ID, Answers: survey.MakeMarks(values)}); err != nil {
			t.Fatal(err)
		}
	}
	r := &analytics.ReleasedTally{Serial: 1, AsOf: time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC), At: time.Date(2026, 3, 1, 1, 0, 0, 0, time.UTC), Final: final, Checksum: unit, Tally: tally, People: make([][]int64, len(form.Fields))}
	for i := range people {
		at, _ := form.FieldPosition([]string{"sex", "education"}[i])
		r.People[at] = people[i]
	}
	w.totals[period].Units[analytics.UnitForm{Unit: unit, Form: form.ID}] = tally
	w.totals[period].Released[unit] = r
}

// figures are those of the day after the last release.
func (w *world) figures(t *testing.T) *report.Figures {
	t.Helper()
	b, err := report.NewBuilder(w, func() *survey.Directory { return w.directory }, cache.New(0), func() time.Time { return time.Date(2026, 3, 2, 5, 0, 0, 0, time.UTC) })
	if err != nil {
		t.Fatal(err)
	}
	if err := b.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	return b.Figures()
}

func varied(i, q int) int { return 4 - (i*7+q*5)%9/4 }

func picture(t *testing.T, width, height int) *survey.Picture {
	t.Helper()
	p, err := survey.NewPicture(testtools.PNG(t, width, height, color.Black))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// read returns what a unit publishes, of a city as a case has it.
func read(t *testing.T, period, unit string, change func(w *world)) *sheet.Input {
	t.Helper()
	grades, err := analytics.LoadGrades()
	if err != nil {
		t.Fatal(err)
	}
	w := newWorld(t, city)
	w.release(t, "2025-s2", "u", 60, true, varied)
	w.release(t, "2026-s1", "u", 60, false, varied, []int64{20, 30, 10}, []int64{2, 50})
	change(w)
	in, err := sheet.Gather(w.figures(t), grades, period, unit)
	if err != nil {
		t.Fatal(err)
	}
	return in
}

// A sheet changes only on purpose: where its lines stand follows from no rule that a test could
// state. -update writes the checksums anew; look at what changed first.
func TestASheetIsDrawnAsItWas(t *testing.T) {
	t.Parallel()
	improved := func(n int) []survey.Improvement {
		var out []survey.Improvement
		for i := range n {
			out = append(out, survey.Improvement{Text: survey.Text{"id": strings.Repeat("Kursi ditambah. ", 1+3*i), "en": "More chairs."}, Done: survey.NewDate(2026, 2, 1)})
		}
		return out
	}
	var got strings.Builder
	for _, tc := range []struct {
		name, period, unit string
		order              sheet.Order
		change             func(w *world)
	}{
		{"provisional", "2026-s1", "u", sheet.Order{}, func(*world) {}},
		{"larger", "2026-s1", "u", sheet.Order{Size: sheet.A3, Lang: "en"}, func(*world) {}},
		{"final", "2025-s2", "u", sheet.Order{}, func(*world) {}},
		{"of a demonstration", "2026-s1", "u", sheet.Order{}, func(w *world) { w.directory.City().Demo = true }},
		{"with arms", "2026-s1", "u", sheet.Order{}, func(w *world) { w.directory.City().Arms = picture(t, 300, 400) }},
		{"with a logo and a colour", "2026-s1", "u", sheet.Order{}, func(w *world) {
			w.directory.Catalogue().Agencies[0].Logo, w.directory.City().Colour = picture(t, 30, 10), "#7a1f2b"
		}},
		{"improved", "2025-s2", "u", sheet.Order{}, func(w *world) {
			w.directory.Catalogue().Periods[0].Improved = map[string][]survey.Improvement{"u": improved(2)}
		}},
		{"improved before", "2026-s1", "u", sheet.Order{}, func(w *world) {
			w.directory.Catalogue().Periods[0].Improved = map[string][]survey.Improvement{"u": improved(1)}
		}},
		{"much improved", "2025-s2", "u", sheet.Order{Lang: "en"}, func(w *world) {
			w.directory.Catalogue().Periods[0].Improved = map[string][]survey.Improvement{"u": improved(survey.MostImproved)}
		}},
		{"much improved, of three indexes", "2026-s1", "u", sheet.Order{}, func(w *world) {
			w.directory.Catalogue().Periods[1].Improved = map[string][]survey.Improvement{"u": improved(survey.MostImproved)}
		}},
		{"of a part", "2026-s1", "u", sheet.Order{}, func(w *world) {
			w.release(t, "2026-s1", "u", 60, false, func(i, q int) int {
				if q%4 > 1 {
					return 0
				}
				return varied(i, q)
			})
		}},
		{"of one service, all alike", "2026-s1", "v", sheet.Order{}, func(w *world) { w.release(t, "2026-s1", "v", 12, false, func(int, int) int { return 3 }) }},
		{"of low aspects", "2026-s1", "v", sheet.Order{}, func(w *world) {
			w.release(t, "2026-s1", "v", 400, false, func(i, q int) int {
				if q == 2 {
					return 1 + i%2
				}
				return 4 - i%11/10
			})
		}},
		{"of many low aspects", "2025-s2", "u", sheet.Order{}, func(w *world) {
			w.release(t, "2025-s2", "u", 60, true, func(_, q int) int { return map[bool]int{true: 2, false: 4}[q < 5] })
		}},
		{"of many services", "2026-s1", "u", sheet.Order{}, func(w *world) {
			unit := &w.directory.Catalogue().Agencies[0].Units[0]
			for i := range 20 {
				unit.Services = append(unit.Services, survey.Service{Code: fmt.Sprint("s", i), Name: "Layanan"})
			}
		}},
		{"without services", "2026-s1", "u", sheet.Order{}, func(w *world) { w.directory.Catalogue().Agencies[0].Units[0].Services = nil }},
	} {
		in := read(t, tc.period, tc.unit, tc.change)
		tc.order.Base = "https://contoh.example"
		var data bytes.Buffer
		if err := sheet.Write(&data, in, tc.order); err != nil {
			t.Fatalf("%s: %v", tc.name, err)
		}
		fmt.Fprintf(&got, "%s: %s\n", tc.name, testtools.DrawnSum(testtools.Drawn(t, data.Bytes())[0]))
	}
	testtools.Golden(t, *update, filepath.Join("testdata", "sheets.txt"), got.String())
}

func TestASheetIsOfTheSizeAndFormatThatIsAskedFor(t *testing.T) {
	t.Parallel()
	in := read(t, "2026-s1", "u", func(*world) {})
	for size, pixels := range map[sheet.Size]image.Point{sheet.A4: {1240, 1754}, sheet.A3: {1754, 2480}} {
		var data bytes.Buffer
		if err := sheet.Write(&data, in, sheet.Order{Size: size, Format: sheet.PNG, Base: "https://contoh.example"}); err != nil {
			t.Fatal(err)
		}
		img, err := png.Decode(&data)
		if err != nil || img.Bounds().Size() != pixels {
			t.Errorf("%s: %v, want %v pixels, error %v", size, img.Bounds(), pixels, err)
		} else if r, _, _, _ := img.At(pixels.X/4, pixels.Y/3).RGBA(); r == 0xffff {
			t.Errorf("%s: nothing is drawn where the figure stands", size)
		}
	}
	if err := sheet.Write(&bytes.Buffer{}, in, sheet.Order{Base: strings.Repeat("x", 3000)}); err == nil || !strings.Contains(err.Error(), "unit u") {
		t.Errorf("an address that no symbol holds: %v", err)
	}
}

func TestASheetWithoutWordsIsAFault(t *testing.T) {
	t.Parallel()
	in := read(t, "2026-s1", "u", func(*world) {})
	x := *in.Indexes[0].Index
	x.Kinerja, in.Indexes[0].Index = "unheard-of", &x
	if err := sheet.Write(&bytes.Buffer{}, in, sheet.Order{Base: "https://contoh.example"}); err == nil || !strings.Contains(err.Error(), "unheard-of") {
		t.Errorf("a grade that has no word: %v", err)
	}
}

func TestWhatThereIsNotIsNoSheet(t *testing.T) {
	t.Parallel()
	grades, err := analytics.LoadGrades()
	if err != nil {
		t.Fatal(err)
	}
	w := newWorld(t, city)
	w.release(t, "2025-s2", "u", 60, true, varied)
	f := w.figures(t)
	for _, tc := range []struct{ period, unit, says string }{
		{"1999", "u", "no period"}, {"2025-s2", "nobody", "no unit"}, {"2025-s2", "v", "takes no part"}, {"2026-s1", "u", "fewer_than_10"},
	} {
		if _, err := sheet.Gather(f, grades, tc.period, tc.unit); survey.CodeOf(err) != survey.NotFound || !strings.Contains(err.Error(), tc.says) {
			t.Errorf("%s of %s: %v, want that it says %q", tc.unit, tc.period, err, tc.says)
		}
	}
	last, err := sheet.Last(f, grades, "u")
	if err != nil || last == nil || last.Period.Code != "2025-s2" {
		t.Errorf("what was published last: %+v, error %v", last, err)
	}
	if none, err := sheet.Last(f, grades, "v"); none != nil || err != nil {
		t.Errorf("of a unit without figures: %+v, error %v", none, err)
	}
}

func TestASheetTellsOfNoFieldThatWasNotAsked(t *testing.T) {
	t.Parallel()
	w := newWorld(t, `
city: {name: Kota Contoh}
instruments:
  - code: pasar
    version: 1
    title: Pasar
    questions: [{code: buka, text: "Jam buka?", options: [Kurang, Cukup, Baik, Sangat]}]
    respondent: [{code: peran, text: Peran, categories: [{code: jual, label: Penjual}, {code: beli, label: Pembeli}]}]
    indexes: [{code: bersih, name: Kebersihan, aspects: [{code: a, name: Buka, questions: [buka]}]}]
agencies: [{code: a, name: Dinas A, units: [{code: u, name: Unit satu}]}]
periods: [{code: p, name: Semester I, from: 2026-01-01, to: 2026-06-30, instrument: pasar}]
`)
	w.release(t, "p", "u", 60, false, varied)
	w.totals["p"].Released["u"].People[0] = []int64{20, 40}
	grades, err := analytics.LoadGrades()
	if err != nil {
		t.Fatal(err)
	}
	in, err := sheet.Gather(w.figures(t), grades, "p", "u")
	if err != nil {
		t.Fatal(err)
	}
	var data bytes.Buffer
	if err := sheet.Write(&data, in, sheet.Order{Base: "https://contoh.example"}); err != nil {
		t.Fatal(err)
	}
	text := strings.Join(testtools.PDFText(t, data.Bytes()), " ")
	for word, want := range map[string]bool{"Kebersihan": true, "Jenis kelamin": false, "Pendidikan": false, "Penjual": false} {
		if strings.Contains(text, word) != want {
			t.Errorf("it says %q: want %t\n%s", word, want, text)
		}
	}
}
