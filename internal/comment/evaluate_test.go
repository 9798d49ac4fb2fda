package comment

import (
	_ "embed"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

//go:embed testdata/comments.txt
var commentsText string

//go:embed testdata/masking.txt
var maskingText string

//go:embed testdata/later.txt
var laterText string

//go:embed testdata/fresh.txt
var freshText string

// labelled is a comment with what is right of it.
type labelled struct {
	line   int // in its file
	text   string
	topics []string
	spans  []span
	held   bool // held out: not looked at while the lists were made
}

var mark = regexp.MustCompile(`\{([nktep]):([^}]*)\}`)

// readLabelled reads a file of labelled comments, of which every second is held out.
func readLabelled(t testing.TB, text string, topics bool) (out []labelled) {
	t.Helper()
	kinds := map[string]Kind{"n": Name, "k": NIK, "t": Phone, "e": Email, "p": Plate}
	n := 0
	for at, line := range strings.Split(strings.TrimSpace(text), "\n") {
		if strings.HasPrefix(line, "#") {
			continue
		}
		n++
		l := labelled{line: at + 1, held: n%2 == 0}
		if topics {
			codes, rest, ok := strings.Cut(line, " | ")
			if !ok {
				t.Fatalf("line %d has no topics: %q", at+1, line)
			}
			if codes != "-" {
				l.topics = strings.Fields(codes)
			}
			line = rest
		}
		for {
			m := mark.FindStringSubmatchIndex(line)
			if m == nil {
				break
			}
			inner := line[m[4]:m[5]]
			l.spans = append(l.spans, span{m[0], m[0] + len(inner), kinds[line[m[2]:m[3]]]})
			line = line[:m[0]] + inner + line[m[1]:]
		}
		l.text = line
		out = append(out, l)
	}
	return out
}

// score counts what was found and what was right.
type score struct{ hit, miss, wrong int }

func (s score) String() string {
	return fmt.Sprintf("precision %s, recall %s", share(s.hit, s.hit+s.wrong), share(s.hit, s.hit+s.miss))
}

// scoreTopics compares the topics found with the right ones. say is called with each
// comment of which they differ.
func scoreTopics(m *Masker, c *Classifier, list []labelled, say func(l labelled, found []string)) (all score, by map[string]*score) {
	by = map[string]*score{}
	for _, l := range list {
		var found []string
		set := c.Classify(Plain(m.Mask(l.text))) // as it is done: topics are those of what may be read
		for i, code := range c.Topics() {
			if set.Has(i) {
				found = append(found, string(code))
			}
		}
		for _, code := range c.Topics() {
			s := by[string(code)]
			if s == nil {
				s = new(score)
				by[string(code)] = s
			}
			is, should := slices.Contains(found, string(code)), slices.Contains(l.topics, string(code))
			switch {
			case is && should:
				s.hit++
				all.hit++
			case is:
				s.wrong++
				all.wrong++
			case should:
				s.miss++
				all.miss++
			}
		}
		want := slices.Clone(l.topics)
		slices.Sort(want)
		got := slices.Clone(found)
		slices.Sort(got)
		if !slices.Equal(want, got) {
			say(l, found)
		}
	}
	return all, by
}

// masked is how well comments were masked.
type masked struct {
	found, of map[Kind]int // parts that are wholly masked, and that should be
	unlisted  [2]int       // of the names that no list holds
	over      int          // words that were masked and should not be
	words     int          // words that should not be masked
	clean     int          // comments with nothing to mask, of which something was
	cleanOf   int
}

// scoreMasks compares what is masked with what should be.
func scoreMasks(m *Masker, list []labelled, say func(l labelled, got string)) masked {
	out := masked{found: map[Kind]int{}, of: map[Kind]int{}}
	for _, l := range list {
		got := m.spans(l.text)
		wrong := false
		for _, s := range l.spans {
			out.of[s.kind]++
			covered := true
			known := false
			for _, w := range words(l.text) {
				if w.from >= s.from && w.to <= s.to {
					covered = covered && slices.ContainsFunc(got, func(g span) bool { return g.from <= w.from && w.to <= g.to })
					known = known || m.names.given[w.low]
				}
			}
			if covered {
				out.found[s.kind]++
			}
			if s.kind == Name && !known {
				out.unlisted[1]++
				if covered {
					out.unlisted[0]++
				}
			}
			wrong = wrong || !covered
		}
		over := 0
		for _, w := range words(l.text) {
			if slices.ContainsFunc(l.spans, func(s span) bool { return s.from < w.to && w.from < s.to }) || m.names.titles[w.low] || m.names.between[w.low] {
				continue
			}
			out.words++
			if slices.ContainsFunc(got, func(g span) bool { return g.from < w.to && w.from < g.to }) {
				over++
			}
		}
		out.over += over
		if len(l.spans) == 0 {
			out.cleanOf++
			if over > 0 {
				out.clean++
			}
		}
		if wrong || over > 0 {
			say(l, Plain(m.Mask(l.text)))
		}
	}
	return out
}

func halves(list []labelled) (made, held []labelled) {
	for _, l := range list {
		if l.held {
			held = append(held, l)
		} else {
			made = append(made, l)
		}
	}
	return made, held
}

// published fails where docs/comments.md says something else than was found.
func published(t *testing.T, lines ...string) {
	t.Helper()
	text, err := os.ReadFile("../../docs/comments.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range lines {
		t.Log(line)
		if !strings.Contains(string(text), line) {
			t.Errorf("docs/comments.md lacks: %s", line)
		}
	}
}

func share(n, of int) string {
	return fmt.Sprintf("%.1f %% (%d of %d)", 100*float64(n)/float64(max(of, 1)), n, of)
}

func (s *score) row(what string) string {
	return fmt.Sprintf("| %s | %s | %s |", what, share(s.hit, s.hit+s.wrong), share(s.hit, s.hit+s.miss))
}

// saying returns what tells of faults where PERSEPSI_COMMENT_ERRORS is set: for who makes
// the lists, of the half that they are made by alone.
func saying(t *testing.T) func(labelled, string) {
	t.Helper()
	return func(l labelled, found string) {
		if os.Getenv("PERSEPSI_COMMENT_ERRORS") != "" {
			t.Logf("line %d: %s => %s", l.line, l.text, found)
		}
	}
}

func TestTopicsAreFoundAsOftenAsDocsSay(t *testing.T) {
	t.Parallel()
	c, err := NewClassifier()
	if err != nil {
		t.Fatal(err)
	}
	m := newMasker(t)
	made, held := halves(readLabelled(t, commentsText, true))
	silent := func(labelled, []string) {}
	all, by := scoreTopics(m, c, held, silent)
	var lines []string
	for _, code := range c.Topics() {
		lines = append(lines, by[string(code)].row("`"+string(code)+"`"))
	}
	fresh, _ := scoreTopics(m, c, readLabelled(t, freshText, true), silent)
	published(t, append(lines, all.row("all"), fresh.row("all, fresh.txt"))...)
	own, _ := scoreTopics(m, c, append(made, readLabelled(t, laterText, true)...), func(l labelled, found []string) { saying(t)(l, fmt.Sprint(found)) })
	t.Logf("of what lists were made by: %s", own)
}

func TestNamesAndNumbersAreMaskedAsOftenAsDocsSay(t *testing.T) {
	t.Parallel()
	m := newMasker(t)
	madeA, heldA := halves(readLabelled(t, commentsText, true))
	madeB, heldB := halves(readLabelled(t, maskingText, false))
	silent := func(labelled, string) {}
	held := scoreMasks(m, slices.Concat(heldA, heldB), silent)
	fresh := scoreMasks(m, readLabelled(t, freshText, true), silent)
	var lines []string
	for _, k := range []Kind{Name, NIK, Phone, Email, Plate} {
		lines = append(lines, fmt.Sprintf("| %s | %s | %s |", k, share(held.found[k], held.of[k]), share(fresh.found[k], fresh.of[k])))
	}
	over := func(s masked) string {
		return fmt.Sprintf("%d of %d words, %d of %d comments with nothing to mask", s.over, s.words, s.clean, s.cleanOf)
	}
	published(t, append(lines, fmt.Sprintf("| names that no list holds | %s | %s |", share(held.unlisted[0], held.unlisted[1]), share(fresh.unlisted[0], fresh.unlisted[1])),
		"Over-masked, held out: "+over(held), "In fresh.txt: "+over(fresh))...)
	own := scoreMasks(m, slices.Concat(madeA, madeB, readLabelled(t, laterText, true)), saying(t))
	t.Logf("of what lists were made by: %v of %v, over-masked %s", own.found, own.of, over(own))
}
