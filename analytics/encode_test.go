package analytics

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash/crc32"
	"math/rand/v2"
	"slices"
	"strings"
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
		if !want.Equal(got) || !bytes.Equal(data, got.Encode()) {
			t.Fatal("the tally changed on its way through the store")
		}
		totals, err := DecodeTotals(lib, data)
		if err != nil {
			t.Fatal(err)
		}
		if !want.Equal(totals) || totals.cells != nil {
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
		if bytes.Equal(a.Encode(), b.Encode()) || a.Equal(b) {
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
	if !got.Equal(totals) || got.cells != nil {
		t.Error("got another tally")
	}
}

// What stores hold was written like this, and recounts compare bytes.
func TestTheStoredFormOfATallyNeverChanges(t *testing.T) {
	t.Parallel()
	small := answersOf(t, testForm(t, "spak-5@1"), "43434", "4-332").Encode()
	if got, want := hex.EncodeToString(small), "04087370616b2d354031020000000200000000020100000100000000010100000002000000010001020000"+ // totals
		"00"+ // declined
		"0201000c100c100c090c0c100c"+"120101"+"04100000030903090204"+ // moments: of the widest products and sums, of the others each alone
		"010400000000000c0000000c000000080000030000000300000002000000000900000006"+"00000006"+ // and two by two
		"0101036b7470050001000000020602050404000104444b3031050001000000020602050404000001030500010000000206020504040001"+
		strings.Repeat("000500010000000206020504040001", 4)+"00050001000000020602050404"+"0046f1138d"; got != want {
		t.Errorf("got %s", got)
	}
	for id, want := range map[string][2]string{
		"skm-9@1":      {"35357afa44cee9e6f1a537a92236883ddd363d08d31dc7c9332d2148a7ca1915", "de1d8390a5490c79016b5c936cee001877ebb2cba8f193549eb73d18ece015ed"},
		"terpadu-16@1": {"0c7077155ef5147a80a3ab530745ad18c1eb794bceeef0f5e8b157c572246116", "8803653b2b035c9f67763dbcb3478a3129886a6f79177bcc3e845a54c064ad82"},
		"spak-5-s6@1":  {"6d10e7474d05c499fc19336a7fa2ce42e372049b79b002a28a27f1dfcc617395", "e2f6463fdcca35262a741db435230805055b32f6ca1a25b33823d46a39879b21"},
	} {
		for i, gaps := range []float64{0, 0.05} {
			if got := fmt.Sprintf("%x", sha256.Sum256(sampledTally(t, testForm(t, id), 1, 300, gaps).Encode())); got != want[i] {
				t.Errorf("%s with %v left out: got bytes of checksum %s", id, gaps, got)
			}
		}
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
	bare := whole[:len(whole)-checksumSize]
	unknown := sealed(bytes.Replace(bare, []byte("skm-9@1"), []byte("skm-9@9"), 1))
	for name, data := range map[string][]byte{
		"bytes too many":  sealed(append(bytes.Clone(bare), 0)),
		"unknown version": sealed(append([]byte{encodingVersion + 1}, bare[1:]...)),
		"no checksum":     bare,
		"the first shape": append([]byte{1}, bare[1:]...),
		"unknown form":    unknown,
	} {
		if _, err := DecodeTally(lib, data); err == nil {
			t.Errorf("%s: got no error", name)
		}
	}
}

// sealed adds the right checksum, so that what is wrong before it is met.
func sealed(counts []byte) []byte {
	return binary.LittleEndian.AppendUint32(bytes.Clone(counts), crc32.Checksum(counts, castagnoli))
}

// refused checks that no way of reading takes the bytes.
func refused(t *testing.T, lib *survey.Library, form *survey.Form, data []byte, bit int) {
	t.Helper()
	if _, err := DecodeTally(lib, data); err == nil {
		t.Errorf("bit %d: the tally is read", bit)
	}
	if _, err := DecodeTotals(lib, data); err == nil {
		t.Errorf("bit %d: the totals are read", bit)
	}
	if err := NewTally(form).Decode(data); err == nil {
		t.Errorf("bit %d: the tally is read into another one", bit)
	}
}

func TestEveryFlippedBitOfAStoredTallyIsFound(t *testing.T) {
	t.Parallel()
	lib, form := testLibrary(t), testForm(t, "skm-9@1")
	small := answersOf(t, form, "4321-3214", "444444444").Encode()
	for bit := range 8 * len(small) {
		small[bit/8] ^= 1 << (bit % 8)
		refused(t, lib, form, small, bit)
		small[bit/8] ^= 1 << (bit % 8)
	}
	large := NewTally(form)
	rng := rand.New(rand.NewPCG(8, 1))
	for range 2000 {
		marks := make([]byte, 9)
		for q := range marks {
			marks[q] = '1' + byte(rng.IntN(4))
		}
		r := response(form, string(marks))
		r.Service, r.Hour = fmt.Sprintf("layanan-%d", rng.IntN(40)), uint8(rng.IntN(24))
		if err := large.Add(r); err != nil {
			t.Fatal(err)
		}
	}
	data := large.Encode()
	if len(data) < 1000 {
		t.Fatalf("the large tally has %d bytes only", len(data))
	}
	for range 2000 {
		bit := rng.IntN(8 * len(data))
		data[bit/8] ^= 1 << (bit % 8)
		refused(t, lib, form, data, bit)
		data[bit/8] ^= 1 << (bit % 8)
	}
	if _, err := DecodeTally(lib, data); err != nil {
		t.Error(err)
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
		// With the right checksum too: behind it the bytes may be anything.
		for _, data := range [][]byte{data, sealed(data)} {
			if tally, err := DecodeTally(lib, data); err == nil {
				tally.Encode()
			}
			_, _ = DecodeTotals(lib, data) // it must not panic, whatever it says
		}
	})
}
