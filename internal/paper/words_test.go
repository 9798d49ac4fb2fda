package paper

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"persepsi/survey"
)

func shippedForms(t testing.TB) []*survey.Form {
	t.Helper()
	lib, err := survey.NewLibrary()
	if err != nil {
		t.Fatal(err)
	}
	var out []*survey.Form
	for _, in := range lib.Instruments() {
		out = append(out, formOf(t, in.Ref()))
	}
	return append(out, formOf(t, "skm-9@1+spak-5@1"))
}

// A word for a question, field or category that no form has would be a slip.
func TestWordsAreAboutWhatFormsHave(t *testing.T) {
	t.Parallel()
	questions, categories, fields := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for _, form := range shippedForms(t) {
		for _, q := range form.Questions {
			questions[q.Code] = true
		}
		for _, index := range form.Indexes {
			for _, a := range index.Aspects {
				questions[a.Code] = true
			}
		}
		for _, f := range form.Fields {
			fields[f.Code] = true
			for _, c := range f.Categories {
				categories[f.Code+" "+c.Code] = true
			}
		}
	}
	w := dictionary()
	for code := range w.Questions {
		if !questions[code] {
			t.Errorf("questions: no form has %s", code)
		}
	}
	for code, list := range w.Answers {
		if !questions[code] || len(list) != 4 {
			t.Errorf("answers: no form has %s, or not four options", code)
		}
	}
	for code, lists := range w.Earlier {
		for _, list := range lists {
			if !questions[code] || len(list) != 4 && len(list) != 6 {
				t.Errorf("earlier: no form has %s, or neither four nor six options", code)
			}
		}
	}
	for code := range w.Fields {
		if !fields[code] {
			t.Errorf("fields: no form has %s", code)
		}
	}
	for field, list := range w.Categories {
		for code := range list {
			if !categories[field+" "+code] {
				t.Errorf("categories: no form has %s %s", field, code)
			}
		}
	}
	for name, order := range w.Orders {
		if unsurOf(formOf(t, "skm-9@1"), order) == nil {
			t.Errorf("orders: %s is no order of the nine unsur", name)
		}
	}
	if len(w.Months) != 12 || len(w.Weekdays) != 7 || len(w.Begins) == 0 || len(w.Marks) != 4 {
		t.Errorf("%d months, %d weekdays", len(w.Months), len(w.Weekdays))
	}
}

// Two meanings of a heading are a fault in every file that has it; two of a
// category's words, in every row.
func TestNoWordMeansTwoThingsInAShippedForm(t *testing.T) {
	t.Parallel()
	for _, form := range shippedForms(t) {
		v := newVocabulary(form, nil)
		for _, level := range v.levels {
			for word, list := range level {
				if len(v.find(word)) > 1 {
					t.Errorf("%s: %q means %v", form.ID, word, list)
				}
			}
		}
		for i := range form.Fields {
			f := &form.Fields[i]
			for _, words := range dictionary().Categories[f.Code] {
				for _, word := range words {
					if got := category(f, word); got.fault != "" {
						t.Errorf("%s %s: %q: %s", form.ID, f.Code, word, say(got.fault, got.args...))
					}
				}
			}
		}
	}
}

// The codes and texts of a form, and the names of its aspects, are headings.
func TestAFormIsUnderstoodInItsOwnWords(t *testing.T) {
	t.Parallel()
	for _, form := range shippedForms(t) {
		v := newVocabulary(form, nil)
		for _, q := range form.Questions {
			for _, text := range []string{q.Code, strings.ToUpper(q.Code), " " + q.Code + " ", q.Text["id"], q.Text["en"], "7. " + q.Text["id"], strings.ToUpper(q.Text["id"])} {
				if got := v.look(text); len(got) != 1 || got[0].target != q.Code {
					t.Errorf("%s: %q means %v, want %s", form.ID, text, got, q.Code)
				}
			}
			for _, o := range q.Options {
				for _, text := range []string{o.Label["id"], strings.ToUpper(o.Label["id"]), o.Label["en"]} {
					if got := answer(&q, text); got.answer != o.Value {
						t.Errorf("%s %s: %q is read as %+v, want %d", form.ID, q.Code, text, got, o.Value)
					}
				}
			}
		}
		for _, f := range form.Fields {
			for _, text := range []string{f.Code, f.Text["id"], f.Text["en"]} {
				if got := v.look(text); len(got) != 1 || got[0].target != f.Code {
					t.Errorf("%s: %q means %v, want %s", form.ID, text, got, f.Code)
				}
			}
			for _, c := range f.Categories {
				for _, text := range []string{c.Code, c.Label["id"], strings.ToUpper(c.Label["id"]), c.Label["en"]} {
					if got := category(&f, text); got.category != c.Code {
						t.Errorf("%s %s: %q is read as %+v, want %s", form.ID, f.Code, text, got, c.Code)
					}
				}
			}
		}
	}
}

// A text that the program doesn't say is dead; one that isn't there would be told as
// its name.
func TestEveryTextIsSaid(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	var source strings.Builder
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		source.Write(text)
	}
	program := source.String()
	for name, text := range texts() {
		prefix, kind, _ := strings.Cut(name, "_")
		if !strings.Contains(program, `"`+name+`"`) && (prefix != "means" || !strings.Contains(program, `= "`+kind+`"`)) {
			// A form's own faults are told by their codes.
			if name != "bad_id" && name != "control_character" && name != "too_long" {
				t.Errorf("%s is said nowhere", name)
			}
		}
		if strings.TrimSpace(text) == "" {
			t.Errorf("%s says nothing", name)
		}
	}
	for _, m := range regexp.MustCompile(`(?:say|bad|wrong|tooLarge)\("(\w+)"|(?:[fF]ault)\([^"\n]*(?:say\("file"\))?[^"\n]*"(\w+)"`).FindAllStringSubmatch(program, -1) {
		for _, name := range m[1:] {
			if _, ok := texts()[name]; name != "" && !strings.HasSuffix(name, "_") && !ok {
				t.Errorf("there is no text %s", name)
			}
		}
	}
}

func TestNumbersOfUnsurAreGuessedOnlyWhereAllListsAgree(t *testing.T) {
	t.Parallel()
	lists := dictionary().Orders
	for n := 1; n <= 9; n++ {
		p := reader(t)
		target, _, choices := p.numbered(meaning{series: "u", number: n})
		same := lists["unsur"][n-1] == lists["kuesioner"][n-1]
		if same != (n < 8) || same && target != lists["unsur"][n-1] || !same && (target != "" || len(choices) != 2) {
			t.Errorf("U%d is taken for %q of %v", n, target, choices)
		}
		for order, list := range lists {
			p.Order = order
			if target, _, _ := p.numbered(meaning{series: "u", number: n}); target != list[n-1] {
				t.Errorf("U%d in the order %s is taken for %q, want %q", n, order, target, list[n-1])
			}
		}
		p.Order = ""
		if target, _, choices := p.numbered(meaning{series: "p", number: n}); target != "" || len(choices) != 3 {
			t.Errorf("P%d is taken for %q of %v: a question's number depends on who printed the form", n, target, choices)
		}
	}
	for _, n := range []int{0, 10} {
		if target, _, choices := reader(t).numbered(meaning{series: "u", number: n}); target != "" || choices != nil {
			t.Errorf("U%d is taken for %q of %v", n, target, choices)
		}
	}
	// A form without the nine unsur has an order of its own, which must be asked for.
	for _, form := range shippedForms(t) {
		p := reader(t)
		p.Assignment.Form = form
		if unsurOf(form, lists["unsur"]) != nil {
			continue
		}
		if target, _, choices := p.numbered(meaning{series: "u", number: 2}); target != "" || len(choices) != 1 {
			t.Errorf("%s: U2 is taken for %q of %v", form.ID, target, choices)
		}
		p.Order = OrderForm
		if target, _, _ := p.numbered(meaning{series: "u", number: 2}); target != form.Questions[1].Code {
			t.Errorf("%s: U2 is taken for %q, want %q", form.ID, target, form.Questions[1].Code)
		}
	}
	if orders := slices.Sorted(maps.Keys(dictionary().Orders)); !slices.Equal(orders, []string{"kuesioner", "unsur"}) {
		t.Errorf("orders %v", orders)
	}
}

// An aspect of several questions has no number of its own.
func TestAnUnsurOfSeveralQuestionsIsNoColumn(t *testing.T) {
	t.Parallel()
	p := reader(t)
	form := *p.Assignment.Form
	index := form.Indexes[0]
	index.Aspects = slices.Clone(index.Aspects)
	index.Aspects[0].Questions = []string{"persyaratan", "prosedur"}
	form.Indexes = []survey.FormIndex{index}
	p.Assignment.Form = &form
	if target, _, choices := p.numbered(meaning{series: "u", number: 1}); target != "" || choices["unsur"] != "" {
		t.Errorf("U1 is taken for %q of %v", target, choices)
	}
}

func TestHeadingsAsOfficesWriteThem(t *testing.T) {
	t.Parallel()
	v := newVocabulary(formOf(t, "skm-9@1"), nil)
	without := newVocabulary(formOf(t, "spak-5@1"), nil)
	for text, want := range map[string]meaning{
		"PERSYARATAN":                           {kind: kindQuestion, target: "persyaratan"},
		"U1. Persyaratan":                       {kind: kindQuestion, target: "persyaratan"},
		"U8 - Sarana dan Prasarana":             {kind: kindQuestion, target: "sarana"},
		"Unsur 9: Penanganan Pengaduan":         {kind: kindQuestion, target: "pengaduan"},
		"Sistem, Mekanisme & Prosedur":          {kind: kindQuestion, target: "prosedur"},
		"3) Waktu  penyelesaian":                {kind: kindQuestion, target: "waktu"},
		"Biaya / Tarif (U4)":                    {kind: kindQuestion, target: "biaya"},
		"Waktu":                                 {kind: kindQuestion, target: "waktu"},
		"U 8":                                   {kind: kindNumbered, series: "u", number: 8},
		"unsur-2":                               {kind: kindNumbered, series: "u", number: 2},
		"Pertanyaan 3":                          {kind: kindNumbered, series: "p", number: 3},
		"Jenis  Kelamin (L/P)":                  {kind: kindField, target: "sex"},
		"USIA":                                  {kind: kindField, target: "age"},
		"Umur (tahun)":                          {kind: kindField, target: "age"},
		"Pendidikan":                            {kind: kindField, target: "education"},
		"Disabilitas":                           {kind: kindField, target: "disability"},
		"No.":                                   {kind: kindRow},
		"Jenis Layanan yang Diterima":           {kind: kindService},
		"Hari/Tanggal":                          {kind: kindDate},
		"Tanggal / Waktu":                       {kind: kindDate},
		"Kritik & Saran":                        {kind: kindComment},
		"Kritik dan Saran":                      {kind: kindComment},
		"SATKER":                                {kind: kindUnit},
		"Rata-rata":                             {kind: kindSum},
		"Jam":                                   {kind: kindClock},
		"Nama":                                  {kind: kindUnknown},
		"":                                      {kind: kindUnknown},
		"4":                                     {kind: kindUnknown},
		strings.Repeat("Persyaratan ", 100_000): {kind: kindUnknown},
	} {
		got := v.look(text)
		if want.kind == kindUnknown && got != nil || want.kind != kindUnknown && (len(got) != 1 || got[0] != want) {
			t.Errorf("%.40q means %v, want %v", text, got, want)
		}
	}
	if got := without.look("Waktu"); len(got) != 1 || got[0].kind != kindDate {
		t.Errorf("where no question is called so, Waktu means %v, want a date", got)
	}
}

// What stands above a heading names it only where it says nothing itself: else it is
// a title.
func TestATitleNamesNoColumn(t *testing.T) {
	t.Parallel()
	_, err := read(t, "a.csv", "Tanggal,Kota\nHari,prosedur\nkemarin,4\n")
	if faults := faultsOf(t, err); len(faults) != 1 || faults[0].Field != "baris 2, kolom Hari" || faults[0].Code != "unknown_column" {
		t.Errorf("faults %+v, want the heading that means nothing", faults)
	}
}
