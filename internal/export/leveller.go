package export

import (
	"cmp"
	"slices"
	"strings"

	"persepsi/survey"
)

// leveller writes the responses of a day in the order of what their rows say, so
// that their order tells nothing that the rows do not: not who came first, and
// nothing of an id. An order by a hash of the ids would be one too, but whoever
// knows an id, from the address of a page perhaps, could tell near which row of
// the day it lies.
//
// It holds a day of a unit or city in memory, some 90 bytes an answer and its comment: a store
// streams day after day. A large day is put into its order and written beside the reading of
// the next, so that of those two are held;
// what went wrong with it is told with the day after.
type leveller struct {
	date     survey.Date
	current  *day
	previous *day       // the one before, empty once writing has sent
	writing  chan error // holds how the writing of a day ended; nil: none is written
	failed   error      // what could not be written first: nothing is after it
	headings headings
	to       Writer
}

// day is the rows of one.
type day struct {
	rooms    [][]row         // of some answers each, used again: one list for all is copied as it grows
	rows     []*row          // in them
	response survey.Response // to be written, used again
}

// row is what a trimmed row tells of a response, and nothing else.
type row struct {
	heading             *heading
	answers, respondent survey.Marks
	comment             string
}

const answersARoom = 1 << 10

func newLeveller(to Writer) *leveller {
	return &leveller{to: to, current: &day{}, previous: &day{}, headings: newHeadings()}
}

// Write takes one response, and writes those of the day before.
func (l *leveller) Write(r *survey.Response) error {
	if l.date != r.Day {
		if l.hand(); l.failed != nil {
			return l.failed
		}
		l.date = r.Day
	}
	l.current.add(row{l.headings.of(r), r.Answers, r.Respondent, r.Comment})
	return nil
}

func (d *day) add(r row) {
	room, at := len(d.rows)/answersARoom, len(d.rows)%answersARoom
	if room == len(d.rooms) {
		d.rooms = append(d.rooms, make([]row, answersARoom))
	}
	d.rooms[room][at] = r
	d.rows = append(d.rows, &d.rooms[room][at])
}

// Close writes the last day. It is called after an error too: nothing is written beside after it.
func (l *leveller) Close() (int64, error) {
	l.hand()
	l.join()
	n, err := l.to.Close()
	if l.failed != nil {
		err = l.failed
	}
	return n, err
}

// hand has the day written that is filled, where those before could be.
func (l *leveller) hand() {
	l.join()
	l.headings.rank()
	switch {
	case l.failed != nil:
	case len(l.current.rows) < answersARoom: // not worth a goroutine
		l.failed = l.current.write(l.date, l.to)
	default:
		l.current, l.previous = l.previous, l.current
		l.writing = make(chan error, 1)
		go func(d *day, date survey.Date, ended chan<- error) { ended <- d.write(date, l.to) }(l.previous, l.date, l.writing)
	}
}

// join waits for the day that is written.
func (l *leveller) join() {
	if l.writing != nil {
		l.failed = <-l.writing
		l.writing = nil
	}
}

// write writes the rows of a day in their order, and forgets them.
func (d *day) write(date survey.Date, to Writer) error {
	slices.SortFunc(d.rows, (*row).compare)
	for _, r := range d.rows {
		h := r.heading
		d.response = survey.Response{
			Period: h.period, Unit: h.unit, Service: h.service, Point: h.point, Form: h.form, Mode: h.mode, Lang: h.lang,
			Day: date, Answers: r.answers, Respondent: r.respondent, Comment: r.comment,
		}
		if err := to.Write(&d.response); err != nil {
			return err
		}
	}
	for _, room := range d.rooms {
		clear(room)
	}
	d.rows = d.rows[:0]
	return nil
}

// compare compares two responses of a day by all that a trimmed row tells of them, and by
// nothing else.
func (r *row) compare(o *row) int {
	if c := cmp.Compare(r.heading.rank, o.heading.rank); c != 0 {
		return c
	}
	if c := strings.Compare(string(r.answers), string(o.answers)); c != 0 {
		return c
	}
	return cmp.Or(strings.Compare(string(r.respondent), string(o.respondent)), strings.Compare(r.comment, o.comment))
}
