package comment

import (
	_ "embed" // the word lists
	"fmt"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

var (
	//go:embed data/common.txt
	commonText string
	//go:embed data/names.txt
	namesText string
	//go:embed data/titles.yaml
	titlesYAML []byte
)

// mostNamed bounds how many words are taken for one name.
const mostNamed = 4

// names finds the names of people. The lists need not know a name: beside a title whatever
// is no everyday word is one.
type names struct {
	common, given           stemSet
	titles, between, roles  map[string]bool
	places                  map[string]bool
	cues                    []phrase
	intensifiers, connected map[string]bool
}

// shippedNames are read once for all, and never changed.
var shippedNames = sync.OnceValues(readNames)

func readNames() (*names, error) {
	var file struct {
		Titles, Between, Roles, Places, Cues []string
	}
	if err := yaml.Unmarshal(titlesYAML, &file); err != nil {
		return nil, fmt.Errorf("read titles: %w", err)
	}
	var topics []topicFile
	if err := yaml.Unmarshal(topicsYAML, &topics); err != nil {
		return nil, fmt.Errorf("read topics: %w", err)
	}
	n := &names{
		common: stemSet{}, given: stemSet{}, titles: set(file.Titles), between: set(file.Between), roles: set(file.Roles), places: set(file.Places),
		intensifiers: set([]string{"sekali", "banget", "bgt", "sangat", "amat", "sgt", "lagi", "semua", "pisan", "tenan", "sanget"}), connected: set([]string{"bin", "binti", "br"}),
	}
	n.common.add(listed(commonText)...)
	for _, t := range topics {
		for _, w := range slices.Concat(t.Words, t.Phrases) {
			n.common.add(strings.Fields(w)...)
		}
	}
	n.given.add(listed(namesText)...)
	for _, c := range file.Cues {
		n.cues = append(n.cues, strings.Fields(strings.NewReplacer(".", " ", "/", " ").Replace(c)))
	}
	return n, nil
}

// listed returns the words of a list; # begins a remark.
func listed(text string) (out []string) {
	for line := range strings.Lines(text) {
		if !strings.HasPrefix(line, "#") {
			out = append(out, strings.Fields(line)...)
		}
	}
	return out
}

func set(list []string) map[string]bool {
	out := make(map[string]bool, len(list))
	for _, w := range list {
		out[w] = true
	}
	return out
}

// nameSearch is a text in which names are looked for.
type nameSearch struct {
	*names
	text   string
	list   []word
	styled bool // capitals say nothing
	marked []bool
}

// spans returns the names in a text, outside of what is masked already.
func (n *names) spans(text string, list []word, taken []span) []span {
	x := &nameSearch{names: n, text: text, list: list}
	x.styled = styled(text, x.list)
	x.marked = make([]bool, len(x.list))
	free := func(i int) bool {
		return !slices.ContainsFunc(taken, func(s span) bool { return x.list[i].from < s.to && s.from < x.list[i].to })
	}
	for i := range x.list {
		if free(i) {
			x.at(i)
		}
	}
	var out []span
	for i := range x.list {
		if x.marked[i] { // what is masked already is not masked twice: see spansOf
			out = append(out, span{x.list[i].from, x.list[i].to, Name})
		}
	}
	return out
}

// at marks the name that the i-th word begins, or announces.
func (x *nameSearch) at(i int) {
	w := &x.list[i]
	switch {
	case x.marked[i]:
	case x.titles[w.low] && x.announces(i):
		if j := x.past(i); j < len(x.list) && x.isNamed(j, true) {
			x.mark(j)
		}
	case x.cued(i), x.roles[w.low] && !x.placed(i):
		if j := x.past(i); j < len(x.list) && x.isNamed(j, x.cued(i) || x.medical(w.low)) {
			x.mark(j)
		}
	case x.honours(i):
		x.mark(i + 1)
	case x.alone(i):
		x.mark(i)
	}
}

// cued reports whether a cue ends at a word.
func (x *nameSearch) cued(i int) bool {
	for _, c := range x.cues {
		if i+1 < len(c) {
			continue
		}
		fits := true
		for k, w := range c {
			fits = fits && x.list[i+1-len(c)+k].low == w
		}
		if fits {
			return true
		}
	}
	return false
}

// past returns the place of the first word after a title, over other titles and offices.
func (x *nameSearch) past(i int) int {
	j := i + 1
	for ; j < len(x.list); j++ {
		if !x.follows(j) {
			return len(x.list)
		}
		low := x.list[j].low
		switch {
		case x.titles[low], x.between[low], x.roles[low]:
		case low == "bernama", low == "berinisial", low == "namanya":
		default:
			return j
		}
	}
	return j
}

// follows reports whether nothing but a space, or what stands after a short title, is
// before a word.
func (x *nameSearch) follows(j int) bool {
	gap := x.text[x.list[j-1].to:x.list[j].from]
	short := utf8.RuneCountInString(x.list[j-1].text) <= 4
	return strings.Trim(gap, " :-\"“(") == "" || short && strings.Trim(gap, " .:,-\"“(") == "" && !strings.Contains(gap, ", ")
}

// isNamed reports whether a word is a name where a title (sure) or an office stands before
// it. An everyday word is one if the lists know it as a name too, and it does not belong
// to what follows: `pak bagus sekali`.
func (x *nameSearch) isNamed(j int, sure bool) bool {
	w := &x.list[j]
	if !w.lettered() || utf8.RuneCountInString(w.low) < 2 {
		return false
	}
	capital := w.capital() && !x.styled
	if capital && sure && !x.common[w.low] {
		return true
	}
	if x.everyday(w.low) {
		if !x.given[w.low] {
			return false
		}
		intensified := j+1 < len(x.list) && x.intensifiers[x.list[j+1].low]
		return capital || sure && !intensified
	}
	return sure && !verbal(w.low) || capital
}

// everyday reports whether a word is an everyday one. One that the lists know as a name is
// so only as it stands: Ratna is no form of another word.
func (n *names) everyday(low string) bool {
	return n.common[low] || !n.given[low] && n.common.has(low)
}

// verbal reports whether a word looks like a verb that no list holds.
func verbal(low string) bool {
	for _, prefix := range []string{"meng", "mem", "men", "ber", "di", "ter", "nge", "ke", "pe"} {
		if strings.HasPrefix(low, prefix) && utf8.RuneCountInString(low) > 6 {
			return true
		}
	}
	return false
}

// alone reports whether a word is a name that nothing announces: one that the lists know
// and that is no everyday word, or a capital within a sentence that begins neither a known
// word nor the name of a place.
func (x *nameSearch) alone(i int) bool {
	w := &x.list[i]
	if !w.lettered() || utf8.RuneCountInString(w.low) < 3 {
		return false
	}
	common := x.everyday(w.low)
	if x.given[w.low] && !common {
		return !x.afterPlace(i, false) || !w.capital()
	}
	if x.styled || !w.capital() || common || x.acronym(w) || x.afterPlace(i, true) {
		return false
	}
	if !x.begins(i) {
		return true
	}
	// At the beginning of a sentence two of them in a row are a name.
	return i+1 < len(x.list) && x.follows(i+1) && x.list[i+1].capital() && !x.everyday(x.list[i+1].low) && !x.acronym(&x.list[i+1])
}

// acronym reports whether a word is in capitals throughout: an office, a service.
func (*nameSearch) acronym(w *word) bool { return strings.ToUpper(w.text) == w.text }

// begins reports whether a word is the first of a sentence.
func (x *nameSearch) begins(i int) bool {
	return i == 0 || strings.ContainsAny(x.text[x.list[i-1].to:x.list[i].from], ".!?\n:;\"“")
}

// afterPlace reports whether a word belongs to the name of a place or an office; loosely
// also where nothing but di, ke or dari says so.
func (x *nameSearch) afterPlace(i int, loosely bool) bool {
	for k := i - 1; k >= 0 && k >= i-3; k-- {
		low := x.list[k].low
		if x.places[low] {
			return loosely || low != "di" && low != "ke" && low != "dari" && low != "orang" && low != "warga"
		}
		if !x.list[k].capital() {
			return false
		}
	}
	return false
}

// mark marks a word as a name and the words that belong to it.
func (x *nameSearch) mark(i int) {
	x.marked[i] = true
	for j := i + 1; j < len(x.list) && j < i+mostNamed; j++ {
		w := &x.list[j]
		gap := x.text[x.list[j-1].to:w.from]
		initial := utf8.RuneCountInString(x.list[j-1].text) <= 4 && strings.Trim(gap, " .") == ""
		if strings.Trim(gap, " ") != "" && !initial || !w.lettered() {
			return
		}
		capital := w.capital() && !x.styled
		switch {
		case x.connected[w.low], x.between[w.low] && (capital || x.given[w.low]):
			x.marked[j] = j+1 < len(x.list)
		case x.titles[w.low] && !x.given[w.low] || x.roles[w.low]:
			return
		case x.everyday(w.low) && (!x.given[w.low] || !capital):
			return
		case capital && !x.acronym(w), utf8.RuneCountInString(w.low) > 2:
			x.marked[j] = true
		default:
			return
		}
	}
}
