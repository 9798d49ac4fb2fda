package analytics

import (
	"bytes"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"persepsi/survey"
)

func TestAStoredTallyReadsBackEqual(t *testing.T) {
	t.Parallel()
	lib := testLibrary(t)
	forEachForm(t, func(t *rapid.T, form *survey.Form) {
		want := drawnTally(t, form, rapid.SliceOfN(drawn(form), 0, 12).Draw(t, "responses"))
		data := want.Encode()
		got, err := DecodeTally(lib, data)
		if err != nil {
			t.Fatal(err)
		}
		if !want.equal(got) || !bytes.Equal(data, got.Encode()) {
			t.Fatal("the tally changed on its way through the store")
		}
		totals, err := DecodeTotals(lib, data)
		if err != nil {
			t.Fatal(err)
		}
		if !want.equal(totals) || totals.cells != nil {
			t.Fatal("the totals alone must be the same, without the breakdown")
		}
	})
}

func TestTalliesHaveEqualBytesOnlyWhenTheyAreEqual(t *testing.T) {
	t.Parallel()
	forEachForm(t, func(t *rapid.T, form *survey.Form) {
		list := rapid.SliceOfN(drawn(form), 0, 8).Draw(t, "responses")
		more := append(slices.Clip(list), drawn(form).Draw(t, "one more"))
		a, b := drawnTally(t, form, list), drawnTally(t, form, more)
		if bytes.Equal(a.Encode(), b.Encode()) || a.equal(b) {
			t.Fatal("one response more must show")
		}
	})
}

func TestATallyWithoutBreakdownReadsBackWithoutOne(t *testing.T) {
	t.Parallel()
	form := testForm(t, "skm-9@1")
	totals := NewTotals(form)
	if err := totals.Add(response(form, "432143214")); err != nil {
		t.Fatal(err)
	}
	got, err := DecodeTally(testLibrary(t), totals.Encode())
	if err != nil {
		t.Fatal(err)
	}
	if !got.equal(totals) || got.cells != nil {
		t.Error("got another tally")
	}
}

func TestADamagedTallyIsRefused(t *testing.T) {
	t.Parallel()
	lib, form := testLibrary(t), testForm(t, "skm-9@1")
	whole := answersOf(t, form, "4321-3214", "444444444").Encode()
	for n := range whole {
		if _, err := DecodeTally(lib, whole[:n]); err == nil {
			t.Errorf("cut after %d of %d bytes: got no error", n, len(whole))
		}
	}
	outside := NewTally(form)
	outside.cells.slot = make([]*Cell, slots+1)
	outside.cells.slot[slots] = newCell(len(form.Questions))
	unknown := bytes.Replace(whole, []byte("skm-9@1"), []byte("skm-9@9"), 1)
	for name, data := range map[string][]byte{
		"bytes too many":  append(bytes.Clone(whole), 0),
		"unknown version": append([]byte{encodingVersion + 1}, whole[1:]...),
		"unknown form":    unknown,
		"an eighth day":   outside.Encode(),
	} {
		if _, err := DecodeTally(lib, data); err == nil {
			t.Errorf("%s: got no error", name)
		}
	}
}

// FuzzDecodeTally proves that no stored bytes, however damaged, can make the
// program panic.
func FuzzDecodeTally(f *testing.F) {
	lib := testLibrary(f)
	for _, id := range tallyForms() {
		form := testForm(f, id)
		f.Add(NewTally(form).Encode())
		f.Add(answersOf(f, form, "4321-", "44444").Encode())
	}
	f.Add([]byte{})
	f.Add([]byte{encodingVersion, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x3f})
	f.Fuzz(func(t *testing.T, data []byte) {
		if tally, err := DecodeTally(lib, data); err == nil {
			tally.Encode()
		}
		if _, err := DecodeTotals(lib, data); err != nil {
			return
		}
	})
}
