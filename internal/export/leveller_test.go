package export

import (
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
	for _, room := range l.rooms {
		if slices.ContainsFunc(room, func(r row) bool { return r.comment != "" }) {
			t.Error("a day that is written is kept in memory")
		}
	}
	if len(l.rooms) != 3 {
		t.Errorf("%d rooms, want 3: days share them", len(l.rooms))
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
