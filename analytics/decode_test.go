package analytics

import (
	"bytes"
	"errors"
	"slices"
	"testing"

	"persepsi/survey"
)

func TestATallyThatIsCutIsRefusedThoughItsChecksumIsRight(t *testing.T) {
	t.Parallel()
	lib, form := testLibrary(t), testForm(t, "skm-9@1")
	whole := answersOf(t, form, "4321-3214", "444444444").Encode()
	bare := whole[:len(whole)-checksumSize]
	for n := range bare {
		data := sealed(bare[:n])
		if _, err := DecodeTally(lib, data); err == nil {
			t.Errorf("cut after %d of %d bytes: got no error", n, len(bare))
		}
		if err := NewTally(form).Decode(data); err == nil {
			t.Errorf("cut after %d of %d bytes: read into another one", n, len(bare))
		}
	}
	if _, err := DecodeTally(lib, sealed([]byte{encodingVersion, 100, 'x'})); !errors.Is(err, errTruncated) {
		t.Errorf("a name that is longer than all: err = %v, want %v", err, errTruncated)
	}
	for n := range checksumSize + 2 { // too short for a checksum at all
		if _, err := DecodeTally(lib, bytes.Repeat([]byte{encodingVersion}, n)); err == nil {
			t.Errorf("%d bytes: got no error", n)
		}
	}
}

func TestATallyIsReadOverAnother(t *testing.T) {
	t.Parallel()
	form := testForm(t, "skm-9@1")
	want, totals := answersOf(t, form, "4321-3214", "444444444"), NewTotals(form)
	if err := totals.Merge(want); err != nil {
		t.Fatal(err)
	}
	for name, into := range map[string]*Tally{"a used one": answersOf(t, form, "111111111"), "one without a breakdown": NewTotals(form)} {
		if err := into.Decode(want.Encode()); err != nil || !bytes.Equal(into.Encode(), want.Encode()) {
			t.Errorf("%s: the tally is another one, err = %v", name, err)
		}
		if err := into.Decode(totals.Encode()); err != nil || !bytes.Equal(into.Encode(), totals.Encode()) {
			t.Errorf("%s: the totals are others, err = %v", name, err)
		}
	}
	if err := NewTally(testForm(t, "spak-5@1")).Decode(want.Encode()); err == nil {
		t.Error("read into a tally of another form")
	}
}

func TestPointsAreWrittenWithoutAnExponentInTwentySigns(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"47.875": true, "0": true, "12345678901234567890": true, "123456789012345678901": false,
		"1e9": false, "1E9": false, "0x1": false, "1p9": false, "1/2": false, "1_0": false, "empat": false,
	} {
		x, ok := points(text)
		if ok != want || ok && x.String() == "" {
			t.Errorf("%q: read %v, want %v", text, ok, want)
		}
	}
	var in LKEInput
	if err := in.Enter(Evaluation{Pengungkit: "47.875", Areas: map[string]string{"pemenuhan": "3.5"}, Achievement: "B"}); err != nil || in.Achievement != "B" || in.Pengungkit.String() != "383/8" || in.Areas["pemenuhan"].String() != "7/2" {
		t.Errorf("entered as %+v, err = %v", in, err)
	}
	for _, e := range []Evaluation{{Pengungkit: "1e9"}, {Areas: map[string]string{"pemenuhan": "1e9"}}} {
		if err := in.Enter(e); survey.CodeOf(err) != survey.Invalid {
			t.Errorf("%+v: err = %v, want Invalid", e, err)
		}
	}
}

// A stored breakdown that no answers have is refused, also where its checksum is right.
func TestCellsThatNoAnswersHaveAreRefused(t *testing.T) {
	t.Parallel()
	form := shapes(t)["nine of one"]
	form.Fields = nil                                                          // so that the last of it is the modes
	one := len(appendCell(nil, answersOf(t, form, "444444444").cells.cell(1))) // the bytes of a cell
	for name, tc := range map[string]struct {
		forge func(c *cells)
		bytes func(data []byte)
		want  error
	}{
		"nothing is forged":          {},
		"more people than there are": {func(c *cells) { c.cell(c.modes()[survey.ModeQR]).sums[0]++ }, nil, errContradicting},
		"more than all 4":            {func(c *cells) { c.cell(c.modes()[survey.ModeQR]).sums[3]++ }, nil, errContradicting},
		"a service twice":            {func(c *cells) { c.service.names[1] = c.service.names[0] }, nil, errContradicting},
		"services in another order":  {func(c *cells) { slices.Reverse(c.service.names) }, nil, errContradicting},
		"a mode that there is not":   {nil, func(data []byte) { data[len(data)-one-1] = 100 }, errTruncated},
		"a mode after the last":      {nil, func(data []byte) { data[len(data)-one-1] = byte(survey.ModeCount) }, errTruncated},
	} {
		a, b := response(form, "444444444"), response(form, "444444444")
		a.Service, b.Service, a.Mode, b.Mode = "akta", "ktp", survey.ModeQR, survey.ModeQR
		tally := tallyOf(t, form, a, b)
		if tc.forge != nil {
			tc.forge(tally.cells)
		}
		data := tally.Encode()
		if tc.bytes != nil {
			data = data[:len(data)-checksumSize]
			tc.bytes(data)
			data = sealed(data)
		}
		if _, err := DecodeTally(oneForm{form}, data); !errors.Is(err, tc.want) {
			t.Errorf("%s: err = %v, want %v", name, err, tc.want)
		}
	}
	if _, err := DecodeTotals(oneForm{form}, tallyOf(t, form, response(form, "444444444")).Encode()); err != nil {
		t.Error(err)
	}
}
