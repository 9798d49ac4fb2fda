package survey

import (
	"fmt"
	"reflect"
	"slices"
)

const formSeparator = "+"

// Form is what a citizen fills in: the questions of one or several instruments
// in a fixed order. The position of a question in it is the position of its
// answer in Marks, for ever: versions of instruments don't change.
type Form struct {
	// ID joins the instruments' references: `terpadu-16@1`, `skm-9@1+spak-5@1`.
	ID          string
	Instruments []*Instrument
	// Questions are the scored ones of each instrument in turn, then the
	// unscored ones, each once.
	Questions []Question
	Fields    []Field
	Indexes   []FormIndex

	position map[string]int
	field    map[string]int
}

// FormIndex is an index with its aspects resolved to positions in the form.
type FormIndex struct {
	Index
	// Positions[a] are the positions of the questions of aspect a.
	Positions [][]int
}

// MaxQuestions bounds a form: each answer is counted in memory that is kept for
// as many.
const MaxQuestions = 128

func newForm(id string, ins []*Instrument) (*Form, error) {
	f := &Form{ID: id, Instruments: ins, Fields: []Field{}, position: map[string]int{}, field: map[string]int{}}
	for _, in := range ins {
		for _, q := range in.Questions {
			if !q.Scored {
				continue
			}
			if _, ok := f.position[q.Code]; ok {
				return nil, fmt.Errorf("question code %q is in more than one instrument of %s", q.Code, id)
			}
			f.position[q.Code] = len(f.Questions)
			f.Questions = append(f.Questions, q)
		}
	}
	for _, in := range ins {
		if err := f.addUnscored(in); err != nil {
			return nil, err
		}
		for _, field := range in.Respondent {
			if at, ok := f.field[field.Code]; ok {
				if !reflect.DeepEqual(f.Fields[at], field) {
					return nil, fmt.Errorf("respondent field %q differs between the instruments of %s", field.Code, id)
				}
				continue
			}
			f.field[field.Code] = len(f.Fields)
			f.Fields = append(f.Fields, field)
		}
		for _, x := range in.Indexes {
			if f.Index(x.Code) != nil {
				return nil, fmt.Errorf("index %q is in more than one instrument of %s", x.Code, id)
			}
			f.Indexes = append(f.Indexes, f.resolve(x))
		}
	}
	if n := len(f.Questions); n > MaxQuestions {
		return nil, fmt.Errorf("%s asks %d questions: a form has %d at most", id, n, MaxQuestions)
	}
	for _, field := range f.Fields {
		if _, ok := f.position[field.Code]; ok {
			return nil, fmt.Errorf("code %q is that of a question and of a respondent field of %s", field.Code, id)
		}
	}
	return f, nil
}

// addUnscored adds an instrument's signal questions. Instruments share them
// (whether anybody told the citizen what to answer), so an equal one is asked
// once.
func (f *Form) addUnscored(in *Instrument) error {
	for _, q := range in.Questions {
		if q.Scored {
			continue
		}
		if at, ok := f.position[q.Code]; ok {
			if !reflect.DeepEqual(f.Questions[at], q) {
				return fmt.Errorf("question %q differs between the instruments of %s", q.Code, f.ID)
			}
			continue
		}
		f.position[q.Code] = len(f.Questions)
		f.Questions = append(f.Questions, q)
	}
	return nil
}

func (f *Form) resolve(x Index) FormIndex {
	out := FormIndex{Index: x, Positions: make([][]int, len(x.Aspects))}
	for a, aspect := range x.Aspects {
		for _, code := range aspect.Questions {
			out.Positions[a] = append(out.Positions[a], f.position[code])
		}
	}
	return out
}

// secondsAQuestion is how long a question takes to read and answer: an estimate until
// there are measurements.
const secondsAQuestion = 12

// Minutes returns about how long the form takes, in whole minutes rounded up: 4 of 16
// questions.
func (f *Form) Minutes() int { return (len(f.Questions)*secondsAQuestion + 59) / 60 }

// Position returns the position of a question in the form.
func (f *Form) Position(code string) (int, bool) {
	i, ok := f.position[code]
	return i, ok
}

// FieldPosition returns the position of a respondent field in the form.
func (f *Form) FieldPosition(code string) (int, bool) {
	i, ok := f.field[code]
	return i, ok
}

// indexCodes returns the codes of the form's indexes.
func (f *Form) indexCodes() (out []string) {
	for i := range f.Indexes {
		out = append(out, f.Indexes[i].Code)
	}
	return out
}

// InstrumentOf returns the instrument that an index of the form is from, nil where none
// has it.
func (f *Form) InstrumentOf(index string) *Instrument {
	for _, in := range f.Instruments {
		if slices.ContainsFunc(in.Indexes, func(x Index) bool { return x.Code == index }) {
			return in
		}
	}
	return nil
}

// Index returns the form's index of that code, nil if it has none.
func (f *Form) Index(code string) *FormIndex {
	for i := range f.Indexes {
		if f.Indexes[i].Code == code {
			return &f.Indexes[i]
		}
	}
	return nil
}
