package export

import (
	"fmt"
	"slices"
	"testing"

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
	l := &leveller{to: to}
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
		if slices.ContainsFunc(room, func(r survey.Response) bool { return r.Comment != "" }) {
			t.Error("a day that is written is kept in memory")
		}
	}
	if len(l.rooms) != 3 {
		t.Errorf("%d rooms, want 3: days share them", len(l.rooms))
	}
}
