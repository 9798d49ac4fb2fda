package analytics

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"

	"persepsi/survey"
)

func TestAFullTallyTakesNoMoreAndHasNotOverflown(t *testing.T) {
	t.Parallel()
	for id, c := range map[string]struct {
		marks string
		most  int64 // 2³² / (highest score)²
	}{
		"skm-9@1":     {"444444444", 268435455},
		"spak-5-s6@1": {"66666", 119304647},
	} {
		form := testForm(t, id)
		tally := answersOf(t, form, c.marks)
		if tally.most != c.most {
			t.Fatalf("%s: holds %d responses, want %d", id, tally.most, c.most)
		}
		for 2*tally.N <= c.most {
			if err := tally.Merge(tally); err != nil {
				t.Fatal(err)
			}
		}
		before := tally.Encode()
		if err := tally.Merge(tally); !errors.Is(err, ErrFull) || !bytes.Equal(tally.Encode(), before) {
			t.Errorf("%s: got %v, want ErrFull and the same tally", id, err)
		}
		for tally.N < c.most { // up to the last one
			for half := answersOf(t, form, c.marks); ; {
				if err := tally.Merge(half); err != nil {
					t.Fatal(err)
				}
				if half.N*2 > c.most-tally.N {
					break
				}
				if err := half.Merge(half); err != nil {
					t.Fatal(err)
				}
			}
		}
		if err := tally.Add(response(form, c.marks)); !errors.Is(err, ErrFull) {
			t.Errorf("%s: got %v, want ErrFull", id, err)
		}
		highest := int64(c.marks[0] - '0')
		point := tally.cells.cell(tally.cells.point.place[0])
		for q := range c.marks {
			for _, counted := range []counts{tally, point} {
				if sum, n := counted.Question(q); n != c.most || sum != highest*c.most {
					t.Fatalf("%s: question %d: got %d of %d, want %d of %d", id, q, sum, n, highest*c.most, c.most)
				}
			}
		}
		m := &tally.moments[0]
		for q := range c.marks {
			for r := q; r < len(c.marks); r++ {
				if got := m.product(q, r); got != c.most*highest*highest {
					t.Fatalf("%s: the sum of products of %d and %d is %d", id, q, r, got)
				}
			}
		}
		if got := tally.Variance(0); got != 0 || m.sums[int(highest)*len(c.marks)] != uint32(c.most) {
			t.Errorf("%s: the variance is %v, the counts %v", id, got, m.sums)
		}
		if got, err := DecodeTally(testLibrary(t), tally.Encode()); err != nil || !got.Equal(tally) {
			t.Errorf("%s: a full tally does not read back: %v", id, err)
		}
	}
}

// Behind a right checksum, bytes that no tally has.
func TestAStoredTallyThatContradictsItselfIsRefused(t *testing.T) {
	t.Parallel()
	lib, form := testLibrary(t), testForm(t, "skm-9@1")
	at := func(hour uint8) *survey.Response {
		r := response(form, "4321-3214")
		r.Mode, r.Day, r.Hour, r.Service = survey.ModeQR, survey.NewDate(2026, time.March, 7), hour, "s"+string('0'+rune(hour%10)) // a Saturday
		return r
	}
	made := func(change func(t *Tally)) []byte {
		tally := tallyOf(t, form, at(22), at(23), response(form, "444444444"))
		change(tally)
		return tally.Encode()
	}
	right := made(func(*Tally) {})
	if _, err := DecodeTally(lib, right); err != nil {
		t.Fatal(err)
	}
	replaced := func(old, fresh string) []byte {
		bare := right[:len(right)-checksumSize]
		if bytes.Count(bare, []byte(old)) != 1 {
			t.Fatalf("%q is not there once", old)
		}
		return sealed(bytes.Replace(bare, []byte(old), []byte(fresh), 1))
	}
	for name, data := range map[string][]byte{
		"more of a mode than there are":    made(func(t *Tally) { t.Modes[0] = 4 }),
		"more of a score than there are":   made(func(t *Tally) { t.hist[0] = 4 }),
		"a cell of more than there are":    made(func(t *Tally) { t.cells.cell(1).sums[0] = 4 }),
		"a sum beyond the scale":           made(func(t *Tally) { t.cells.cell(1).sums[1] = 200 }),
		"more missing than answered":       made(func(t *Tally) { t.cells.cell(1).missing[5] = 4 }),
		"more than fit":                    made(func(t *Tally) { t.N = t.most + 1 }),
		"names that are not in order":      made(func(t *Tally) { t.cells.service.names[0] = "z" }),
		"a name twice":                     made(func(t *Tally) { t.cells.service.names[0] = t.cells.service.names[1] }),
		"an eighth day":                    replaced("\xa7\x01", "\xa8\x01"),
		"an hour twice":                    replaced("\xa7\x01", "\xa6\x01"),
		"more answered than there are":     made(func(t *Tally) { t.moments[0].answered = 4 }),
		"more of the widest than answered": made(func(t *Tally) { t.moments[0].n = 4 }),
		"more all aspects than answered":   made(func(t *Tally) { t.moments[0].spread = 3 }),
		"nobody answered, and there are":   made(func(t *Tally) { t.moments[0].answered, t.moments[0].n, t.moments[0].spread = 0, 0, 0 }),
		"another product of the widest":    made(func(t *Tally) { t.moments[0].products[1]-- }),
		"a product beyond the scale":       made(func(t *Tally) { t.moments[0].products[1] = 17 }),
		"other sums of the widest":         made(func(t *Tally) { t.moments[0].sums[36], t.moments[0].sums[35] = 0, 1 }),
		"sums of more than the widest":     made(func(t *Tally) { t.moments[0].sums[36] = 2 }),
		"a sum that leaves too little":     made(func(t *Tally) { changed(t, func(c, p []uint64) { p[0], c[0] = 9, 2|9<<32 }) }),
		"squares that leave too little":    made(func(t *Tally) { changed(t, func(_, p []uint64) { p[0] = 8 | 33<<32 }) }),
		"together more often than alone":   made(func(t *Tally) { changed(t, func(c, _ []uint64) { c[1] = 3 | 6<<32 }) }),
		"together with one that none has":  made(func(t *Tally) { changed(t, func(c, _ []uint64) { c[4] = 1 }) }),
		"together more than alone":         made(func(t *Tally) { changed(t, func(c, _ []uint64) { c[1] = 2 | 7<<32 }) }),
		"own scores more than alone":       made(func(t *Tally) { changed(t, func(_, p []uint64) { p[1] = 9 | 24<<32 }) }),
		"products of two beyond the scale": made(func(t *Tally) { changed(t, func(_, p []uint64) { p[1] = 8 | 33<<32 }) }),
		"one of the widest who scored 0":   made(func(t *Tally) { t.moments[0].sums[0] = 1 }),
		"answered by nobody who is there":  answeredByNobody(t, form),
		"a score of 0 of the widest":       scoredNothing(t, form),
		"fewer answers than of the widest": made(func(t *Tally) { t.hist[t.first[0]+4], t.hist[t.first[0]] = 0, 3 }),
	} {
		if _, err := DecodeTally(lib, data); err == nil {
			t.Errorf("%s: got no error", name)
		}
		if err := NewTally(form).Decode(data); err == nil {
			t.Errorf("%s: read into another one", name)
		}
	}
}

// answeredByNobody is a tally that tells of one who answered, and of no answer.
func answeredByNobody(t *testing.T, form *survey.Form) []byte {
	t.Helper()
	tally := tallyOf(t, form, response(form, "---------"))
	if tally.moments[0].answered != 0 {
		t.Fatal("somebody answered")
	}
	tally.moments[0].answered = 1
	return tally.Encode()
}

// scoredNothing is a tally whose sums are those of one who scored 0, which adds up, where
// the others' tell of a higher score instead.
func scoredNothing(t *testing.T, form *survey.Form) []byte {
	t.Helper()
	tally := tallyOf(t, form, response(form, "1321-3214"), response(form, "1321-3214"), response(form, "144444444"))
	m := &tally.moments[0]
	if m.n != 1 || m.sums[33] != 1 {
		t.Fatalf("%d are the widest", m.n)
	}
	changed(tally, func(count, product []uint64) { count[0], product[0] = 2|3<<32, 3|3<<32 })
	m.sums[33], m.sums[32] = 0, 1
	for s := range 9 {
		m.products[m.place(0, s)] &^= low << (s % 2 * 32)
		if s == 1 { // it shares a word with the first
			m.products[m.place(1, 0)] &^= low
		}
	}
	return tally.Encode()
}

// changed changes the pairs of the first question, 4 and 4, with the second, 3 and 3.
func changed(t *Tally, change func(count, product []uint64)) { change(t.moments[0].pairsOf(0)) }

func TestAFormHasAtMost128Questions(t *testing.T) {
	t.Parallel()
	for n, fits := range map[int]bool{1: true, maxQuestions: true, maxQuestions + 1: false} {
		form := &survey.Form{ID: "long@1", Questions: make([]survey.Question, n)}
		for q := range form.Questions {
			form.Questions[q].Options = make([]survey.Option, 4)
		}
		tally := NewTally(form)
		err := tally.Add(&survey.Response{Form: form.ID, Answers: survey.Marks(strings.Repeat("-", n-1) + "4")})
		if (err == nil) != fits {
			t.Errorf("%d questions: got error %v", n, err)
		}
		if !fits {
			continue
		}
		for _, counted := range []counts{tally, tally.cells.cell(tally.cells.service.place[0])} {
			if sum, answers := counted.Question(n - 1); sum != 4 || answers != 1 {
				t.Errorf("%d questions: the last one has %d of %d, want 4 of 1", n, sum, answers)
			}
		}
	}
}

func TestCellsOfManyNamesAreFoundAgain(t *testing.T) {
	t.Parallel()
	form := testForm(t, "spak-5@1")
	tally := NewTally(form)
	for i := range 200 {
		r := response(form, "43434")
		r.Point = "P" + string(rune('A'+i*7%50))
		if err := tally.Add(r); err != nil {
			t.Fatal(err)
		}
	}
	methods := benchCalculation(t, form).Chosen
	cells, err := tally.Breakdown("point", methods)
	if err != nil || len(cells) != 50 {
		t.Fatalf("got %d points, want 50: %v", len(cells), err)
	}
	for i, c := range cells {
		if place := tally.cells.point.place[i]; c.Code != "P"+string(rune('A'+i)) || tally.cells.cell(place).responses() != 4 {
			t.Errorf("%d: got %s with %d responses, want 4", i, c.Code, tally.cells.cell(place).responses())
		}
	}
}
