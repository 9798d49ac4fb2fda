package analytics

import (
	"fmt"
	"math"
	"os"
	"strings"
	"testing"

	"persepsi/survey"
)

// documented checks that docs/method.md has a worked line with exactly these
// words and figures. The figures come from the program.
type documented struct {
	t     *testing.T
	lines map[string]bool // false: not yet computed
}

func readMethod(t *testing.T) *documented {
	t.Helper()
	data, err := os.ReadFile("../docs/method.md")
	if err != nil {
		t.Fatal(err)
	}
	d := &documented{t: t, lines: map[string]bool{}}
	for line := range strings.Lines(string(data)) {
		if text, ok := strings.CutPrefix(strings.TrimSpace(line), "- **Worked:** "); ok {
			d.lines[text] = false
		}
	}
	return d
}

func (d *documented) says(format string, figures ...any) {
	d.t.Helper()
	line := fmt.Sprintf(format, figures...)
	d.t.Run(line, func(t *testing.T) { // a part, so that worked lines are counted
		if _, ok := d.lines[line]; !ok {
			t.Errorf("docs/method.md has no line: %s", line)
		}
	})
	d.lines[line] = true
}

// worked is the office of the document: its sums spread over its respondents.
func worked(t *testing.T) *Tally {
	t.Helper()
	c, form := readGolden(t).SKM[0], testForm(t, "skm-9@1")
	rows := make([]string, c.N)
	for i := range rows {
		marks := make([]byte, len(c.Order))
		for q, code := range c.Order {
			at, _ := form.Position(code)
			score := c.Sums[q] / c.N
			if int64(i) < c.Sums[q]%c.N {
				score++
			}
			marks[at] = byte('0' + score)
		}
		rows[i] = string(marks)
	}
	return answersOf(t, form, rows...)
}

func by(t *testing.T, tally *Tally, name string) *Index {
	t.Helper()
	methods := testMethods(t)
	method, err := methods.For(&tally.form.Indexes[0].Index, name)
	if err != nil {
		t.Fatal(err)
	}
	return indexOf(tally, 0, method, methods, testTable(t), tally.evidence(0, 0))
}

func aspect(t *testing.T, x *Index, code string) *AspectResult {
	t.Helper()
	for i := range x.Aspects {
		if x.Aspects[i].Code == code {
			return &x.Aspects[i]
		}
	}
	t.Fatalf("there is no aspect %s", code)
	return nil
}

func TestTheMethodDocumentTellsTheTruth(t *testing.T) {
	t.Parallel()
	d := readMethod(t)
	documentedIndexes(t, d)
	documentedGrades(t, d)
	documentedIntervals(t, d)
	documentedSheets(t, d)
	documentedTables(t, d)
	documentedMonths(t, d)
	documentedLowest(t, d)
	documentedChange(t, d)
	documentedLevers(t, d)
	documentedAspectInterval(t, d)
	documentedPace(t, d)
	documentedControl(t, d)
	documentedForecast(t, d)
	documentedRanks(t, d)
	documentedRelation(t, d)
	for line, computed := range d.lines {
		if !computed {
			t.Errorf("nothing computes this line: %s", line)
		}
	}
}

func documentedIndexes(t *testing.T, d *documented) {
	t.Helper()
	office := worked(t)
	exact := by(t, office, "exact")
	a := aspect(t, exact, "persyaratan")
	d.says("persyaratan: NRR = %d/%d = %s, weighted %.4f, × 25 = %.2f.", a.Sum, a.N, Shown(a.Exact, 4), *a.Weighted, *a.Value100)
	d.says("mean = %s = %s, IKM = %s = %s, shown %s, mutu %s.",
		exact.ExactMean.String(), Shown(exact.ExactMean, 6), exact.ExactValue.String(), Shown(exact.ExactValue, 6), exact.Shown, exact.Mutu)

	two := *testForm(t, "skm-9@1")
	two.Indexes = []survey.FormIndex{{
		Index:     survey.Index{Code: IPKP, Scale: 4, Aspects: []survey.Aspect{{Code: "a"}, {Code: "b"}}},
		Positions: [][]int{{0, 1}, {2}},
	}}
	both := by(t, answersOf(t, &two, "432"), "exact")
	d.says("one respondent answers 4 and 3 to the two questions of one aspect and 2 to the only question of another: (%s + %s)/2 = %s, not 3.",
		Shown(both.Aspects[0].Exact, 1), both.Aspects[1].Exact.String(), Shown(both.ExactMean, 2))

	gap := by(t, answersOf(t, testForm(t, "skm-9@1"), "4-4444444", "333333333"), "exact")
	p, q := aspect(t, gap, "prosedur"), aspect(t, gap, "persyaratan")
	d.says("two respondents, one of whom leaves prosedur out and answers 4 elsewhere, the other 3 throughout: prosedur = %d/%d = %s, persyaratan = %d/%d = %s.",
		p.Sum, p.N, Shown(p.Exact, 2), q.Sum, q.N, Shown(q.Exact, 2))

	value := func(tally *Tally, name string, digits int) string {
		return Shown(by(t, tally, name).ExactValue, digits)
	}
	d.says("the office above: %s with w0.11, %s with w0.111, %s with w0.1111.",
		value(office, "w0.11", 4), value(office, "w0.111", 4), value(office, "w0.1111", 4))
	full := answersOf(t, testForm(t, "skm-9@1"), "444444444")
	d.says("all answers 4: %s exact, %s with w0.11, %s with w0.111, %s with w0.1111.",
		value(full, "exact", 2), value(full, "w0.11", 2), value(full, "w0.111", 2), value(full, "w0.1111", 2))

	eight := by(t, answersOf(t, testForm(t, "skm-9@1"), "44444444"), "w0.11")
	d.says("eight unsur, all answers 4: %s by %s where w0.11 was chosen, not 88.00, and %d reconciliation lines.", eight.Shown, eight.Method, len(eight.Reconciliation))
	sheet := answersOf(t, testForm(t, "skm-14@1"), strings.Repeat("4", 14))
	d.says("14 unsur of the sheet of 2004, all answers 4: %s exact, %s with w0.071.", value(sheet, "exact", 2), value(sheet, "w0.071", 2))

	six := testForm(t, "spak-5-s6@1")
	five, mixed := answersOf(t, six, "55555"), answersOf(t, six, "66666", "55555")
	d.says("an answer 5 is %s by ratio and %s by linear.", value(five, "ratio", 6), value(five, "linear", 6))
	d.says("five answers of 6 and five of 5 give IPAK %s by ratio and %s by linear.", value(mixed, "ratio", 6), value(mixed, "linear", 6))

	spak := testForm(t, "spak-5@1")
	methods := testMethods(t)
	exactly4, err := methods.For(&spak.Indexes[0].Index, "exact")
	if err != nil {
		t.Fatal(err)
	}
	calc := &Calculation{Form: spak, Period: &survey.Period{}, Chosen: []*survey.Method{exactly4}, Methods: methods, Grades: testTable(t)}
	pooled := calc.NewGroup("", "")
	for unit, tally := range map[string]*Tally{"one": answersOf(t, spak, "44444"), "other": answersOf(t, spak, "33333", "33333", "33333")} {
		if err := pooled.Add(unit, tally, map[string]*Index{IPAK: calc.Index(tally, 0, Population{})}); err != nil {
			t.Fatal(err)
		}
	}
	group := pooled.Result().Indexes[IPAK]
	d.says("one unit with one respondent of all 4, another with three of all 3: pooled IPAK %s, unit mean %.2f.", group.Shown, *group.UnitMean)
	city := groupOf(t, IPAK, map[string]int{"one": 500, "other": 20_000}, map[string][]string{"one": many(10, "33333"), "other": many(10, "44444"), "third": many(10, "33333")})
	s := city.Stratified
	d.says("ten respondents of all 3 of 500 people, ten of all 4 of 20,000, a unit whose people are not known: pooled IPAK %s, stratified %s/%d = %s of %d units, %d left out.",
		city.Shown, s.Exact.Mul(whole(s.Population)).String(), s.Population, Shown(s.Exact, 6), s.Units, s.LeftOut)
}

func documentedGrades(t *testing.T, d *documented) {
	t.Helper()
	grades, err := LoadGrades()
	if err != nil {
		t.Fatal(err)
	}
	older, newer := grades.Table("kepmenpan-25-2004"), grades.Table("permenpanrb-14-2017")
	above, below, both := exactly(t, "88.305"), exactly(t, "88.3049"), exactly(t, "74.50")
	d.says("88.305 is shown as %s and graded %s; 88.3049 is shown as %s and graded %s.",
		Shown(above, 2), newer.Grade(above).Mutu, Shown(below, 2), newer.Grade(below).Mutu)
	d.says("a mean of 677/200 is shown as %s, though its float64 is less than 3.385.", ShownFloat(677.0/200, 2))
	d.says("IKM 74.50 is %s by the table of 2004 and %s by that of 2017.", older.Grade(both).Mutu, newer.Grade(both).Mutu)
	s := newer.Stability(NewRatio(87, 1), 84, 90)
	d.says("IKM 87.00 with 84.00..90.00 is %s, could be %s.", s.Grade, strings.Join(s.Could, ", "))
	n := testSamples(t)
	d.says("703 people need %d by Krejcie and Morgan, %d by Slovin, %d by Cochran.", n.KrejcieMorgan(703), n.Slovin(703), n.Cochran(703))
	d.says("100000 people need %d by Krejcie and Morgan; the table printed in 1970 says 384, the formula does not.", n.KrejcieMorgan(100000))
}

func documentedIntervals(t *testing.T, d *documented) {
	t.Helper()
	in := intervalInput{Mean: 3.659, Variance: 0.05, Lo: 1, Hi: 4, N: 29, Population: 703}
	lo, hi := evidenceOf(in).interval()
	in.Population = 0
	lo0, hi0 := evidenceOf(in).interval()
	d.says("n = 29 of N = 703, mean 3.659, variance 0.05 on 1-4: %.3f..%.3f; without N: %.3f..%.3f.", lo, hi, lo0, hi0)
	lo, hi = evidenceOf(intervalInput{Mean: 4, Lo: 1, Hi: 4, N: 5}).interval()
	d.says("five answers of all 4, N unknown: %.3f..%.3f.", lo, hi)
	lo, hi = evidenceOf(intervalInput{Mean: 4, Lo: 1, Hi: 4, N: 300, Population: 20_000}).interval()
	lo0, _ = evidenceOf(intervalInput{Mean: 4, Lo: 1, Hi: 4, N: 300}).interval()
	d.says("300 answers of all 4, of 20,000 people: %.3f..%.3f; without N %.3f, where 1 + 3·0.025^(1/300) = %.4f.", lo, hi, lo0, 1+3*math.Pow(0.025, 1.0/300))
	parts := make([]part, 9)
	for q := range parts {
		parts[q] = part{weight: 1.0 / 9, n: 300}
	}
	parts[8].n = 9
	d.says("nine questions, all answered by 300 people, one of them by 9: as much as %.0f without gaps.", effective(parts, 300))
	spak := testForm(t, "spak-5@1")
	c := calculation(t, spak, nil)
	c.LKE = testLKE(t)
	x := c.Index(answersOf(t, spak, append(many(18, "44444"), many(11, "33333")...)...), 0, Population{})
	m := x.Chances.Minima[0]
	d.says("IPAK of 29 people, 18 of whom answer 4 throughout and 11 of whom 3: %s, A in %v and B in %v of samples; reaches %.2f in %v, and an office at %v reaches it in %v.",
		x.Shown, x.Chances.Grades["A"], x.Chances.Grades["B"], m.Minimum, m.Pass, m.Short.Truth, m.Short.Passes)
	r := answersOf(t, testForm(t, "spak-5@1"), "44444", "43434", "33334", "22233").Reliability(0)
	d.says("answers 44444, 43434, 33334, 22233 to the five questions of SPAK: alpha %.4f, diskriminasi against the rest %.4f, pungli %.4f.",
		*r.Alpha, r.ItemTotal["diskriminasi"], r.ItemTotal["pungli"])
	r = answersOf(t, testForm(t, "spak-5@1"), "4-444", "3-434", "2-222").Reliability(0)
	d.says("answers 4-444, 3-434, 2-222, where all leave out one question: alpha of the other four %.4f.", *r.Alpha)
	d.says("answers 44, 22 and 4- to two aspects of one question each: contributions 13/36, −17/36 and 4/36, variance of one %.6f (79/48).",
		answersOf(t, testForm(t, "skm-9@1"), "44", "22", "4-").Variance(0))
}

func documentedSheets(t *testing.T, d *documented) {
	t.Helper()
	got := score(t, LKEInput{IPAK: NewRatio(3, 1), IPKP: NewRatio(3, 1), Achievement: "A", Pengungkit: exactly(t, "47.875")})
	d.says("IPAK 3.00, level A, IPKP 3.00, pengungkit 47.875: I.a %v, I %v (shown %s), II %v (shown %s), hasil %v, total %v (shown %s): no WBK, because %s fail.",
		got.IA.Points, got.I.Points, got.I.Shown, got.II.Points, got.II.Shown, got.Hasil.Points, got.Total.Points, got.Total.Shown,
		strings.Join(failing(got.WBK), ", "))
	x := testOf(t, score(t, LKEInput{IPAK: exactly(t, "3.5999")}).WBK, "I.a")
	if *x.Passed {
		t.Error("15.7495625 points must not pass")
	}
	d.says("IPAK 3.5999: %v points, told as %s against %v: failed, short by %v points or %v of IPAK.",
		*x.Points, x.Shown, x.Minimum, -*x.Distance, -*x.IndexDistance)
	near := sheet{ipak: "3.58", ipkp: "3.55", level: "A", share: "0.8", n: 118, served: 703, further: 99}.ready(t, false)
	ia := distanceOf(t, near, "I.a")
	d.says("118 respondents of 703 with IPAK 3.58, variance 0.25, and 99 to come: I.a %s, short by %s points or %s of IPAK; it is reached in %.3f, WBK in %.3f..%.3f.",
		ia.Told, ia.Away, ia.IndexAway, *ia.Chance, near.Chance[0], near.Chance[1])
	open := sheet{ipak: "3.6", ipkp: "3.2", n: 300, served: 1000, over: true}.ready(t, false)
	d.says("IPAK 3.60, IPKP 3.20, nothing entered: I.b needs %s at least, pengungkit %s, both together %s.",
		distanceOf(t, open, "I.b").LeastLevel, distanceOf(t, open, "pengungkit").Least, open.Together)
	counts := []int64{3, 30, 9}
	var hidden, shown []string
	for i, hide := range Suppress(counts, LeastCell) {
		if n := fmt.Sprint(counts[i]); hide {
			hidden = append(hidden, n)
		} else {
			shown = append(shown, n)
		}
	}
	d.says("cells of 3, 30 and 9: %s are hidden, %s is shown.", strings.Join(hidden, " and "), strings.Join(shown, " and "))
}

func documentedTables(t *testing.T, d *documented) {
	t.Helper()
	shown := func(hidden []bool, counts ...int) string {
		var out []string
		for cell, n := range counts {
			if !hidden[cell] {
				out = append(out, fmt.Sprint(n))
			}
		}
		if out == nil {
			return "none"
		}
		return strings.Join(out, ", ")
	}
	two := SuppressLinked([]Crowd{{Known: make([]int, 41), Cells: [][]int{parts(20, 21), parts(21, 20)}}}, []int{2, 2})
	d.says("41 people in a table of 20 and 21 and in one of 21 and 20, in the same order: shown are %s of the first and %s of the second.",
		shown(two[0], 20, 21), shown(two[1], 21, 20))
	against := func(first, second int) string {
		return shown(SuppressLinked([]Crowd{{Known: parts(20, 20), Cells: [][]int{parts(first, second)}}}, []int{2})[0], first, second)
	}
	d.says("two releases of 20 people each and a table of 18 and 22 of them, in the same order: shown are %s; of 15 and 25: %s.", against(18, 22), against(15, 25))
}

func documentedMonths(t *testing.T, d *documented) {
	t.Helper()
	form := testForm(t, "skm-9@1")
	calc := spanCalculation(t, form)
	fours, threes := many(12, "444444444"), many(10, "333333333")
	later := answersOf(t, form, append(fours, threes...)...)
	month := calc.Span(answersOf(t, form, fours...), later, 0, 10)
	d.says("12 answers of 4 to every question of an IKM, then 10 of 3: the later release is %s, the month between %s of %d.", calc.Point(later, 0).Shown, month.Shown, month.N)
}
