package analytics

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"persepsi/survey"
)

// clearing returns tables of 60 people of whom five told a sex that nobody else told, and
// the people: the first five are they.
func clearing(t *testing.T) (*survey.Form, []survey.Response, *Tables, []*survey.Method) {
	t.Helper()
	lib, err := survey.NewLibrary()
	if err != nil {
		t.Fatal(err)
	}
	form, err := lib.FormByID("terpadu-16@1")
	if err != nil {
		t.Fatal(err)
	}
	known, err := survey.LoadMethods()
	if err != nil {
		t.Fatal(err)
	}
	d, err := survey.NewDirectory(&survey.Catalogue{Periods: []survey.Period{{Code: "p", Instruments: []string{form.ID}}}}, lib, known)
	if err != nil {
		t.Fatal(err)
	}
	methods, err := ChooseMethods(d, &d.Catalogue().Periods[0], form)
	if err != nil {
		t.Fatal(err)
	}
	random := rand.New(rand.NewPCG(1, 2))
	people := make([]survey.Response, 60)
	for i := range people {
		values, told := make([]int, len(form.Questions)), make([]int, len(form.Fields))
		base := 2 + random.IntN(3)
		for q := range values {
			values[q] = min(len(form.Questions[q].Options), max(1, base+[]int{-1, 0, 0, 0, 1}[random.IntN(5)]))
		}
		told[0] = 1
		if i < 5 {
			told[0] = 2
		}
		told[1] = 1 + i%3
		people[i] = survey.Response{Form: form.ID, Service: []string{"ktp", "kk"}[i%2], Answers: survey.MakeMarks(values), Respondent: survey.MakeMarks(told)}
	}
	tables, err := MakeTables(form, people, func(int, int) int { return 0 })
	if err != nil {
		t.Fatal(err)
	}
	return form, people, tables, methods
}

func TestClearedTablesShowWhatEverybodySawAndHoldNothingElseOfRespondents(t *testing.T) {
	t.Parallel()
	form, _, tables, methods := clearing(t)
	before, err := tables.Read(form)
	if err != nil {
		t.Fatal(err)
	}
	cleared, err := tables.Clear(form, methods)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := cleared.Clear(form, nil); err != nil || again != cleared {
		t.Errorf("cleared twice: err = %v", err)
	}
	text, err := json.Marshal(cleared)
	if err != nil {
		t.Fatal(err)
	}
	stored := new(Tables)
	if err := json.Unmarshal(text, stored); err != nil {
		t.Fatal(err)
	}
	after, err := stored.Read(form)
	if err != nil || after.Tally.TellsRespondents() {
		t.Fatalf("the tally tells of respondents, err = %v", err)
	}
	scores := 0
	for _, by := range Dimensions(form) {
		want, err := before.Cells(by, methods)
		if err != nil {
			t.Fatal(err)
		}
		got, err := after.Cells(by, methods)
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("by %s everybody sees %+v, err = %v, want %+v", by, got, err, want)
		}
		live, err := after.Breakdown(by, methods)
		if err != nil {
			t.Fatal(err)
		}
		if _, ok := form.FieldPosition(by); !ok {
			if want, err = before.Breakdown(by, methods); err != nil {
				t.Fatal(err)
			}
		} else {
			for _, c := range got {
				scores += len(c.Means)
			}
		}
		if !reflect.DeepEqual(live, want) {
			t.Errorf("by %s evaluators see %+v, want %+v", by, live, want)
		}
	}
	if scores == 0 {
		t.Error("no cell of a respondent field shows a score: the test tests nothing")
	}
}

// Whoever has the answers of 60 people and the sums of a cell of five of them finds the
// five; whoever has the means that everybody sees finds hundreds of such fives.
func TestWhatIsLeftOfACellFitsManySetsOfAnswers(t *testing.T) {
	t.Parallel()
	form, people, tables, methods := clearing(t)
	cleared, err := tables.Clear(form, methods)
	if err != nil {
		t.Fatal(err)
	}
	at := slices.IndexFunc(cleared.Fields[form.Fields[0].Code], func(c CellResult) bool { return c.N == 5 })
	if at < 0 || len(cleared.Fields[form.Fields[0].Code][at].Means) < 2 {
		t.Fatalf("the five are not shown: %+v", cleared.Fields)
	}
	means := cleared.Fields[form.Fields[0].Code][at].Means
	shown, all := make([][]int, len(people)), make([][]int, len(people)) // what is added up of a person
	for i := range form.Indexes {
		x := &form.Indexes[i]
		mean, ok := means[x.Code]
		if !ok {
			continue
		}
		questions, five := slices.Concat(x.Positions...), 0
		for p := range people {
			sum := 0
			for _, q := range questions {
				sum += people[p].Answers.At(q)
			}
			shown[p] = append(shown[p], sum)
			if p < 5 {
				five += sum
			}
		}
		if got := float64(five) / float64(5*len(questions)); math.Abs(got-mean) > 1e-9 {
			t.Fatalf("%s is %v, and %v by sums", x.Code, mean, got)
		}
	}
	for p := range people {
		for q := range form.Questions {
			all[p] = append(all[p], people[p].Answers.At(q))
		}
	}
	if n := fives(all); n != 1 {
		t.Errorf("%d sets of five fit the sums of all questions, want the one", n)
	}
	if n := fives(shown); n < 200 {
		t.Errorf("%d sets of five fit the %d means that are shown, want hundreds", n, len(means))
	} else {
		t.Logf("%d sets of five fit the %d means", n, len(means))
	}
}

// fives counts the sets of five whose rows add up to what those of the first five do.
func fives(rows [][]int) (n int) {
	key := func(of ...int) (out [20]int) {
		for _, p := range of {
			for i, v := range rows[p] {
				out[i] += v
			}
		}
		return out
	}
	want := key(0, 1, 2, 3, 4)
	pairs := map[[20]int][]int{} // by sum: the first of each pair
	for a := range rows {
		for b := a + 1; b < len(rows); b++ {
			pairs[key(a, b)] = append(pairs[key(a, b)], a)
		}
	}
	for a := range rows {
		for b := a + 1; b < len(rows); b++ {
			for c := b + 1; c < len(rows); c++ {
				rest := key(a, b, c)
				for i := range rest {
					rest[i] = want[i] - rest[i]
				}
				for _, d := range pairs[rest] {
					if d > c {
						n++
					}
				}
			}
		}
	}
	return n
}
