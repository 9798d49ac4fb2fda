package storetest

import (
	"context"
	"errors"
	"fmt"
	"math/big"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"persepsi/analytics"
	"persepsi/internal/projection"
	"persepsi/survey"
)

// declaration draws an apply file that declares an instrument of a city's own and a
// period that asks it: aspects of one or several questions, questions that feed two
// indexes, scales of 4 and 6, and questions that feed none.
func declaration(rng *rand.Rand, code string) string {
	var questions, indexes strings.Builder
	options := func(n int) string {
		labels := make([]string, n)
		for i := range labels {
			labels[i] = fmt.Sprintf("Pilihan %d", i+1)
		}
		return strings.Join(labels, ", ")
	}
	for x := range 1 + rng.IntN(2) {
		scale := []int{4, 6}[rng.IntN(2)]
		fmt.Fprintf(&indexes, "      - code: x%d\n        name: Indeks %d\n", x, x)
		if scale == 6 && rng.IntN(2) == 0 {
			indexes.WriteString("        method: linear\n")
		}
		indexes.WriteString("        aspects:\n")
		var aspects strings.Builder
		for a := range 1 + rng.IntN(4) {
			var names []string
			for q := range 1 + rng.IntN(3) {
				name := fmt.Sprintf("q%d-%d-%d", x, a, q)
				names = append(names, name)
				fmt.Fprintf(&questions, "      - {code: %s, text: Tanya, options: [%s]}\n", name, options(scale))
			}
			fmt.Fprintf(&aspects, "          - {code: a%d, name: Aspek, questions: [%s]}\n", a, strings.Join(names, ", "))
		}
		indexes.WriteString(aspects.String())
		if rng.IntN(2) == 0 { // the same questions once more
			fmt.Fprintf(&indexes, "      - code: y%d\n        name: Indeks lain\n        aspects:\n%s", x, aspects.String())
		}
	}
	if rng.IntN(2) == 0 {
		fmt.Fprintf(&questions, "      - {code: sering, text: Tanya, scored: false, options: [%s]}\n", options(3))
	}
	return fmt.Sprintf(`
city: {name: Kota}
instruments:
  - code: %s
    version: 1
    title: Survei
    questions:
%s    respondent: [sex, {code: peran, text: Peran, categories: [{code: a, label: A}, {code: b, label: B}]}]
    indexes:
%speriods: [{code: %[1]s, from: 2026-01-01, to: 2026-06-30, instrument: %[1]s}]
`, code, questions.String(), indexes.String())
}

// declared: answers to a form that a city declared are counted by a process that
// read no catalogue since, the figures are those of the answers themselves, and a
// process that cannot read the catalogue takes no tally for a damaged one.
func declared(t *testing.T, e Engine) {
	open := e.New(t)
	s, other := handle(t, open), handle(t, open) // each has a library that knows the shipped instruments
	methods, err := survey.LoadMethods()
	if err != nil {
		t.Fatal(err)
	}
	grades, err := analytics.LoadGrades()
	if err != nil {
		t.Fatal(err)
	}
	rng := rand.New(rand.NewPCG(71, 1))
	for n := range 12 {
		now, err := s.Catalogue(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		code := fmt.Sprintf("own-%d", n)
		text := declaration(rng, code)
		applied, err := survey.Apply(now, []byte(text), Library(t), methods, nil, nil, 0)
		if err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		if err := s.RecordCatalogue(t.Context(), applied.Catalogue); err != nil {
			t.Fatal(err)
		}
		d, err := survey.NewDirectory(applied.Catalogue, Library(t), methods)
		if err != nil {
			t.Fatal(err)
		}
		form := d.Form(code)
		m := &Maker{rng: rng, form: form}
		list := m.Batch(60)
		for _, r := range list {
			r.Period = code
		}
		mustAppend(t, s, list[:40])
		mustSettle(t, s)
		mustAppend(t, other, list[40:])
		mustSettle(t, other)
		period, _ := d.Period(code)
		chosen, err := analytics.ChooseMethods(d, period, form)
		if err != nil {
			t.Fatal(err)
		}
		c := &analytics.Calculation{Form: form, Chosen: chosen, Methods: methods, Grades: grades.At(period.To), Period: period}
		for _, unit := range []string{"unit-0", "unit-1", "unit-2"} {
			tally, err := s.Tally(t.Context(), analytics.Key{Level: analytics.LevelPeriod, Period: code, Unit: unit, Form: form.ID})
			if err != nil {
				t.Fatal(err)
			}
			for i := range form.Indexes {
				x, want := c.Index(tally, i, analytics.Population{}), direct(form, i, chosen[i].Ref(), unit, list)
				if (x == nil) != (want == nil) || x != nil && x.ExactMean.Rat().Cmp(want) != 0 {
					t.Fatalf("%s of %s: %+v, want %v\n%s", form.Indexes[i].Code, unit, x, want, text)
				}
			}
		}
		counted, err := other.Recount(t.Context(), code)
		if err != nil || counted.Responses != int64(len(list)) || counted.Differing != 0 {
			t.Fatalf("recount: %+v, %v; want %d responses and no difference", counted, err, len(list))
		}
	}
	unasked(t, s, rng, methods)
}

// direct computes an index on 0-4 from answers alone.
func direct(form *survey.Form, index int, method, unit string, list []*survey.Response) *big.Rat {
	x := &form.Indexes[index]
	sum, k := new(big.Rat), int64(0)
	for _, aspect := range x.Aspects {
		means, asked := new(big.Rat), int64(0)
		for _, code := range aspect.Questions {
			at, _ := form.Position(code)
			total, n := int64(0), int64(0)
			for _, r := range list {
				if v := r.Answers.At(at); r.Unit == unit && v > 0 {
					total += int64(v)
					n++
				}
			}
			if n > 0 {
				means.Add(means, big.NewRat(total, n))
				asked++
			}
		}
		if asked == 0 {
			continue
		}
		mean := means.Quo(means, big.NewRat(asked, 1))
		switch method {
		case "ratio@1":
			mean.Mul(mean, big.NewRat(2, 3))
		case "linear@1": // 1+(x-1)×3/5
			mean.Sub(mean, big.NewRat(1, 1))
			mean.Mul(mean, big.NewRat(3, 5)).Add(mean, big.NewRat(1, 1))
		}
		sum.Add(sum, mean)
		k++
	}
	if k == 0 {
		return nil
	}
	return sum.Quo(sum, big.NewRat(k, 1))
}

// brokenCatalogue is a store whose catalogue cannot be read.
type brokenCatalogue struct {
	Store
	asked int
}

var errAway = errors.New("the store is away")

func (s *brokenCatalogue) Catalogue(context.Context) (*survey.Catalogue, error) {
	s.asked++
	return nil, errAway
}

func (s *brokenCatalogue) CatalogueVersion(context.Context) (int64, error) {
	s.asked++
	return 0, errAway
}

// unasked lets a process settle and recount that knows no declared form and cannot
// ask for any.
func unasked(t *testing.T, s *OpenStore, rng *rand.Rand, methods *survey.Methods) {
	t.Helper()
	c, err := s.Catalogue(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	d, err := survey.NewDirectory(c, Library(t), methods)
	if err != nil {
		t.Fatal(err)
	}
	form := d.Form("own-0")
	m := &Maker{rng: rng, form: form}
	list := m.Batch(30)
	for _, r := range list {
		r.Period, r.Unit = "own-0", "unit-9"
	}
	mustAppend(t, s, list)
	mustSettle(t, s)
	key := analytics.Key{Level: analytics.LevelPeriod, Period: "own-0", Unit: "unit-9", Form: form.ID}
	away := &brokenCatalogue{Store: s.Store}
	p := projection.New(away, Library(t))
	more := m.Response()
	more.Period, more.Unit, more.Day = "own-0", "unit-9", list[0].Day
	mustAppend(t, s, []*survey.Response{more})
	if _, err := p.Settle(t.Context()); !errors.Is(err, errAway) {
		t.Errorf("settling what nobody knows: %v", err)
	}
	mustSettle(t, s)
	if _, err := p.Recount(t.Context(), "own-0"); !errors.Is(err, errAway) {
		t.Errorf("recounting what nobody knows: %v", err)
	}
	if away.asked == 0 {
		t.Error("the catalogue is asked for nothing")
	}
	// A process whose library never hears of the form again finds what was there.
	late := projection.NewLive(s.Store, Library(t), time.Minute, time.Now)
	tally, err := late.Tally(t.Context(), key)
	if err != nil || tally == nil || tally.N != int64(len(list)+1) {
		t.Errorf("%+v, %v; want the %d answers that were counted before", tally, err, len(list)+1)
	}
}
