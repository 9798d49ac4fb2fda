package comment

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func newMasker(t testing.TB) *Masker {
	t.Helper()
	m, err := NewMasker()
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestWhatNamesAPersonIsMasked(t *testing.T) {
	t.Parallel()
	m := newMasker(t)
	for text, want := range map[string]string{
		"Petugas loket 1, Bu Sari, sabar":                               "Petugas loket 1, Bu [name], sabar",
		"pak qwertono galak":                                            "pak [name] galak",
		"Pak Camat Qwertono hadir":                                      "Pak Camat [name] hadir",
		"atas nama Zzyx Qwertono belum jadi":                            "atas nama [name] belum jadi",
		"NIK 7371 1145.0689-0004 ditolak":                               "NIK [nik] ditolak",
		"hub 0812-4455-7781.":                                           "hub [phone].",
		"hub +62 852 1100 2299 ya":                                      "hub [phone] ya",
		"hub +1 415 555 2671 ya":                                        "hub [phone] ya",
		"0812-4455-7781 atau a.b@kota.go.id, DD 1234 AB":                "[phone] atau [email], [plate]",
		"NIK 7371 1145 0689 0004 7371 1145 0689 0005":                   "NIK [nik]",
		"ke a.b+c@kota.go.id":                                           "ke [email]",
		"sitiaisyah (at) gmail.com":                                     "[email]",
		"mobil DD 1234 AB dan dd4321xy":                                 "mobil [plate] dan [plate]",
		"@rahmawati_88 di IG":                                           "[name] di IG",
		"Bapak ibu petugas ramah, pak satpam juga":                      "Bapak ibu petugas ramah, pak satpam juga",
		"Rp 2.500.000, jam 08.00-15.30, 12-11-2026, nomor A-045, RT 03": "Rp 2.500.000, jam 08.00-15.30, 12-11-2026, nomor A-045, RT 03",
		"loket B 12 dan A 3 ke":                                         "loket B 12 dan A 3 ke",
		"":                                                              "",
	} {
		var got strings.Builder
		for _, s := range m.Mask(text) {
			got.WriteString(s.Text)
			if s.Mask != "" {
				got.WriteString("[" + string(s.Mask) + "]")
			}
		}
		if got.String() != want {
			t.Errorf("%q is masked as %q, want %q", text, got.String(), want)
		}
	}
}

func TestAMaskedCommentIsTheCommentWithoutItsMaskedParts(t *testing.T) {
	t.Parallel()
	m := newMasker(t)
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(rapid.String(), rapid.StringMatching(`((pak|Bu|NIK|saya|0812|DD 1234 AB|a@b.co|Zzyx|ramah|[ .,]){1,3}){0,9}`)).Draw(t, "text")
		spans := m.spans(text)
		var want []Segment
		at := 0
		for _, s := range spans {
			if s.from < at || s.to <= s.from || s.to > len(text) {
				t.Fatalf("%v are no parts of %q in their order", spans, text)
			}
			if s.from > at {
				want = append(want, Segment{Text: unbent(text[at:s.from])})
			}
			want = append(want, Segment{Mask: s.kind})
			at = s.to
		}
		if at < len(text) {
			want = append(want, Segment{Text: unbent(text[at:])})
		}
		if got := m.Mask(text); !slices.Equal(got, want) {
			t.Fatalf("%q is masked as %v, want %v", text, got, want)
		}
	})
}

func FuzzMask(f *testing.F) {
	m := newMasker(f)
	for _, text := range []string{"Pak Budi", "7371114506890004", "pa' '’", "\xff\x00 bu \xc3", "a@b.c", "DD 1 A"} {
		f.Add(text)
	}
	c, err := NewClassifier()
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text string) {
		c.Classify(Plain(m.Mask(text)))
	})
}
