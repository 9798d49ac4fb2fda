package reporting_test

import (
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"

	"persepsi/internal/manuscript"
	"persepsi/internal/reporting"

	"pgregory.net/rapid"

	"persepsi/internal/document"
	"persepsi/internal/testtools"
	"persepsi/survey"
)

// figuresOf is all of a document that no person may edit: its tables, pictures and what tells
// of figures around them.
func figuresOf(d *document.Document) (out []document.Block) {
	for _, s := range d.Sections {
		for _, b := range s.Blocks {
			switch b.(type) {
			case document.Table, document.Figure, document.Facts:
				out = append(out, b)
			}
		}
	}
	return out
}

func TestATextFollowsOrStandsForTheWordsOfItsSection(t *testing.T) {
	t.Parallel()
	c := demonstration(t)
	in := c.input(t, reporting.SKM, "2025-s2", "dukcapil-loket")
	own := "Survei bertujuan mengetahui"
	in.Written.Texts = map[string]manuscript.Text{reporting.Purpose: {Body: "Tujuan kami."}}
	if got := outline(made(t, "id", in)); !strings.Contains(got, own) || !strings.Contains(got, "\nTujuan kami.\n") || strings.Index(got, own) > strings.Index(got, "Tujuan kami.") {
		t.Error("a text does not follow its section's words")
	}
	in.Written.Texts[reporting.Purpose] = manuscript.Text{Body: "Tujuan kami.", Instead: true}
	if got := outline(made(t, "id", in)); strings.Contains(got, own) || !strings.Contains(got, "## Tujuan (tujuan)\nTujuan kami.\n") {
		t.Error("a text does not stand for its section's words")
	}
	in.Written.Texts[reporting.Purpose] = manuscript.Text{Instead: true}
	if got := outline(made(t, "id", in)); !strings.Contains(got, own) {
		t.Error("no text at all empties a section")
	}
	in.Written.Texts = nil
	plain := outline(made(t, "id", in))
	in.Written.Texts = map[string]manuscript.Text{"hasil-ipak": {Body: "Indeks yang tidak ditanyakan lagi."}}
	if got := outline(made(t, "id", in)); got != plain {
		t.Error("a text of a section that the report has not changes the others")
	}
}

// Whatever a person writes: every figure, and what is said of an index, stays.
func TestNoTextChangesAFigure(t *testing.T) {
	t.Parallel()
	c := demonstration(t)
	bare := made(t, "id", c.input(t, reporting.SKM, "2025-s2", "dukcapil-loket"))
	ids := append(testtools.Constants(t, ".", "Introduction"), "hasil-ikm")
	rapid.Check(t, func(r *rapid.T) {
		in := c.input(t, reporting.SKM, "2025-s2", "dukcapil-loket")
		in.Written.Texts = map[string]manuscript.Text{}
		for range rapid.IntRange(1, 5).Draw(r, "n") {
			body := strings.Join(rapid.SliceOfN(rapid.String(), 1, 3).Draw(r, "text"), "\n\n")
			in.Written.Texts[rapid.SampledFrom(ids).Draw(r, "section")] = manuscript.Text{Body: body, Instead: rapid.Bool().Draw(r, "instead")}
		}
		d, err := reporting.Make(speaker(t, "id"), in)
		if err != nil {
			r.Fatal(err)
		}
		if !reflect.DeepEqual(figuresOf(d), figuresOf(bare)) {
			r.Fatal("a text changed a figure")
		}
		for _, s := range []string{"IKM 94,13, mutu A (sangat baik).", "Mutunya A: seluruh rentang"} {
			if !strings.Contains(outline(d), s) {
				r.Fatalf("a text took %q away", s)
			}
		}
	})
}

func TestTheSameFiguresMakeTheSameReport(t *testing.T) {
	t.Parallel()
	c := demonstration(t)
	for _, kind := range reporting.Kinds() {
		a, b := made(t, "id", c.input(t, kind, "2025-s2", "pkm-melati")), made(t, "id", c.input(t, kind, "2025-s2", "pkm-melati"))
		if a.At != b.At || outline(a) != outline(b) {
			t.Errorf("%s differs", kind)
		}
		if r := c.input(t, kind, "2025-s2", "pkm-melati").Result; !a.At.Equal(r.Released.At) {
			t.Errorf("made at %s, its figures at %s", a.At, r.Released.At)
		}
	}
}

// The sections are those that are told of, each once and in their order, in every report.
func TestAReportHasEverySectionOnce(t *testing.T) {
	t.Parallel()
	c := demonstration(t)
	for _, kind := range reporting.Kinds() {
		in := c.input(t, kind, "2026-s1", "pdam-cabang") // withheld
		var got []string
		for _, s := range made(t, "id", in).Sections {
			if s.Title == "" || len(s.Blocks) == 0 && s.Level > 1 {
				t.Errorf("%s: section %s is empty", kind, s.ID)
			}
			if !slices.Contains(kind.Indexes(), strings.TrimPrefix(s.ID, reporting.Outcome+"-")) {
				got = append(got, s.ID)
			}
		}
		if !slices.Equal(got, testtools.Constants(t, ".", "Introduction")) {
			t.Errorf("%s: %q", kind, got)
		}
	}
}

func TestAReportOfWhatWasNotAskedIsRefused(t *testing.T) {
	t.Parallel()
	c := demonstration(t)
	lib, err := survey.NewLibrary()
	if err != nil {
		t.Fatal(err)
	}
	in := c.input(t, reporting.ZI, "2025-s2", "dukcapil-loket")
	if in.Form, err = lib.Form("skm-9@2"); err != nil {
		t.Fatal(err)
	}
	if _, err := reporting.Make(speaker(t, "id"), in); err == nil || !strings.Contains(err.Error(), "a report of kind zi") {
		t.Errorf("IPAK of a form that does not ask it: %v", err)
	}
	in.Kind = "lain"
	if _, err := reporting.Make(speaker(t, "id"), in); err == nil || !strings.Contains(err.Error(), `"lain"`) {
		t.Errorf("another kind: %v", err)
	}
	for _, asked := range []reporting.Request{{reporting.SKM, "2020", "dukcapil-loket", false}, {reporting.SKM, "2025-s2", "tak-ada", false}} {
		var fault *survey.Error
		if _, err := reporting.Gather(t.Context(), c.figures.Figures(), c.details, c.desk, asked); !errors.As(err, &fault) || fault.Code != survey.NotFound {
			t.Errorf("%+v: %v", asked, err)
		}
	}
}
