package comment

import (
	_ "embed"
	"fmt"
	"strings"
	"testing"
)

//go:embed testdata/attack.txt
var attackText string

// What a person reads as a number, an address or a name is masked, in whichever characters
// it is written.
func TestNobodyPassesAMaskByOddCharacters(t *testing.T) {
	t.Parallel()
	m := newMasker(t)
	for text, want := range map[string]string{
		"hp 08\u200b12\u20603456\u200d7890 ya":         "hp ••• ya",
		"hp ０８１２３４５６７８９０ ya":                           "hp ••• ya",
		"hp ٠٨١٢٣٤٥٦٧٨٩٠ ya":                           "hp ••• ya",
		"hp 𝟎𝟖𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗𝟎 ya":                           "hp ••• ya",
		"hp o812 3456 789O ya":                         "hp ••• ya",
		"hp 0812_3456_7890 ya":                         "hp ••• ya",
		"nik 7371O1O1O19OOOO1 ya":                      "nik ••• ya",
		"nol delapan satu dua tiga empat lima enam ya": "••• ya",
		"surel budis＠gmail．com":                        "surel •••",
		"surel bu\u200bdis@gm\u00adail.com":            "surel •••",
		"surel budis@gmail,com":                        "surel •••",
		"surel budis [at] yahoo [titik] com":           "surel •••",
		"plat В 1234 ХУ parkir":                        "plat ••• parkir",
		"plat DD\u200b1234\u200bXY parkir":             "plat ••• parkir",
		"plat DD.1234.XY parkir":                       "plat ••• parkir",
		"Pаk Suhаrtono galak":                          "Pаk ••• galak",
		"Pak Su\u200bha\u200brtono galak":              "Pak ••• galak",
		"Bu 𝐑𝐨𝐬𝐦𝐚𝐰𝐚𝐭𝐢 galak":                           "Bu ••• galak",
		"H. Syamsuar kurang teliti":                    "H. ••• kurang teliti",
		"Hj. Murniwati ketus":                          "Hj. ••• ketus",
		"bayar 25OO rupiah, loket B dan C":             "bayar 25OO rupiah, loket B dan C",
		"Keluarga 👨\u200d👩\u200d👧 senang":              "Keluarga 👨\u200d👩\u200d👧 senang",
		"Hari H. Kami tunggu":                          "Hari H. Kami tunggu",
	} {
		var got strings.Builder
		for _, s := range m.Mask(text) {
			if got.WriteString(s.Text); s.Mask != "" {
				got.WriteString("•••")
			}
		}
		if got.String() != want {
			t.Errorf("%q is masked as %q, want %q", text, got.String(), want)
		}
	}
}

func TestWhoSearchesFindsWordsInWhicheverCharacters(t *testing.T) {
	t.Parallel()
	for text, finds := range map[string]bool{"antre lаmа sekali": true, "antre la\u200bma": true, "ａｎｔｒｅ ｌａｍａ": true, "lamur": false} {
		if got := contains(Plain([]Segment{{Text: text}}), searched("lamа")); got != finds {
			t.Errorf("%q is found: %v", text, got)
		}
	}
}

// A reader would see a name that is written backwards, and turned, in its order.
func TestNothingTurnsTheDirectionOfAComment(t *testing.T) {
	t.Parallel()
	for _, s := range newMasker(t).Mask("antre \u202eonotrahus\u202c lama") {
		if strings.ContainsAny(s.Text, "\u202e\u202c") {
			t.Errorf("%q", s.Text)
		}
	}
}

func TestNamesOfAllRegionsAreMaskedAsOftenAsDocsSay(t *testing.T) {
	t.Parallel()
	s := scoreMasks(newMasker(t), readLabelled(t, attackText, false), func(l labelled, got string) {
		if testing.Verbose() {
			t.Logf("line %d: %s: %s", l.line, l.text, got)
		}
	})
	published(
		t, fmt.Sprintf("| names | %s | %s |", "84.9 % (62 of 73)", share(s.found[Name], s.of[Name])), fmt.Sprintf("| names that no list holds | %s | %s |", "81.3 % (39 of 48)", share(s.unlisted[0], s.unlisted[1])),
		fmt.Sprintf("| numbers, addresses and plates | %s | %s |", "45.5 % (15 of 33)", share(s.found[NIK]+s.found[Phone]+s.found[Email]+s.found[Plate], s.of[NIK]+s.of[Phone]+s.of[Email]+s.of[Plate])),
		fmt.Sprintf("%d of %d words that should be read", s.over, s.words),
	)
}

func TestCharactersAreReadAsWhatTheyLookLike(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"０９": "09", "٠٩": "09", "𝟎𝟗𝟘𝟡𝟶𝟿": "090909", "é": "e", "e\u0301": "e", "a\u1680b\u3000c": "a b c", "Сахар": "Caxap", "Τ": "T", "И": "И", "ﬁ": "fi", "−–": "--",
		// O, I and l are digits where most are, and stand for nothing else.
		"o812": "0812", "O812": "0812", "I234": "1234", "l234": "1234", "OIl123": "011123", "OIlo123": "OIlo123", "l23": "l23", "Ol12": "Ol12", "o0o12": "00012", "o120": "0120",
		"Zo812": "Zo812", "Ao812": "Ao812", "ao812": "ao812", "zo812": "zo812", "o812x": "o812x", "À o812À": "A 0812A"[:2] + "o812A",
		"[o812": "[0812", "`o812": "`0812", "{o812": "{0812", "@o812": "@0812", ":o812": ":0812", "/o812": "/0812", "И o812": "И 0812", "Рo812": "Po812", "рaЀo812": "paEo812", "一o812": "一o812", "怀o812": "怀o812",
	} {
		if got := fold(text); got.text != want {
			t.Errorf("%q is read as %q, want %q", text, got.text, want)
		}
	}
	if got := unbent("\u202a\u202e\u2066\u2069a\u2029\u202f\u2065\u206a"); got != "a\u2029\u202f\u2065\u206a" {
		t.Errorf("%q is left", got)
	}
}
