package comment

import (
	"regexp"
	"slices"
	"strings"
)

// Kind is what a masked part of a comment is.
type Kind string

// The kinds. Where a number may be two of them it is masked as either.
const (
	Name  Kind = "name"
	NIK   Kind = "nik"
	Phone Kind = "phone"
	Email Kind = "email"
	Plate Kind = "plate"
)

// Segment is a part of a masked comment: text that may be read, or the place of something
// that is masked, whose Text is empty.
type Segment struct {
	Text string
	Mask Kind // empty: Text may be read
}

// span is a part of a text that is masked, in bytes.
type span struct {
	from, to int
	kind     Kind
}

// Masker masks what may name a person. Safe for concurrent use.
type Masker struct{ names *names }

// NewMasker makes a masker by the word lists that come with the program.
func NewMasker() (*Masker, error) {
	n, err := shippedNames()
	if err != nil {
		return nil, err
	}
	return &Masker{n}, nil
}

// Mask returns a comment without what may name a person: NIK and other numbers of 16
// digits, telephone numbers, e-mail addresses, licence plates and names, however odd the
// characters are that they are written in (see fold). Neighbouring parts are of different
// kinds, or text.
func (m *Masker) Mask(text string) []Segment {
	var out []Segment
	at := 0
	for _, s := range m.spans(text) {
		if s.from > at {
			out = append(out, Segment{Text: unbent(text[at:s.from])})
		}
		out = append(out, Segment{Mask: s.kind})
		at = s.to
	}
	if at < len(text) {
		out = append(out, Segment{Text: unbent(text[at:])})
	}
	return out
}

// Plain returns what may be read of a masked comment, with a mark for each part that may
// not: what searches and topics work on, folded.
func Plain(list []Segment) string {
	var out strings.Builder
	for _, s := range list {
		if s.Mask != "" {
			out.WriteString("•••")
		}
		out.WriteString(s.Text)
	}
	return fold(out.String()).text
}

var (
	// They look at folded texts. Between the digits of a number people put spaces, dots, hyphens,
	// slashes, brackets and underscores.
	digitRun = regexp.MustCompile(`[+(]?\d(?:[ .\-/()_]{0,3}\d)*`)
	email    = regexp.MustCompile(`(?i)[\p{L}\d._%+\-]+\s?(?:@|\[at\]|\(at\)|\(a\)|\sat\s)\s?[\p{L}\d\-]+(?:\s?(?:\.|[\[(](?:dot|titik)[\])]|\s(?:dot|titik)\s)\s?[a-z][a-z\d\-]+|,\s?(?:com|co|net|org|go|id)\b)+`)
	handle   = regexp.MustCompile(`(?:^|[\s(])(@[\p{L}\d._]{3,})`)
	plate    = regexp.MustCompile(`(?i)(?:^|[^\p{L}\d])((A|AA|AB|AD|AE|AG|B|BA|BB|BD|BE|BG|BH|BK|BL|BM|BN|BP|D|DA|DB|DC|DD|DE|DG|DH|DK|DL|DM|DN|DP|DR|DS|DT|DW|E|EA|EB|ED|F|G|H|K|KB|KH|KT|KU|L|M|N|P|PA|PB|PG|PS|PT|R|RI|S|T|W|Z)[ .\-]?\d{1,4}[ .\-]?[A-Z]{1,3})(?:$|[^\p{L}\d])`)
)

// spans returns what is masked, in order, without overlaps.
func (m *Masker) spans(text string) []span {
	f := fold(text)
	out := m.spansOf(f.text)
	for i := range out {
		out[i].from, out[i].to = f.original(out[i].from, out[i].to)
	}
	return out
}

// spansOf is spans of a folded text. What a text has not is not looked for: patterns are
// slow, and a search masks thousands of texts.
func (m *Masker) spansOf(text string) []span {
	list := words(text)
	var out []span
	add := func(from, to int, kind Kind) {
		for _, s := range out {
			if from < s.to && s.from < to {
				return
			}
		}
		out = append(out, span{from, to, kind})
	}
	at, digits := strings.Contains(text, "@"), strings.ContainsAny(text, "0123456789")
	if at || strings.ContainsAny(text, "[(") || slices.ContainsFunc(list, func(w word) bool { return w.low == "at" }) {
		for _, at := range email.FindAllStringIndex(text, -1) {
			add(at[0], at[1], Email)
		}
	}
	if digits {
		for _, at := range plate.FindAllStringSubmatchIndex(text, -1) {
			if isPlate(text[at[2]:at[3]], text[:at[2]]) {
				add(at[2], at[3], Plate)
			}
		}
		for _, at := range digitRun.FindAllStringIndex(text, -1) {
			if kind := numberKind(text[at[0]:at[1]]); kind != "" {
				add(at[0], at[1], kind)
			}
		}
	}
	for _, s := range spelt(list) {
		add(s.from, s.to, s.kind)
	}
	if at {
		for _, at := range handle.FindAllStringSubmatchIndex(text, -1) {
			add(at[2], at[3], Name)
		}
	}
	for _, s := range m.names.spans(text, list, out) {
		add(s.from, s.to, Name)
	}
	slices.SortFunc(out, func(a, b span) int { return a.from - b.from })
	return joined(text, out)
}

// joined makes one of neighbouring names with nothing but spaces and full stops between.
func joined(text string, list []span) []span {
	var out []span
	for _, s := range list {
		if n := len(out); n > 0 && out[n-1].kind == s.kind && s.kind == Name && strings.Trim(text[out[n-1].to:s.from], " .") == "" {
			out[n-1].to = s.to
			continue
		}
		out = append(out, s)
	}
	return out
}

// numberKind tells what a number is, by its digits and by how they are written; empty:
// nobody's. Amounts of money, dates and times have other forms.
func numberKind(s string) Kind {
	digits := strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
	n := len(digits)
	switch {
	case n >= 15: // one digit too few or too many is a slip, not another number; many more are two numbers
		return NIK
	case n < 9 || n > 14:
		return ""
	case strings.HasPrefix(digits, "08"), strings.HasPrefix(digits, "628"), strings.HasPrefix(digits, "62") && strings.HasPrefix(s, "+"):
		return Phone
	case strings.HasPrefix(digits, "0"): // of a land line, or foreign with 00
		return Phone
	case strings.HasPrefix(s, "+"):
		return Phone
	case digits[0] == '8' && n >= 10 && n <= 12: // without the 0 before it
		return Phone
	default:
		return ""
	}
}

// isPlate tells a plate from counts and places: `loket A 12 b`, `B 3 tutup` have a word
// where a plate has its last letters.
func isPlate(s, before string) bool {
	list := words(s)
	last := list[len(list)-1].text
	small := strings.ToLower(last) == last     // it ends with letters
	if small && strings.ContainsAny(s, " -") { // dd 4321 xy, and not: jalur b 12 di
		low := strings.TrimLeft(strings.ToLower(s[strings.LastIndexAny(s, "0123456789")+1:]), " -")
		if everyday[low] || len(strings.Fields(s)) > 1 && len(words(s)[0].text) == 1 {
			return false
		}
	}
	switch lastWord(before) {
	case "loket", "poli", "ruang", "lantai", "blok", "rp", "jam", "gate", "pasal", "antrean", "antrian":
		return false
	}
	return true
}

// leastSpelt is how many digits in words that follow each other are a number of somebody's.
const leastSpelt = 8

// digitWords are what people call digits.
var digitWords = set([]string{"nol", "kosong", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan"})

// spelt returns the numbers that are written in words: nol delapan satu dua …
func spelt(list []word) (out []span) {
	for i := 0; i < len(list); i++ {
		end := i
		for end < len(list) && digitWords[list[end].low] {
			end++
		}
		if n := end - i; n >= leastSpelt {
			kind := Phone
			if n >= 15 {
				kind = NIK
			}
			out = append(out, span{list[i].from, list[end-1].to, kind})
		}
		i = max(i, end-1)
	}
	return out
}

// everyday are words of one to three letters that follow a number and are no plate's end.
var everyday = map[string]bool{
	"di": true, "ke": true, "b": true, "x": true, "jam": true, "rb": true, "jt": true, "th": true, "bln": true, "mnt": true, "kg": true, "km": true,
	"m": true, "org": true, "kk": true, "ga": true, "gak": true, "tdk": true, "dan": true, "ya": true, "yg": true, "itu": true, "ini": true, "blm": true, "sdh": true, "ada": true,
}
