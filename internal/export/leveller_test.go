package export

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"persepsi/survey"
)

// rows keeps what is written, in its order.
type rows struct{ list []survey.Response }

func (r *rows) Write(one *survey.Response) error {
	r.list = append(r.list, *one)
	return nil
}

func (r *rows) Close() (int64, error) { return int64(len(r.list)), nil }

func TestEachDayIsWrittenWholeInTheOrderOfWhatItsRowsSay(t *testing.T) {
	t.Parallel()
	to := &rows{}
	l := newLeveller(to)
	var want []string
	for day, n := range []int{2*answersARoom + 7, 3, answersARoom} {
		var told []string
		for i := range n {
			r := survey.Response{Day: survey.Date(day + 1), Comment: fmt.Sprintf("%05d", i*7919%n)}
			told = append(told, fmt.Sprint(r.Day, r.Comment))
			if err := l.Write(&r); err != nil {
				t.Fatal(err)
			}
		}
		slices.Sort(told)
		want = append(want, told...)
	}
	if n, err := l.Close(); err != nil || n != int64(len(want)) {
		t.Fatalf("%d rows, want %d, err = %v", n, len(want), err)
	}
	for i, r := range to.list {
		if got := fmt.Sprint(r.Day, r.Comment); got != want[i] {
			t.Fatalf("row %d is %s, want %s", i, got, want[i])
		}
	}
	held := 0
	for _, d := range []*day{l.current, l.previous} {
		held += len(d.rooms)
		for _, room := range d.rooms {
			if slices.ContainsFunc(room, func(r row) bool { return r.comment != "" }) {
				t.Error("a day that is written is kept in memory")
			}
		}
	}
	if held != 4 {
		t.Errorf("%d rooms, want 4: every second day shares them", held)
	}
}

// full is a writer whose disk is full once, after some rows.
type full struct {
	rows
	most int
	was  bool
}

var errFull = errors.New("no space left")

func (f *full) Write(r *survey.Response) error {
	if len(f.list) == f.most && !f.was {
		f.was = true
		return errFull
	}
	return f.rows.Write(r)
}

// A large day is written beside the next one: what went wrong then is told with what follows.
func TestADayThatCannotBeWrittenIsToldAndNothingFollowsIt(t *testing.T) {
	t.Parallel()
	for name, days := range map[string][]int{"the last": {answersARoom}, "a large one": {answersARoom, answersARoom, 1}, "a small one": {answersARoom - 3, 5, 1, 1}} {
		to := &full{most: answersARoom - 1}
		l := newLeveller(to)
		var err error
		for d, n := range days {
			for range n {
				if err == nil {
					err = l.Write(&survey.Response{Day: survey.Date(d + 1)})
				}
			}
		}
		if _, closing := l.Close(); !errors.Is(cmp.Or(err, closing), errFull) || closing == nil && len(days) == 1 {
			t.Errorf("%s: %v, then %v", name, err, closing)
		}
		if len(to.list) != to.most {
			t.Errorf("%s: %d rows are written, want %d", name, len(to.list), to.most)
		}
	}
}

func TestRowsOfADayGoByAllThatTheyTellAndTellNothingElse(t *testing.T) {
	t.Parallel()
	const all = 1 << 10 // each thing that a row tells is a bit, what the order goes by first being the highest
	row := func(n int) survey.Response {
		text := func(bit int) string { return string("ab"[n>>bit&1]) }
		return survey.Response{
			Period: text(9), Unit: text(8), Service: text(7), Point: text(6), Form: text(5), Mode: survey.Mode(n >> 4 & 1), Lang: text(3),
			Answers: survey.Marks(text(2)), Respondent: survey.Marks(text(1)), Comment: text(0), Day: 1,
		}
	}
	to := &rows{}
	l := newLeveller(to)
	for i := range all {
		r := row(i * 389 % all) // in no order
		r.ID, r.StartedAt, r.Hour = uuid.New(), time.Now(), 7
		if err := l.Write(&r); err != nil {
			t.Fatal(err)
		}
	}
	if n, err := l.Close(); err != nil || n != all {
		t.Fatalf("%d rows, err = %v", n, err)
	}
	for n, got := range to.list {
		if got != row(n) {
			t.Fatalf("row %d is %+v, want %+v", n, got, row(n))
		}
	}
}
