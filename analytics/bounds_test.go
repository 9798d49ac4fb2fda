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
		most  int64 // 2⁶² / (highest score × 30240)²
	}{
		"skm-9@1":     {"444444444", 315192717},
		"spak-5-s6@1": {"66666", 140085652},
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
		if m := tally.moments[0]; m.yy != c.most*(highest*unit)*(highest*unit) || m.variance() > 1e-6 {
			t.Errorf("%s: the sum of squares is %d, the variance %v", id, m.yy, m.variance())
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
	m := tallyOf(t, form, at(22), at(23), response(form, "444444444")).moments[0]
	head := string(appendNumbers(nil, m.n, m.y, m.yy, m.full))
	for name, data := range map[string][]byte{
		"more of a mode than there are":      made(func(t *Tally) { t.Modes[0] = 4 }),
		"more of a score than there are":     made(func(t *Tally) { t.hist[0] = 4 }),
		"a cell of more than there are":      made(func(t *Tally) { t.cells.cell(1).sums[0] = 4 }),
		"a sum beyond the scale":             made(func(t *Tally) { t.cells.cell(1).sums[1] = 200 }),
		"more missing than answered":         made(func(t *Tally) { t.cells.cell(1).missing[5] = 4 }),
		"more than fit":                      made(func(t *Tally) { t.N = t.most + 1 }),
		"names that are not in order":        made(func(t *Tally) { t.cells.service.names[0] = "z" }),
		"a name twice":                       made(func(t *Tally) { t.cells.service.names[0] = t.cells.service.names[1] }),
		"an eighth day":                      replaced("\xa7\x01", "\xa8\x01"),
		"an hour twice":                      replaced("\xa7\x01", "\xa6\x01"),
		"totals that are not those of items": replaced(head+string(appendNumbers(nil, 36, 36*36)), head+string(appendNumbers(nil, 35, 36*36))),
		"squares that are not those":         replaced(head+string(appendNumbers(nil, 36, 36*36)), head+string(appendNumbers(nil, 36, 36*35))),
	} {
		if _, err := DecodeTally(lib, data); err == nil {
			t.Errorf("%s: got no error", name)
		}
		if err := NewTally(form).Decode(data); err == nil {
			t.Errorf("%s: read into another one", name)
		}
	}
}

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
