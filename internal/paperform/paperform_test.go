package paperform_test

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"persepsi/internal/paper"
	"persepsi/internal/paperform"
	"persepsi/internal/testtools"
	"persepsi/internal/wording"
	"persepsi/survey"
)

// shipped are all instruments, and two that are asked on one form.
func shipped(t *testing.T) map[string]*survey.Form {
	t.Helper()
	lib, err := survey.NewLibrary()
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]*survey.Form{}
	for _, ref := range []string{"skm-9", "skm-14", "spkp-8", "spak-5", "ipk-10", "spkp-8-s6", "spak-5-s6", "terpadu-16", "skm-9+spak-5"} {
		var full []string
		for _, one := range strings.Split(ref, "+") {
			r, err := lib.Resolve(one)
			if err != nil {
				t.Fatal(err)
			}
			full = append(full, r)
		}
		if out[ref], err = lib.Form(full...); err != nil {
			t.Fatal(err)
		}
	}
	return out
}

func date(t *testing.T, text string) survey.Date {
	t.Helper()
	d, err := survey.ParseDate(text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func order(t *testing.T, form *survey.Form, lang string) paperform.Order {
	t.Helper()
	unit := &survey.Unit{Code: "u", Name: "Unit Pelayanan Administrasi Kependudukan"}
	for _, s := range []string{"ktp KTP-el", "kk Kartu keluarga", "akta Akta kelahiran", "pindah Surat pindah", "kia Kartu identitas anak"} {
		code, name, _ := strings.Cut(s, " ")
		unit.Services = append(unit.Services, survey.Service{Code: code, Name: name})
	}
	unit.Services = append(unit.Services, survey.Service{Code: "lama", Name: "Layanan lama", Closed: true})
	return paperform.Order{
		City: &survey.City{Name: "Kota Cendana", Notice: survey.Notice{RetentionMonths: 12, Email: "pdp@cendana.example"}}, Form: form, Lang: lang,
		Period: &survey.Period{Code: "2026-s2", Name: "Semester II 2026", From: date(t, "2026-07-01"), To: date(t, "2026-12-31")},
		Place:  survey.Place{Agency: &survey.Agency{Name: "Dinas Kependudukan dan Pencatatan Sipil"}, Unit: unit},
	}
}

func drawn(t *testing.T, o paperform.Order) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := paperform.Write(&out, o); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// squeezed is a text without its spaces: lines are broken anywhere.
func squeezed(text string) string { return strings.Join(strings.Fields(text), "") }

// Every shipped form stands on the two sides of one sheet, in both languages, with all that
// is asked in the order and words of the page, each option behind the number that a clerk types.
func TestEveryShippedFormIsOneSheetWithTheCodesThatAreTyped(t *testing.T) {
	t.Parallel()
	for ref, form := range shipped(t) {
		for _, lang := range survey.Languages() {
			t.Run(ref+"/"+lang, func(t *testing.T) {
				t.Parallel()
				data := drawn(t, order(t, form, lang))
				if dir := os.Getenv("PERSEPSI_PICTURES"); dir != "" {
					if err := os.WriteFile(filepath.Join(dir, ref+"-"+lang+".pdf"), data, 0o600); err != nil {
						t.Error(err)
					}
				}
				pages := testtools.PDFText(t, data)
				if len(pages) > 2 {
					t.Errorf("%d pages", len(pages))
				}
				rest := squeezed(texts(t, data))
				for _, want := range asked(form, lang) {
					_, after, found := strings.Cut(rest, squeezed(want))
					if !found {
						t.Fatalf("%q is not there, or not in its place", want)
					}
					rest = after
				}
				if strings.Contains(squeezed(texts(t, data)), "Layananlama") {
					t.Error("a service that isn't offered any more is asked for")
				}
			})
		}
	}
}

// texts are all texts of a file in the order in which they were drawn.
func texts(t *testing.T, data []byte) string {
	t.Helper()
	return strings.Join(testtools.PDFText(t, data), " ")
}

// asked is what a form asks, in its order.
func asked(form *survey.Form, lang string) []string {
	out := []string{"ktp KTP-el", "kk Kartu keluarga"}
	for _, g := range wording.Groups(form) {
		for _, q := range g.Questions {
			out = append(out, strconv.Itoa(q.N)+". "+q.Text.In(lang)+" "+q.Code)
			for _, o := range q.Listed() {
				out = append(out, strconv.Itoa(o.Value)+" "+o.Label.In(lang))
			}
			if q.Declinable {
				out = append(out, paper.Declined+" "+map[string]string{"id": "Tidak tahu", "en": "Don't know"}[lang])
			}
		}
	}
	for i := range form.Fields {
		f := &form.Fields[i]
		out = append(out, f.Text.In(lang)+" "+f.Code)
		for _, c := range f.Categories {
			out = append(out, c.Code)
		}
	}
	return append(out, "lapor.go.id")
}

// contents are the drawing commands of a file's pages.
func contents(t *testing.T, data []byte) (out []string) {
	t.Helper()
	for _, piece := range bytes.Split(data, []byte("stream\n"))[1:] {
		r, err := zlib.NewReader(bytes.NewReader(piece))
		if err != nil {
			continue
		}
		text, err := io.ReadAll(r)
		if err == nil && bytes.Contains(text, []byte(" Tf ")) {
			out = append(out, string(text))
		}
	}
	return out
}

// No letter is smaller than ten points, no box than five millimetres.
func TestLettersAndBoxesAreLargeEnough(t *testing.T) {
	t.Parallel()
	size, box := regexp.MustCompile(`/F\S+ ([\d.]+) Tf|(Tj)`), regexp.MustCompile(`\S+ \S+ ([\d.-]+) ([\d.-]+) re S`)
	number := func(text string) float64 {
		x, err := strconv.ParseFloat(text, 64)
		if err != nil {
			t.Fatal(err)
		}
		return math.Abs(x)
	}
	for _, ref := range []string{"terpadu-16", "skm-14"} {
		boxes := 0
		for _, page := range contents(t, drawn(t, order(t, shipped(t)[ref], "id"))) {
			letters := 0.0
			for _, m := range size.FindAllStringSubmatch(page, -1) {
				if m[2] == "" {
					letters = number(m[1])
				} else if letters < 10 { // what is chosen only to be measured is no matter
					t.Errorf("%s: letters of %.1f points", ref, letters)
				}
			}
			for _, m := range box.FindAllStringSubmatch(page, -1) {
				const mm = 72 / 25.4
				if boxes++; number(m[1]) < 5*mm-0.01 || number(m[2]) < 5*mm-0.01 {
					t.Errorf("%s: a box of %s by %s points", ref, m[1], m[2])
				}
			}
		}
		if boxes < 60 {
			t.Errorf("%s: only %d boxes were found", ref, boxes)
		}
	}
}

// What is told of the citizen's data stands before the first question: who asks, that no
// name is asked, how long it is kept, their rights, whom to ask; with a box where the city
// rests on consent.
func TestTheNoticeStandsOnTheForm(t *testing.T) {
	t.Parallel()
	o := order(t, shipped(t)["skm-9"], "id")
	text := squeezed(texts(t, drawn(t, o)))
	before, _, _ := strings.Cut(text, "1.Apakah")
	before, _, _ = strings.Cut(before, "Pelayananapayangbaru")
	for _, want := range []string{"Kota Cendana, untuk memperbaiki", "Tanpa nama", "Tidak wajib", "31 Desember 2027", "Anda berhak", "pdp@cendana.example", "No. lembar"} {
		if !strings.Contains(before, squeezed(want)) {
			t.Errorf("%q is not told before the questions", want)
		}
	}
	if strings.Contains(text, squeezed("setuju jawaban ini disimpan")) {
		t.Error("consent is asked for without need")
	}
	o.City.Notice.Basis = survey.Consent
	if !strings.Contains(squeezed(texts(t, drawn(t, o))), squeezed("setuju jawaban ini disimpan")) {
		t.Error("consent is not asked for")
	}
}

// Each page of a form of a demonstration says that it is one, and every shipped form is one
// sheet still; a real form doesn't.
func TestAFormOfADemonstrationSaysThatItIsOne(t *testing.T) {
	t.Parallel()
	for ref, form := range shipped(t) {
		for _, demo := range []bool{true, false} {
			o := order(t, form, "id")
			o.City.Demo = demo
			pages := testtools.PDFText(t, drawn(t, o))
			for i, page := range pages {
				if strings.Contains(page, "Kota peragaan: bukan survei sungguhan") != demo {
					t.Errorf("%s: page %d of a form, of a demonstration: %t, says %s", ref, i+1, demo, page)
				}
			}
			if len(pages) > 2 {
				t.Errorf("%s: %d pages", ref, len(pages))
			}
		}
	}
}

// A form that is too long for a sheet goes on, and no option is torn from its question; one
// for any unit has lines for its name and the service.
func TestALongFormGoesOn(t *testing.T) {
	t.Parallel()
	in := &survey.Instrument{Code: "panjang", Version: 1, Title: survey.Text{"id": "Panjang"}}
	for n := range 90 {
		q := survey.Question{Code: fmt.Sprintf("q%02d", n), Text: survey.Text{"id": fmt.Sprintf("Pertanyaan ke-%d?", n)}, Scored: true}
		for v := range 4 {
			q.Options = append(q.Options, survey.Option{Value: v + 1, Label: survey.Text{"id": strings.Repeat("sangat ", v) + "baik"}})
		}
		in.Questions = append(in.Questions, q)
	}
	form := &survey.Form{ID: "panjang@1", Instruments: []*survey.Instrument{in}, Questions: in.Questions}
	o := order(t, form, "id")
	o.Place = survey.Place{}
	pages := testtools.PDFText(t, drawn(t, o))
	if len(pages) < 3 {
		t.Fatalf("%d pages", len(pages))
	}
	whole := strings.Join(pages, " ")
	if got := len(regexp.MustCompile(`Pertanyaan ke-`).FindAllString(whole, -1)); got != 90 {
		t.Errorf("%d questions are asked", got)
	}
	if !strings.Contains(whole, "Unit:") || !strings.Contains(whole, "service") {
		t.Error("the unit or the service can't be written in")
	}
}

func TestTheSameFormIsTheSameFile(t *testing.T) {
	t.Parallel()
	o := order(t, shipped(t)["spak-5"], "en")
	if !slices.Equal(drawn(t, o), drawn(t, o)) {
		t.Error("two files of the same form differ")
	}
}
