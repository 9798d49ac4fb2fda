package analytics

import (
	"slices"
	"strconv"

	"persepsi/survey"
)

// Tables are the breakdowns of a unit in a closed period: all that are ever shown
// of it with scores, made once.
type Tables struct {
	// Version is that of the rule by which they were made: 1.
	Version int `json:"version"`
	// Tally is the encoded tally of those who are counted, with its breakdown.
	Tally []byte `json:"tally"`
	// Shown lists the cells whose scores may be shown beside each other and
	// beside all that was released before.
	Shown []ShownCells `json:"shown"`
	// Fields are, by respondent field, the cells as everybody may see them, where the
	// fields of the answers were removed: Tally tells of none then. See Clear.
	Fields map[string][]CellResult `json:"fields,omitempty"`
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

// crowdsOf returns those who answered each question, all of them and without those
// whom staff may know, and none twice. In a large unit those who answered all stand
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
		k := &crowding{people: people, places: places, step: step}
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

// crowding makes a crowd.
type crowding struct {
	people []survey.Response
	places [][]int
	step   func(person, question int) int
	crowd  Crowd
}

func (k *crowding) reset() { k.crowd = Crowd{Cells: make([][]int, len(k.places))} }

// add adds a person whose answer was counted first at a step.
func (k *crowding) add(p, step int) {
	k.crowd.Known = append(k.crowd.Known, step)
	for d := range k.places {
		k.crowd.Cells[d] = append(k.crowd.Cells[d], k.places[d][p])
	}
}

// each makes the crowd of those who answered a question, and returns a name that
// another one has only if it is the same.
func (k *crowding) each(question int, list []int) string {
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
func (k *crowding) together(questions, list []int, many int) bool {
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

// Read returns the tables for showing. Their tally must be one of the form.
func (t *Tables) Read(form *survey.Form) (*OpenTables, error) {
	tally, err := DecodeTally(thatForm{form}, t.Tally)
	if err != nil {
		return nil, err
	}
	return &OpenTables{Tally: tally, shown: t.Shown, fields: t.Fields}, nil
}

// Clear returns the tables without what the respondent fields of the answers told, but for
// the cells that everybody may see, computed by methods: sums of scores, beside the rows,
// would tell who is counted in a cell. What was cleared before stays as it is.
func (t *Tables) Clear(form *survey.Form, methods []*survey.Method) (*Tables, error) {
	if t.Fields != nil {
		return t, nil
	}
	open, err := t.Read(form)
	if err != nil {
		return nil, err
	}
	out := &Tables{Version: t.Version, Shown: t.Shown, Fields: map[string][]CellResult{}}
	for i := range form.Fields {
		by := form.Fields[i].Code
		if out.Fields[by], err = open.Cells(by, methods); err != nil {
			return nil, err
		}
	}
	open.Tally.ForgetRespondents()
	out.Tally = open.Tally.Encode()
	return out, nil
}

// thatForm knows one form.
type thatForm struct{ *survey.Form }

func (f thatForm) FormByID(id string) (*survey.Form, error) {
	if id != f.ID {
		return nil, survey.Errorf(survey.NotFound, "form %q is not that of the period", id)
	}
	return f.Form, nil
}

// OpenTables are tables that were read.
type OpenTables struct {
	// Tally counts those whom the tables tell of.
	Tally  *Tally
	shown  []ShownCells
	fields map[string][]CellResult
}

// Breakdown returns the cells of a dimension as those may see them who may see every
// answer. Of respondent fields that were removed that is what everybody sees. Invalid for
// an unknown dimension.
func (t *OpenTables) Breakdown(by string, methods []*survey.Method) ([]CellResult, error) {
	if cells, ok := t.fields[by]; ok {
		return slices.Clone(cells), nil
	}
	return t.Tally.Breakdown(by, methods)
}

// Cells returns the cells of a dimension, as everybody may see them: a cell that
// shows no score is Suppressed, and keeps its N but where it says how few people
// told what of themselves. Invalid for an unknown dimension.
func (t *OpenTables) Cells(by string, methods []*survey.Method) ([]CellResult, error) {
	if cells, ok := t.fields[by]; ok {
		return slices.Clone(cells), nil
	}
	cells, err := t.Tally.cellsBy(by)
	if err != nil {
		return nil, err
	}
	counts := make([]int64, len(cells))
	for i, c := range cells {
		counts[i] = c.cell.responses()
	}
	few := make([]bool, len(cells))
	if _, ok := t.Tally.form.FieldPosition(by); ok {
		few = Suppress(counts, LeastCell)
	}
	out := make([]CellResult, len(cells))
	for i, c := range cells {
		out[i] = CellResult{Code: c.code, Suppressed: true}
		if few[i] {
			continue
		}
		out[i].N, out[i].Means = counts[i], t.means(by, c, methods)
		out[i].Suppressed = out[i].Means == nil
	}
	return out, nil
}

// means returns the indexes that a cell shows, nil for none.
func (t *OpenTables) means(by string, c namedCell, methods []*survey.Method) map[string]float64 {
	var out map[string]float64
	all := t.Tally.cellMeans(c.cell, methods)
	for _, shown := range t.shown {
		if shown.By != by || !slices.Contains(shown.Codes, c.code) {
			continue
		}
		for _, code := range shown.Indexes {
			if mean, ok := all[code]; ok {
				if out == nil {
					out = map[string]float64{}
				}
				out[code] = mean
			}
		}
	}
	return out
}
