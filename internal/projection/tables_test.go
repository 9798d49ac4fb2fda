package projection

import (
	"reflect"
	"slices"
	"testing"

	"persepsi/survey"
)

// showing lists the services whose scores the newest release's tables show.
func (u *unitOfOne) showing(t *testing.T) (out []string) {
	t.Helper()
	tables := u.newest().Tables
	if tables == nil {
		t.Fatal("there are no tables")
	}
	for _, shown := range tables.Shown {
		if shown.By == "service" {
			return shown.Codes
		}
	}
	return nil
}

// A cell that differs by two people from a release is hidden, for whoever kept
// that release would know of the two.
func TestTablesAreHiddenTogetherWithTheReleasesBefore(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name  string
		first int  // people of the first service: the others come after them
		waits bool // two of the second release answered a question that its others left out: they wait for the third
		shown bool
	}{
		{name: "as many as were released", first: 20, shown: true},
		{name: "two more", first: 22},
		{name: "two fewer", first: 18},
		{name: "five more", first: 25, shown: true},
		{name: "as many, of whom two are released later in a question", first: 20, waits: true},
	} {
		for _, mode := range []survey.Mode{survey.ModeQR, survey.ModePaper} {
			t.Run(tc.name+", "+mode.String(), func(t *testing.T) {
				t.Parallel()
				u := newUnit(t, "skm-9@1")
				for i := range 50 {
					values := u.all(1 + i%4)
					if tc.waits && i >= 10 && i < 18 {
						values[4] = 0
					}
					u.answer(mode, values...)
					service := "akta"
					if i < tc.first {
						service = "ktp"
					}
					a := u.answers[i].Response
					a.Service, a.Respondent, a.Day = service, survey.MakeMarks(make([]int, len(u.form.Fields))), u.answers[0].Day
					if u.release(t, 10, false); u.newest() != nil && u.newest().Tables != nil {
						t.Fatal("tables before the close")
					}
				}
				if u.release(t, 10, true) == nil {
					t.Fatal("no final release")
				}
				if got := u.showing(t); slices.Contains(got, "ktp") != tc.shown || slices.Contains(got, "akta") != tc.shown {
					t.Errorf("shown are %v, want both: %v", got, tc.shown)
				}
			})
		}
	}
}

func TestTablesAreMadeOnce(t *testing.T) {
	t.Parallel()
	u := newUnit(t, "skm-9@1")
	for range 3 {
		for i := range 12 {
			u.answer(survey.ModeQR, u.all(1+i%4)...)
		}
		u.answers[len(u.answers)-1].Service = "ktp"
		u.release(t, 10, true)
	}
	if len(u.releases) != 3 || u.releases[0].Tables == nil {
		t.Fatalf("%d final releases, tables %v", len(u.releases), u.releases[0].Tables)
	}
	for _, r := range u.releases[1:] {
		if !reflect.DeepEqual(r.Tables, u.releases[0].Tables) {
			t.Errorf("release %d has other tables than the first", r.Serial)
		}
	}
}

// What a release doesn't count of an answer isn't in its tables either; what people
// told of themselves is, though too few told it for the release to count them by it.
func TestTablesCountWhatTheReleaseCounts(t *testing.T) {
	t.Parallel()
	u := newUnit(t, "terpadu-16@1")
	for i := range 30 {
		values := u.all(2)
		if i < 5 {
			values[0] = 0
		}
		if i >= 7 {
			values[1] = 0 // seven people answered it: too few, from the first release to the last
		}
		u.answer(survey.ModeQR, values...)
		u.answers[i].Respondent = survey.MakeMarks([]int{(1 + i/28) * (i / 22)}) // from the 23rd on
		u.release(t, 10, false)
	}
	r := u.release(t, 10, true)
	tables, err := r.Tables.Read(u.form)
	if err != nil {
		t.Fatal(err)
	}
	for q := range u.form.Questions {
		sum, n := tables.Tally.Question(q)
		wantSum, wantN := r.tally(t, u).Question(q)
		if sum != wantSum || n != wantN {
			t.Errorf("question %d: %d in %d answers, want %d in %d", q, sum, n, wantSum, wantN)
		}
	}
	if signals := tables.Tally.Signals()["arahan"]; signals[0] != 30 {
		t.Errorf("the tables tell of an unscored question: %v", signals)
	}
	cells, err := tables.Tally.CellCounts("sex")
	if err != nil || len(cells) != 3 || cells[0].N != 22 || cells[1].N != 6 || cells[2].N != 2 || r.People[0][0] != 30 {
		t.Errorf("cells %+v, err = %v", cells, err)
	}
}
