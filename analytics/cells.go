package analytics

import (
	"slices"

	"persepsi/survey"
)

// cells is the breakdown: for each service, point, hour, mode and category of a
// respondent field the number of responses and, per question, the sum of scores
// and the number of missing answers.
//
// A cell is a row of counts (see cell); rows lie one after the other in one slice.
// No count overflows, as a tally bounds its responses.
type cells struct {
	questions int
	rows      []uint32
	// place holds the number of the row from 1 on, 0 for none, of each slot
	// (weekday*24 + hour), then of each mode, then of each mark of each field,
	// of which 0 is not told. fields[f] is where field f begins; the last one
	// is where they end.
	place          []int32
	fields         []int
	service, point nameIndex
}

const (
	slots     = 7 * 24
	modesFrom = slots
)

// nameIndex are the cells of the services or points, in the order of their names.
type nameIndex struct {
	names []string
	place []int32
}

// find returns where a name is or, where it isn't, belongs. Most units have a
// few names, which are equal or not faster than they are ordered.
func (n *nameIndex) find(name string) (int, bool) {
	if len(n.names) <= 16 {
		for i, other := range n.names {
			if other == name {
				return i, true
			}
		}
	}
	return slices.BinarySearch(n.names, name)
}

func newCells(form *survey.Form) *cells {
	c := &cells{questions: len(form.Questions), fields: make([]int, len(form.Fields)+1)}
	end := modesFrom + int(survey.ModeCount)
	for f := range form.Fields {
		c.fields[f] = end
		end += len(form.Fields[f].Categories) + 1
	}
	c.fields[len(form.Fields)] = end
	c.place = make([]int32, end)
	return c
}

func (c *cells) reset() {
	c.rows = c.rows[:0]
	clear(c.place)
	for _, n := range []*nameIndex{&c.service, &c.point} {
		n.names, n.place = n.names[:0], n.place[:0]
	}
}

// add counts a response with its answers by question.
func (c *cells) add(r *survey.Response, values []uint8, missing bool) {
	var room [1 + maxQuestions]uint32
	var places [1 + maxQuestions]uint8
	one := answer{sums: room[:1+len(values)], gaps: places[:0]}
	one.sums[0] = 1
	for q, v := range values {
		one.sums[1+q] = uint32(v)
	}
	if missing {
		one.gaps = append(one.gaps, 0)
		for q, v := range values {
			if v == 0 {
				one.gaps = append(one.gaps, uint8(1+q))
			}
		}
	}
	one.addTo(c.named(&c.service, r.Service))
	one.addTo(c.named(&c.point, r.Point))
	if r.Mode != survey.ModePaper { // paper doesn't tell the hour
		one.addTo(c.at(int(r.Day.Weekday())*24 + int(r.Hour)%24))
	}
	one.addTo(c.at(modesFrom + int(r.Mode)))
	for f, from := range c.fields[:len(c.fields)-1] {
		mark := r.Respondent.At(f)
		if mark >= c.fields[f+1]-from {
			mark = 0
		}
		one.addTo(c.at(from + mark))
	}
}

// answer is what a response adds to each of its cells: a one and its scores and, by
// their places in the half that counts missing answers, those that it has. They are
// few, mostly none.
type answer struct {
	sums []uint32
	gaps []uint8
}

func (a *answer) addTo(row []uint32) {
	sums, missing := row[:len(a.sums)], row[len(a.sums):]
	for i, n := range a.sums {
		sums[i] += n
	}
	for _, at := range a.gaps {
		missing[at]++
	}
}

// count adds a row to a cell.
func (c *cells) count(to, row []uint32) {
	to = to[:len(row)]
	for i, n := range row {
		to[i] += n
	}
}

func (c *cells) merge(o *cells) {
	for i, place := range o.place {
		if place > 0 {
			c.count(c.at(i), o.row(place))
		}
	}
	for _, n := range [...][2]*nameIndex{{&c.service, &o.service}, {&c.point, &o.point}} {
		for i, name := range n[1].names {
			c.count(c.named(n[0], name), o.row(n[1].place[i]))
		}
	}
}

// at returns the row of a place, a new one where there is none.
func (c *cells) at(i int) []uint32 {
	if c.place[i] == 0 {
		c.place[i] = c.fresh()
	}
	return c.row(c.place[i])
}

// named returns the row of a service or point, a new one where there is none.
func (c *cells) named(n *nameIndex, name string) []uint32 {
	i, ok := n.find(name)
	if !ok {
		n.names = slices.Insert(n.names, i, name)
		n.place = slices.Insert(n.place, i, c.fresh())
	}
	return c.row(n.place[i])
}

// fresh makes a row and returns its number, from 1 on.
func (c *cells) fresh() int32 {
	from, size := len(c.rows), rowSize(c.questions)
	c.rows = slices.Grow(c.rows, size)[:from+size]
	clear(c.rows[from:])
	return int32(len(c.rows) / size)
}

func (c *cells) row(place int32) []uint32 {
	size := rowSize(c.questions)
	return c.rows[(int(place)-1)*size : int(place)*size]
}

// cell returns a cell for reading.
func (c *cells) cell(place int32) cell {
	row := c.row(place)
	return cell{sums: row[:1+c.questions], missing: row[1+c.questions:]}
}

// field returns the places of a field's marks.
func (c *cells) field(f int) []int32 { return c.place[c.fields[f]:c.fields[f+1]] }

func (c *cells) slots() []int32 { return c.place[:slots] }

func (c *cells) modes() []int32 { return c.place[modesFrom : modesFrom+int(survey.ModeCount)] }
