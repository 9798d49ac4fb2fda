package comment

import (
	"strings"
	"testing"
)

// masking returns a text with [] in the place of each name.
func masking(m *Masker, text string) string {
	var out strings.Builder
	for _, s := range m.Mask(text) {
		out.WriteString(s.Text)
		if s.Mask == Name {
			out.WriteString("[]")
		}
	}
	return out.String()
}

// Qwertono, Zzyx and Vuxa stand in no list: what is beside them says that they are names.
func TestANameIsFoundByWhatStandsBesideIt(t *testing.T) {
	t.Parallel()
	m := newMasker(t)
	for text, want := range map[string]string{
		// after a title, over other titles and offices
		"kata Bapak Bernama Zzyx sudah jadi di sini": "kata Bapak Bernama [] sudah jadi di sini",
		"kata Bapak Namanya Zzyx sudah jadi di sini": "kata Bapak Namanya [] sudah jadi di sini",
		"kata pak zzyx sudah jadi":                   "kata pak [] sudah jadi",
		"kata pak dr. zzyx sudah jadi":               "kata pak dr. [] sudah jadi",
		"kata pak h. zzyx sudah jadi":                "kata pak h. [] sudah jadi",
		"kata ibu kepala zzyx sudah jadi":            "kata ibu kepala [] sudah jadi",
		"bapak yang bernama zzyx ramah":              "bapak yang bernama [] ramah",
		"bapak yang zzyx itu ramah":                  "bapak yang zzyx itu ramah",
		"kata bapak yang":                            "kata bapak yang",
		"kata pak":                                   "kata pak",
		"kata pak dr.":                               "kata pak dr.",
		"kata pak zz sudah jadi":                     "kata pak [] sudah jadi",
		"kata pak z sudah jadi":                      "kata pak z sudah jadi",
		"kata pak zz9 sudah jadi":                    "kata pak zz9 sudah jadi",
		"Kata Bpk. Zzyx sudah jadi.":                 "Kata Bpk. [] sudah jadi.",
		"kata bpk.zzyx sudah jadi":                   "kata bpk.[] sudah jadi",
		"sudah dibantu bapak. zzyx jadi":             "sudah dibantu bapak. zzyx jadi",
		"sudah dibantu bapak - zzyx jadi":            "sudah dibantu bapak - [] jadi",
		"sudah dibantu bapak\nzzyx jadi":             "sudah dibantu bapak\nzzyx jadi",
		"sudah dibantu pak, zzyx jadi":               "sudah dibantu pak, zzyx jadi",
		"sudah dibantu pak,zzyx jadi":                "sudah dibantu pak,[] jadi",
		"terima kasih ko zzyx":                       "terima kasih ko zzyx",
		"sudah terima kasih Ko zzyx ramah":           "sudah terima kasih Ko [] ramah",
		"hub 081244557781 kata pak zzyx ya":          "hub  kata pak [] ya",
		"kata pak zzyx+6281234567890 ya":             "kata pak [] ya",
		"ke x@kota.ibu zzyx lama":                    "ke  zzyx lama",
		"ada bapak berinisial zzyx di sini":          "ada bapak berinisial [] di sini",
		"ada bapak si zzyx di sini":                  "ada bapak si [] di sini",
		"kata kang. zzyx sudah jadi":                 "kata kang. [] sudah jadi",
		"aduh pak! zzyx di sini":                     "aduh pak! zzyx di sini",
		"kata pak zz'yx sudah jadi":                  "kata pak [] sudah jadi",
		"kata pak zz’yx sudah jadi":                  "kata pak [] sudah jadi",
		// a word that is an everyday one too
		"ini pak bagus":                "ini pak []",
		"petugas bagus lama":           "petugas bagus lama",
		"kata petugas Ramahnya kurang": "kata petugas Ramahnya kurang",
		"PAK MENGQWERTO LAMA SEKALI":   "PAK MENGQWERTO LAMA SEKALI",
		"pak bagus sekali":             "pak bagus sekali",
		"kata pak bagus sudah jadi":    "kata pak [] sudah jadi",
		"kata Pak Bagus sekali lagi":   "kata Pak [] sekali lagi",
		"pak kantor jauh":              "pak kantor jauh",
		"pak mengqwerto lama":          "pak mengqwerto lama",
		"kata pak mengku sudah jadi":   "kata pak [] sudah jadi",
		"kata pak berzzy sudah jadi":   "kata pak [] sudah jadi",
		"kata pak berzzyx sudah jadi":  "kata pak berzzyx sudah jadi",
		"sudah dari Pak Berzzyx kami.": "sudah dari Pak [] kami.",
		// after an office or a cue
		"petugas zzyx lama":                   "petugas zzyx lama",
		"kata petugas Zzyx sudah jadi":        "kata petugas [] sudah jadi",
		"petugas rahmawati lama":              "petugas [] lama",
		"kata suster zzyx sudah jadi":         "kata suster [] sudah jadi",
		"surat atas nama zzyx belum jadi":     "surat atas nama [] belum jadi",
		"surat atas zzyx nama belum jadi":     "surat atas zzyx nama belum jadi",
		"sudah ke dinas Zzyx kemarin":         "sudah ke dinas Zzyx kemarin",
		"sudah dibantu Kh. Qwertono di sana":  "sudah dibantu Kh. [] di sana",
		"sudah dibantu kh. qwertono di sana":  "sudah dibantu kh. qwertono di sana",
		"sudah dibantu H. KTP di sana":        "sudah dibantu H. KTP di sana",
		"sudah dibantu H. Ramah di sana":      "sudah dibantu H. Ramah di sana",
		"atas nama zzyx belum jadi":           "atas nama [] belum jadi",
		"kata saya zzyx lama":                 "kata saya zzyx lama",
		"kami ke Kantor Petugas Zzyx kemarin": "kami ke Kantor Petugas [] kemarin",
		// alone
		"kemarin Aroma kurang":                                "kemarin Aroma kurang",
		"kemarin Banner rusak":                                "kemarin Banner rusak",
		"kemarin Atapnya bocor":                               "kemarin Atapnya bocor",
		"kemarin Zz9x marah":                                  "kemarin Zz9x marah",
		"kemarin Kasubag marah":                               "kemarin Kasubag marah",
		"kemarin Nyonya marah":                                "kemarin Nyonya marah",
		"Sudah jadi di sini. Zzyx KQX marah":                  "Sudah jadi di sini. Zzyx KQX marah",
		"kami ke Pasar Aqqz Bqqz Zzyx kemarin sore saja":      "kami ke Pasar Aqqz Bqqz Zzyx kemarin sore saja",
		"kami ke Pasar Aqqz Bqqz Cqqz Zzyx kemarin sore saja": "kami ke Pasar Aqqz Bqqz Cqqz [] kemarin sore saja",
		"Pasar Zzyx ramai sekali":                             "Pasar Zzyx ramai sekali",
		"kami dari Rahmawati kemarin":                         "kami dari [] kemarin",
		"kami di Rahmawati kemarin":                           "kami di [] kemarin",
		"kata orang Rahmawati kemarin":                        "kata orang [] kemarin",
		"kata warga Rahmawati kemarin":                        "kata warga [] kemarin",
		"kemarin Zzyx marah":                                  "kemarin [] marah",
		"kemarin Zz marah":                                    "kemarin Zz marah",
		"kemarin ZZYX marah di loket":                         "kemarin ZZYX marah di loket",
		"Zzyx marah di loket":                                 "Zzyx marah di loket",
		"Sudah jadi. Zzyx marah di loket":                     "Sudah jadi. Zzyx marah di loket",
		"Sudah jadi di sini. Zzyx Vuxa marah":                 "Sudah jadi di sini. [] marah",
		"Sudah jadi di sini. Zzyx Ramah sekali":               "Sudah jadi di sini. Zzyx Ramah sekali",
		"Sudah jadi di sini. Zzyx KTP marah":                  "Sudah jadi di sini. Zzyx KTP marah",
		"Sudah jadi di sini. Zzyx, Vuxa marah":                "Sudah jadi di sini. Zzyx, [] marah",
		"kami ke Zzyx kemarin":                                "kami ke Zzyx kemarin",
		"kami ke Pasar Zzyx kemarin":                          "kami ke Pasar Zzyx kemarin",
		"kami ke pasar baru Zzyx kemarin":                     "kami ke pasar baru [] kemarin",
		"rahmawati marah di loket":                            "[] marah di loket",
		"kami ke Rahmawati kemarin":                           "kami ke [] kemarin",
		"kami di kelurahan Rahmawati kemarin":                 "kami di kelurahan Rahmawati kemarin",
		"kami di kelurahan rahmawati kemarin":                 "kami di kelurahan [] kemarin",
		// capitals that say nothing
		"Kemarin Zzyx Marah Di Loket": "Kemarin Zzyx Marah Di Loket",
		"KEMARIN ZZYX MARAH DI LOKET": "KEMARIN ZZYX MARAH DI LOKET",
		"KATA PAK ZZYX SUDAH JADI":    "KATA PAK [] SUDAH JADI",
		// how far a name goes
		"kata pak zzyx daeng qwertono sudah":        "kata pak [] sudah",
		"KATA PAK ZZYX BAGUS SUDAH JADI":            "KATA PAK [] BAGUS SUDAH JADI",
		"kata pak zzyx rahmawati vuxa xqzu vzx":     "kata pak [] vzx",
		"kata pak zzyx/qwertono sudah":              "kata pak []/qwertono sudah",
		"kata pak zzyx. qwertono sudah":             "kata pak [] sudah",
		"kata pak zzyx daeng":                       "kata pak [] daeng",
		"kata pak zzyx kasubag lama":                "kata pak [] kasubag lama",
		"kata pak zzyx koh vuxa sudah jadi":         "kata pak [] koh [] sudah jadi",
		"kata pak Zzyx Mas Vuxa sudah jadi di sini": "kata pak [] sudah jadi di sini",
		"kata pak Zzyx QQ sudah jadi di loket itu":  "kata pak [] QQ sudah jadi di loket itu",
		"kata pak Zzyx Muh":                         "kata pak []",
		"kata pak zzyx bin qwertono sudah jadi":     "kata pak [] sudah jadi",
		"kata pak zzyx bin":                         "kata pak [] bin",
		"kata pak zzyx qwertono vuxa xqzu sudah":    "kata pak [] sudah",
		"kata pak zzyx qwertono vuxa xqzu vzx":      "kata pak [] vzx",
		"kata pak zzyx vu sudah jadi":               "kata pak [] vu sudah jadi",
		"kata pak Zz. Qwertono sudah jadi":          "kata pak [] sudah jadi",
		"kata pak zzyxx. qwertono sudah jadi":       "kata pak []. qwertono sudah jadi",
		"kata pak zzyx\nqwertono sudah jadi":        "kata pak []\nqwertono sudah jadi",
		"kata pak zzyx 12 qwertono":                 "kata pak [] 12 qwertono",
		"kata pak zzyx petugas loket":               "kata pak [] petugas loket",
		"kata pak zzyx pak vuxa sudah jadi":         "kata pak [] pak [] sudah jadi",
		"kata pak zzyx bagus sudah jadi":            "kata pak [] bagus sudah jadi",
		"kata pak Zzyx Bagus sudah jadi di sana":    "kata pak [] sudah jadi di sana",
		"kata pak zzyx rahmawati sudah jadi":        "kata pak [] sudah jadi",
		"kata pak Zzyx KK sudah jadi di loket itu":  "kata pak [] KK sudah jadi di loket itu",
		"kata pak zzyx dg qwertono sudah jadi":      "kata pak [] dg [] sudah jadi",
		"kata pak Zzyx Dg Qwertono sudah jadi juga": "kata pak [] sudah jadi juga",
	} {
		if got := masking(m, text); got != want {
			t.Errorf("%q\nis   %q,\nwant %q", text, got, want)
		}
	}
}

func TestCapitalsSayNothingWhereMostIsInThem(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"":                            false,
		"123 45":                      false,
		"ABcd":                        false,
		"ABCd":                        true,
		"AB 12345":                    true,
		"Abcd Efgh":                   false, // too few words to say
		"Abcd Efgh Ijkl":              true,
		"Abcd Efgh Ijkl mno":          true, // three of four
		"Abcd Efgh ijkl mno":          false,
		"Abcd Efgh Ijkl di mno ke di": true, // short words are not asked
		"Abcd Efgh 123 4567 8910":     false,
		"Abcd Efgh Ijkl 1234 5678":    true, // nor what is no word
	} {
		if got := styled(text, words(text)); got != want {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	}
}

func TestATextIsSplitAtWhatIsNoLetter(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":               "",
		"pa' Budi, ke-2": "pa' Budi ke 2",
		"'kutip' ya":     "kutip' ya",
		"Jum’at":         "Jum’at",
		"  … a\u0301b  ": "a\u0301b",
		"satu":           "satu",
	} {
		var got []string
		for _, w := range words(text) {
			if text[w.from:w.to] != w.text {
				t.Errorf("%q: %q stands elsewhere", text, w.text)
			}
			got = append(got, w.text)
		}
		if s := strings.Join(got, " "); s != want {
			t.Errorf("%q is split into %q, want %q", text, s, want)
		}
	}
	for text, want := range map[string]string{"": "", " …": "", "Loket": "loket", "ke Loket: ": "loket", "di pa'": "pa'", "di pa’": "pa’", "—b2": "b2", "a—b2": "b2"} {
		if got := lastWord(text); got != want {
			t.Errorf("the last word of %q is %q, want %q", text, got, want)
		}
	}
}

func TestAWordOfLettersMayHaveAnApostropheOrAnAccent(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{"budi": true, "da'i": true, "jum’at": true, "cafe\u0301": true, "b2": false, "٣a": false} {
		if list := words(text); len(list) != 1 || list[0].lettered() != want {
			t.Errorf("%q: %+v, want letters alone: %v", text, list, want)
		}
	}
}
