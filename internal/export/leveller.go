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
// It holds one day of a unit or city in memory, some 90 bytes an answer and its comment: a store
// streams day after day.
type leveller struct {
	to       Writer
	date     survey.Date
	rooms    [][]row // of some answers each, used again: one list for all is copied as it grows
	day      []*row  // in them
	headings headings
	response survey.Response // to be written, used again
}

// row is what a trimmed row tells of a response, and nothing else.
type row struct {
	heading             *heading
	answers, respondent survey.Marks
	comment             string
}

const answersARoom = 1 << 10

func newLeveller(to Writer) *leveller { return &leveller{to: to, headings: newHeadings()} }

// Write takes one response, and writes those of the day before.
func (l *leveller) Write(r *survey.Response) error {
	if l.date != r.Day {
		if err := l.flush(); err != nil {
			return err
		}
		l.date = r.Day
	}
	room, at := len(l.day)/answersARoom, len(l.day)%answersARoom
	if room == len(l.rooms) {
		l.rooms = append(l.rooms, make([]row, answersARoom))
	}
	held := &l.rooms[room][at]
	*held = row{l.headings.of(r), r.Answers, r.Respondent, r.Comment}
	l.day = append(l.day, held)
	return nil
}

// Close writes the last day.
func (l *leveller) Close() (int64, error) {
	failed := l.flush()
	n, err := l.to.Close()
	if failed != nil {
		err = failed
	}
	return n, err
}

func (l *leveller) flush() error {
	l.headings.rank()
	slices.SortFunc(l.day, (*row).compare)
	for _, r := range l.day {
		h := r.heading
		l.response = survey.Response{
			Period: h.period, Unit: h.unit, Service: h.service, Point: h.point, Form: h.form, Mode: h.mode, Lang: h.lang,
			Day: l.date, Answers: r.answers, Respondent: r.respondent, Comment: r.comment,
		}
		if err := l.to.Write(&l.response); err != nil {
			return err
		}
	}
	for _, room := range l.rooms {
		clear(room)
	}
	l.day = l.day[:0]
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
