package analytics

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"persepsi/survey"
)

// marked writes the answers of people.
func marked(rows [][]float64) []string {
	out := make([]string, len(rows))
	for i, row := range rows {
		marks := make([]byte, len(row))
		for q, x := range row {
			marks[q] = byte('0' + int(x))
		}
		out[i] = string(marks)
	}
	return out
}

// related is the correlation of a column with the mean of the others, by definition.
func related(rows [][]float64, q int) float64 {
	n, sx, sy, sxx, syy, sxy := float64(len(rows)), 0., 0., 0., 0., 0.
	for _, row := range rows {
		x, y := row[q], 0.
		for o, v := range row {
			if o != q {
				y += v
			}
		}
		sx, sy, sxx, syy, sxy = sx+x, sy+y, sxx+x*x, syy+y*y, sxy+x*y
	}
	return (n*sxy - sx*sy) / math.Sqrt((n*sxx-sx*sx)*(n*syy-sy*sy))
}

func TestARelationIsTheCorrelationWithTheOtherAspects(t *testing.T) {
	t.Parallel()
	form := testForm(t, "skm-9@1")
	r := rand.New(rand.NewPCG(3, 4))
	for _, name := range []string{"mostly 3 and 4", "one in ten unhappy", "at the ceiling"} {
		rows := kinds()[name].served(400).sample(r, 150, none, nil)
		got := answersOf(t, form, marked(rows)...).Importance(0)
		for q := range 9 {
			want := related(rows, q)
			at := slices.IndexFunc(got, func(x Relation) bool { return x.Aspect == form.Questions[q].Code })
			if at < 0 || math.Abs(got[at].Relation-want) > 1e-9 || got[at].Undefined {
				t.Errorf("%s, %s: %+v, want %v", name, form.Questions[q].Code, got, want)
			}
		}
	}
}

func TestRelationsAreOfManyPeople(t *testing.T) {
	t.Parallel()
	form := testForm(t, "skm-9@1")
	rows := append(many(60, "43443444-"), many(40, "34334344-")...)
	got := answersOf(t, form, rows...).Importance(0)
	if len(got) != 9 {
		t.Fatalf("of 100: %+v", got)
	}
	for a, x := range got {
		// Two were answered alike by all, the last by nobody.
		at := form.Indexes[0].Positions[a][0]
		if x.Undefined != (at >= 6) || !x.Undefined && math.Abs(x.Relation) < 0.3 {
			t.Errorf("%+v", x)
		}
	}
	if got := answersOf(t, form, rows[:99]...).Importance(0); got != nil {
		t.Errorf("of 99: %+v", got)
	}
	if got := answersOf(t, form, append(rows, many(30, "434434---")...)...).Importance(0); len(got) != 9 {
		t.Errorf("of 100 who answered all: %+v", got)
	}
}

func TestTheRelationOfAnAspectOfSeveralQuestionsIsThatOfTheirMean(t *testing.T) {
	t.Parallel()
	two := *testForm(t, "skm-9@1")
	two.Indexes = []survey.FormIndex{{
		Index:     survey.Index{Code: IPKP, Scale: 4, Aspects: []survey.Aspect{{Code: "a"}, {Code: "b"}, {Code: "c"}}},
		Positions: [][]int{{0, 1}, {2}, {3}},
	}}
	r := rand.New(rand.NewPCG(9, 9))
	var means [][]float64
	var rows []string
	for range 120 {
		row := make([]float64, 9)
		kinds()["mostly 3 and 4"].draw(r, row)
		rows = append(rows, marked([][]float64{row})[0])
		means = append(means, []float64{(row[0] + row[1]) / 2, row[2], row[3]})
	}
	for a, x := range answersOf(t, &two, rows...).Importance(0) {
		if want := related(means, a); math.Abs(x.Relation-want) > 1e-9 {
			t.Errorf("%+v, want %v", x, want)
		}
	}
}

func documentedRelation(t *testing.T, d *documented) {
	t.Helper()
	rows := append(append(many(40, "44-------"), many(40, "33-------")...), many(20, "43-------")...)
	got := answersOf(t, testForm(t, "skm-9@1"), rows...).Importance(0)
	d.says("forty people answer two aspects 4 and 4, forty 3 and 3, twenty 4 and 3: the relation is %.4f.", got[0].Relation)
}
