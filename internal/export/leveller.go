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
// It holds one day of a unit or city in memory, some 230 bytes an answer: a store streams day
// after day.
type leveller struct {
	to    Writer
	rooms [][]survey.Response // of some answers each, used again: one list for all is copied as it grows
	day   []*survey.Response  // in them
}

const answersARoom = 1 << 10

// Write takes one response, and writes those of the day before.
func (l *leveller) Write(r *survey.Response) error {
	if len(l.day) > 0 && l.day[0].Day != r.Day {
		if err := l.flush(); err != nil {
			return err
		}
	}
	room, at := len(l.day)/answersARoom, len(l.day)%answersARoom
	if room == len(l.rooms) {
		l.rooms = append(l.rooms, make([]survey.Response, answersARoom))
	}
	held := &l.rooms[room][at]
	*held = *r
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
	slices.SortFunc(l.day, byWhatIsTold)
	for _, r := range l.day {
		if err := l.to.Write(r); err != nil {
			return err
		}
	}
	for _, room := range l.rooms {
		clear(room)
	}
	l.day = l.day[:0]
	return nil
}

// byWhatIsTold compares two responses of a day by all that a trimmed row tells
// of them, and by nothing else. cmp.Or compares all that it is given before it looks, so it is
// given what differs mostly first: with all at once a third of an export was spent here.
func byWhatIsTold(a, b *survey.Response) int {
	if c := cmp.Or(strings.Compare(a.Period, b.Period), strings.Compare(a.Unit, b.Unit)); c != 0 {
		return c
	}
	if c := cmp.Or(strings.Compare(a.Service, b.Service), strings.Compare(a.Point, b.Point)); c != 0 {
		return c
	}
	return cmp.Or(
		strings.Compare(a.Form, b.Form), cmp.Compare(a.Mode, b.Mode), strings.Compare(a.Lang, b.Lang),
		strings.Compare(string(a.Answers), string(b.Answers)), strings.Compare(string(a.Respondent), string(b.Respondent)),
		strings.Compare(a.Comment, b.Comment),
	)
}
