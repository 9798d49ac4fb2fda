package wording

import (
	"fmt"
	"slices"
	"strings"

	"persepsi/internal/chart"
)

// Head returns what the input of every chart begins with: title and description, given in
// this language, and the words and numbers that the builder adds.
func (s *Speaker) Head(title, desc string) chart.Head {
	return chart.Head{Title: title, Desc: desc, Words: s.words, Numbers: s.Fixed}
}

// chartWords returns the words of every chart.
func (s *Speaker) chartWords() (chart.Words, error) {
	var missing []string
	say := func(key string, args ...any) string {
		text, err := s.Say(key, args...)
		if err != nil {
			missing = append(missing, key)
		}
		return text
	}
	w := chart.Words{
		Name: say("chart.name"), Value: say("result.value"), Low: say("chart.low"), High: say("chart.high"), Before: say("chart.before"),
		N: say("chart.n"), Ranks: say("chart.ranks"), Change: say("chart.change"), Note: say("chart.note"), Link: say("chart.link"), Share: say("chart.share"),
		SoFar: say("chart.sofar"), Pace: say("chart.pace"), Needed: say("chart.needed"), Control: say("chart.control"),
		Lower: say("chart.lower"), Upper: say("chart.upper"), Outside: say("chart.outside"), Of: say("chart.of"), Together: say("chart.together"),
		Closed:    say("chart.closed"),
		GradeFrom: func(grade string) string { return say("chart.from", "Grade", grade) },
	}
	w.GradeFrom("A")
	if missing = slices.Compact(missing); missing != nil {
		return w, fmt.Errorf("charts have no words for %s", strings.Join(missing, ", "))
	}
	return w, nil
}
