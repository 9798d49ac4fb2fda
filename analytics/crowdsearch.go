package analytics

import (
	"slices"
	"strconv"

	"persepsi/survey"
)

// crowdsOf returns the people who answered each question, with and without those whom
// staff may know, no two crowds alike. In a large unit those who answered all stand
// for them.
func crowdsOf(questions []int, people []survey.Response, places [][]int, step func(person, question int) int, many int) []Crowd {
	questions = slices.DeleteFunc(slices.Clone(questions), func(q int) bool {
		return !slices.ContainsFunc(people, func(r survey.Response) bool { return r.Answers.At(q) > 0 })
	})
	var out []Crowd
	var lists [][]int
	seen := map[string]bool{}
	for _, known := range [][]survey.Mode{nil, {survey.ModePaper}, {survey.ModeAssisted}, {survey.ModePaper, survey.ModeAssisted}} {
		var list []int
		for p := range people {
			if !slices.Contains(known, people[p].Mode) {
				list = append(list, p)
			}
		}
		if slices.ContainsFunc(lists, func(other []int) bool { return slices.Equal(list, other) }) {
			continue // nobody came that way
		}
		lists = append(lists, list)
		k := &crowdSearch{people: people, places: places, step: step}
		if k.together(questions, list, many) {
			out = append(out, k.crowd)
			continue
		}
		for _, q := range questions {
			if name := k.each(q, list); len(k.crowd.Known) > 0 && !seen[name] {
				seen[name] = true
				out = append(out, k.crowd)
			}
		}
	}
	return out
}

// crowdSearch makes a crowd.
type crowdSearch struct {
	people []survey.Response
	places [][]int
	step   func(person, question int) int
	crowd  Crowd
}

func (k *crowdSearch) reset() { k.crowd = Crowd{Cells: make([][]int, len(k.places))} }

// add adds a person whose answer was counted first at a step.
func (k *crowdSearch) add(p, step int) {
	k.crowd.Known = append(k.crowd.Known, step)
	for d := range k.places {
		k.crowd.Cells[d] = append(k.crowd.Cells[d], k.places[d][p])
	}
}

// each makes the crowd of those who answered a question, and returns a name that
// another one has only if it is the same.
func (k *crowdSearch) each(question int, list []int) string {
	k.reset()
	var name []byte
	for _, p := range list {
		if k.people[p].Answers.At(question) == 0 {
			continue
		}
		step := k.step(p, question)
		name = strconv.AppendInt(append(strconv.AppendInt(name, int64(p), 10), ' '), int64(step), 10)
		name = append(name, ' ')
		k.add(p, step)
	}
	return string(name)
}

// together makes one crowd for all questions, whose core are those who answered
// all of them, each counted first at the same step: what is safe for the core is
// safe for those who answered a question, who are more. It returns false where there
// are not more than many people, or too few of them answered all: then it would hide
// too much.
func (k *crowdSearch) together(questions, list []int, many int) bool {
	if len(list) <= many {
		return false
	}
	k.reset()
	var others [][2]int
	for _, p := range list {
		var steps []int
		whole := true
		for _, q := range questions {
			if k.people[p].Answers.At(q) == 0 {
				whole = false
			} else if step := k.step(p, q); !slices.Contains(steps, step) {
				steps = append(steps, step)
			}
		}
		if whole && len(steps) == 1 {
			k.add(p, steps[0])
			continue
		}
		for _, step := range steps {
			others = append(others, [2]int{p, step})
		}
	}
	k.crowd.Core = len(k.crowd.Known)
	for _, other := range others {
		k.add(other[0], other[1])
	}
	return k.crowd.Core > many/2
}
