package analytics

import (
	"bytes"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"persepsi/survey"
)

func TestCountsAreReadOutOfAStoredTallyAsOutOfTheTallyItself(t *testing.T) {
	t.Parallel()
	forEachForm(t, func(t *rapid.T, form *survey.Form) {
		form = mayDecline(form)
		read := NewCountsReader(form)
		answers := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) *survey.Response { return declining(t, drawn(form).Draw(t, "response")) }), 0, 12)
		for range 2 { // the second with names that are known
			tally := drawnTally(t, form, answers.Draw(t, "responses"))
			data := tally.Encode()
			got, err := read.Read(data)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tally.Counts(), got); diff != "" {
				t.Fatalf("(-want +got):\n%s", diff)
			}
			totals := NewTotals(form)
			if err := totals.Merge(tally); err != nil {
				t.Fatal(err)
			}
			if got, err = read.Read(totals.Encode()); err != nil || !cmp.Equal(totals.Counts(), got) {
				t.Fatalf("without a breakdown: %+v, err = %v", got, err)
			}
		}
	})
}

func TestCountsAreNotReadOutOfWhatIsNoTally(t *testing.T) {
	t.Parallel()
	form := testForm(t, "skm-9@1")
	read := NewCountsReader(form)
	tally := answersOf(t, form, "4321-3214", "444444444")
	whole := tally.Encode()
	for n := range whole {
		flipped := bytes.Clone(whole)
		flipped[n] ^= 4
		if _, err := read.Read(flipped); err == nil {
			t.Errorf("byte %d is another one: got no error", n)
		}
	}
	bare, cut := whole[:len(whole)-checksumSize], 0
	for n := range bare {
		if got, err := read.Read(sealed(bare[:n])); err != nil {
			cut++
		} else if !cmp.Equal(tally.Counts(), got) { // what lacks is passed over
			t.Errorf("cut after %d of %d bytes: %+v", n, len(bare), got)
		}
	}
	if cut < len(bare)/2 {
		t.Errorf("%d of %d cut ones were refused", cut, len(bare))
	}
	if _, err := read.Read(answersOf(t, testForm(t, "spak-5@1"), "44444").Encode()); !errors.Is(err, ErrOtherForm) {
		t.Errorf("of another form: err = %v, want %v", err, ErrOtherForm)
	}
}

// Numbers are passed over whole, of however many bytes each is.
func TestAsManyNumbersArePassedOverAsAreAskedFor(t *testing.T) {
	t.Parallel()
	list := []int64{128, 1, 16384, 7, 128, 128, 3, 1 << 40, 0, 127, 128, 9, 2, 128, 5, 1 << 20, 128}
	for n := range len(list) + 2 {
		r := &reader{data: appendNumbers(nil, list...)}
		r.pass(int64(n))
		if n > len(list) {
			if !errors.Is(r.err, errTruncated) {
				t.Errorf("%d of %d numbers: err = %v", n, len(list), r.err)
			}
			continue
		}
		for _, want := range list[n:] {
			if got := r.number(); got != want {
				t.Errorf("after %d numbers: %d, want %d", n, got, want)
				break
			}
		}
		if r.err != nil || len(r.data) > 0 {
			t.Errorf("after %d numbers: err = %v, %d bytes are left", n, r.err, len(r.data))
		}
	}
}
