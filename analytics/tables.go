package analytics

import (
	"slices"
	"strconv"

	"persepsi/survey"
)

// Tables are the breakdowns of a unit in a closed period: all that are ever shown
// of it with scores, made once.
type Tables struct {
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
	tally := NewTally(form)
	for i := range people {
		if err := tally.Add(&people[i]); err != nil {
			return nil, err
		}
	}
	out := &Tables{Tally: tally.Encode(), Shown: []ShownCells{}}
	dimensions := Dimensions(form)
	places, codes := placesOf(form, dimensions, people)
	sizes := make([]int, len(codes))
	for d := range codes {
		sizes[d] = len(codes[d])
	}
	for _, group := range independentIndexes(form) {
		crowds := crowdsOf(group.questions, people, places, step)
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

// crowdsOf returns those who answered each question, and the citizens among them;
// none twice.
func crowdsOf(questions []int, people []survey.Response, places [][]int, step func(person, question int) int) []Crowd {
	var out []Crowd
	seen := map[string]bool{}
	for _, kinds := range [][]survey.Kind{{survey.KindCitizen, survey.KindStaff}, {survey.KindCitizen}} {
		for _, q := range questions {
			c := Crowd{Cells: make([][]int, len(places))}
			var name []byte
			for p := range people {
				if people[p].Answers.At(q) == 0 || !slices.Contains(kinds, people[p].Mode.Kind()) {
					name = append(name, '-')
					continue
				}
				name = strconv.AppendInt(append(name, ' '), int64(step(p, q)), 10)
				c.Known = append(c.Known, step(p, q))
				for d := range places {
					c.Cells[d] = append(c.Cells[d], places[d][p])
				}
			}
			if len(c.Known) > 0 && !seen[string(name)] {
				seen[string(name)] = true
				out = append(out, c)
			}
		}
	}
	return out
}

// Read returns the tables for showing. Their tally must be one of the form.
func (t *Tables) Read(form *survey.Form) (*OpenTables, error) {
	tally, err := DecodeTally(thatForm{form}, t.Tally)
	if err != nil {
		return nil, err
	}
	return &OpenTables{Tally: tally, shown: t.Shown}, nil
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
	// Tally counts those whom the tables tell of: its Breakdown is for those who
	// may see every answer.
	Tally *Tally
	shown []ShownCells
}

// Cells returns the cells of a dimension, as everybody may see them: a cell that
// shows no score is Suppressed; one that says how many people told what of
// themselves also hides how few they are. Invalid for an unknown dimension.
func (t *OpenTables) Cells(by string, methods []*survey.Method) ([]CellResult, error) {
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
