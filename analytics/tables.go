package analytics

import (
	"slices"
	"strconv"

	"persepsi/survey"
)

// Tables are the breakdowns of a unit in a closed period: all that are ever shown
// of it with scores, made once.
type Tables struct {
	// Version is the version of the rule by which they were made: 1.
	Version int `json:"version"`
	// Tally is the encoded tally of those who are counted, with its breakdown.
	Tally []byte `json:"tally"`
	// Shown lists the cells whose scores may be shown beside each other and
	// beside all that was released before.
	Shown []ShownCells `json:"shown"`
}

// ShownCells are the cells of a dimension that show some indexes.
type ShownCells struct {
	By      string   `json:"by"`
	Indexes []string `json:"indexes"`
	Codes   []string `json:"codes"`
}

// Dimensions lists what answers to a form can be broken down by, what people ask
// for first before the rest.
func Dimensions(form *survey.Form) []string {
	out := []string{"service", "point"}
	for i := range form.Fields {
		out = append(out, form.Fields[i].Code)
	}
	return append(out, "mode", "hour")
}

// MakeTables makes the tables of a unit. people are its respondents, with the
// answers that are counted; step tells at which release, of however many, the
// answer that a person gave to a question was counted first.
//
// Indexes that share questions are hidden together. What they tell must be safe
// for the answers to each question alone, as not everybody answered all; and for
// the citizens among those who answered it, as staff know what they entered.
func MakeTables(form *survey.Form, people []survey.Response, step func(person, question int) int) (*Tables, error) {
	return makeTables(form, people, step, manyPeople)
}

func makeTables(form *survey.Form, people []survey.Response, step func(person, question int) int, many int) (*Tables, error) {
	tally := NewTally(form)
	for i := range people {
		if err := tally.Add(&people[i]); err != nil {
			return nil, err
		}
	}
	out := &Tables{Version: tablesVersion, Tally: tally.Encode(), Shown: []ShownCells{}}
	dimensions := Dimensions(form)
	places, codes := placesOf(form, dimensions, people)
	sizes := make([]int, len(codes))
	for d := range codes {
		sizes[d] = len(codes[d])
	}
	for _, group := range groupsOf(form, people, many) {
		crowds := crowdsOf(group.questions, people, places, step, many)
		if len(crowds) == 0 {
			continue
		}
		hidden := SuppressLinked(crowds, sizes)
		for d, by := range dimensions {
			shown := ShownCells{By: by, Indexes: group.codes}
			for cell, hide := range hidden[d] {
				if !hide {
					shown.Codes = append(shown.Codes, codes[d][cell])
				}
			}
			slices.Sort(shown.Codes)
			out.Shown = append(out.Shown, shown)
		}
	}
	return out, nil
}

// placesOf returns by dimension the cell of each person, and the cells' codes.
func placesOf(form *survey.Form, dimensions []string, people []survey.Response) (places [][]int, codes [][]string) {
	places, codes = make([][]int, len(dimensions)), make([][]string, len(dimensions))
	for d, by := range dimensions {
		at := map[string]int{}
		places[d] = make([]int, len(people))
		for p := range people {
			code := codeOf(form, by, &people[p])
			cell, ok := at[code]
			if !ok {
				cell = len(at)
				at[code], codes[d] = cell, append(codes[d], code)
			}
			places[d][p] = cell
		}
	}
	return places, codes
}

// codeOf returns the code of the cell that counts a response (see CellResult).
func codeOf(form *survey.Form, by string, r *survey.Response) string {
	switch by {
	case "service":
		return r.Service
	case "point":
		return r.Point
	case "mode":
		return r.Mode.String()
	case "hour":
		if r.Mode == survey.ModePaper {
			return r.Mode.String()
		}
		return hourCode(int(r.Day.Weekday())*24 + int(r.Hour)%24)
	}
	f, _ := form.FieldPosition(by)
	return categoryCode(form, f, r.Respondent.At(f))
}

func hourCode(slot int) string {
	return strconv.Itoa(slot/24) + "-" + strconv.Itoa(slot%24/10) + strconv.Itoa(slot%24%10)
}

// categoryCode returns the code of a respondent's mark in a field; empty: not told.
func categoryCode(form *survey.Form, field, mark int) string {
	if mark <= 0 || mark > len(form.Fields[field].Categories) {
		return ""
	}
	return form.Fields[field].Categories[mark-1].Code
}

// indexGroup are indexes that have no question in common with others.
type indexGroup struct {
	codes     []string
	questions []int
}

// groupsOf returns the indexes that are hidden together: in a large unit where many
// people answered all questions all of them, as one group takes a third of the time
// of three.
func groupsOf(form *survey.Form, people []survey.Response, many int) []indexGroup {
	groups := independentIndexes(form)
	if len(people) <= many {
		return groups
	}
	all := indexGroup{}
	for _, g := range groups {
		all.codes, all.questions = append(all.codes, g.codes...), append(all.questions, g.questions...)
	}
	whole := 0
	for p := range people {
		if !slices.ContainsFunc(all.questions, func(q int) bool { return people[p].Answers.At(q) == 0 }) {
			whole++
		}
	}
	if whole <= many/2 {
		return groups
	}
	return []indexGroup{all}
}

func independentIndexes(form *survey.Form) []indexGroup {
	var out []indexGroup
	for i := range form.Indexes {
		group := indexGroup{codes: []string{form.Indexes[i].Code}, questions: slices.Concat(form.Indexes[i].Positions...)}
		out = slices.DeleteFunc(out, func(other indexGroup) bool {
			if !slices.ContainsFunc(group.questions, func(q int) bool { return slices.Contains(other.questions, q) }) {
				return false
			}
			group = indexGroup{codes: append(other.codes, group.codes...), questions: append(other.questions, group.questions...)}
			return true
		})
		slices.Sort(group.questions)
		group.questions = slices.Compact(group.questions)
		out = append(out, group)
	}
	return out
}

// tablesVersion is to be raised with any change of what MakeTables hides: a recount
// makes the tables of a release again.
const tablesVersion = 1

// manyPeople is how many people a unit has where those who answered all questions
// stand for those who answered each: every question alone takes a minute there.
const manyPeople = 2000

// Clear returns the tables without anything that the respondent fields of the answers
// told: neither scores nor numbers of their cells, nor which of these may be shown. Beside
// the answers that stay an index of a cell names who is in it, and a number beside the
// number of a later release tells of the few who came between.
func (t *Tables) Clear(form *survey.Form) (*Tables, error) {
	open, err := t.Read(form)
	if err != nil {
		return nil, err
	}
	open.Tally.ForgetRespondents()
	out := &Tables{Version: t.Version, Tally: open.Tally.Encode(), Shown: []ShownCells{}}
	for _, shown := range t.Shown {
		if _, ok := form.FieldPosition(shown.By); !ok {
			out.Shown = append(out.Shown, shown)
		}
	}
	return out, nil
}
