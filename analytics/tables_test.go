package analytics

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"persepsi/internal/racetest"
	"persepsi/survey"
)

// guest is somebody who answered, with the release that counted each answer first.
type guest struct {
	survey.Response
	step []int
}

// exactMethods returns the method of each index of a form.
func exactMethods(t *testing.T, form *survey.Form) []*survey.Method {
	out := make([]*survey.Method, len(form.Indexes))
	for i := range out {
		var err error
		if out[i], err = testMethods(t).For(&form.Indexes[i].Index, "exact"); err != nil {
			t.Fatal(err)
		}
	}
	return out
}

// tablesOf makes and reads the tables of guests.
func tablesOf(t interface{ Fatal(...any) }, form *survey.Form, guests []guest, many int) *OpenTables {
	people := make([]survey.Response, len(guests))
	for p := range guests {
		people[p] = guests[p].Response
	}
	made, err := makeTables(form, people, func(person, question int) int { return guests[person].step[question] }, many)
	if err != nil {
		t.Fatal(err)
	}
	tables, err := made.Read(form)
	if err != nil {
		t.Fatal(err)
	}
	return tables
}

// is reports whether a guest is in a cell, as a reader would say it who knows them.
func (g *guest) is(form *survey.Form, by, code string) bool {
	switch by {
	case "service":
		return g.Service == code
	case "point":
		return g.Point == code
	case "mode":
		return g.Mode.String() == code
	case "hour":
		return g.Mode == survey.ModePaper && code == "paper" ||
			g.Mode != survey.ModePaper && hourCode(int(g.Day.Weekday())*24+int(g.Hour)) == code
	}
	f, _ := form.FieldPosition(by)
	category := g.Respondent.At(f)
	return category == 0 && code == "" || category > 0 && form.Fields[f].Categories[category-1].Code == code
}

// Whoever reads all tables of a closed period and all releases before, knows who
// is in which cell, adds and subtracts, and may know what staff entered, learns
// nothing of fewer than five people from the answers to any question.
func TestNobodyIsToldOfByTheTablesOfAClosedPeriod(t *testing.T) {
	t.Parallel()
	racetest.Skip(t)
	for _, name := range []string{"skm-9@1", "terpadu-16@1"} {
		form := testForm(t, name)
		methods := exactMethods(t, form)
		shown := map[string]int{}
		rapid.Check(t, func(t *rapid.T) {
			list, questions := drawGuests(t, form)
			tables := tablesOf(t, form, list, rapid.SampledFrom([]int{0, manyPeople}).Draw(t, "many"))
			for _, known := range [][]survey.Mode{nil, {survey.ModePaper}, {survey.ModeAssisted}, {survey.ModePaper, survey.ModeAssisted}} {
				for _, q := range questions {
					var crowd []int
					for p := range list {
						if list[p].Answers.At(q) > 0 && !slices.Contains(known, list[p].Mode) {
							crowd = append(crowd, p)
						}
					}
					numbers := [][]int{}
					for step := range 3 {
						numbers = append(numbers, where(crowd, func(p int) bool { return list[p].step[q] <= step }))
					}
					if leaks(len(crowd), numbers) != nil {
						continue // what was released tells of staff beside staff
					}
					for _, by := range Dimensions(form) {
						for _, cell := range cellsWith(t, tables, by, methods, form, q) {
							shown[by]++
							numbers = append(numbers, where(crowd, func(p int) bool { return list[p].is(form, by, cell) }))
						}
					}
					if group := leaks(len(crowd), numbers); group != nil {
						t.Fatalf("question %d, known %v: people %v can be told of from %v", q, known, group, numbers)
					}
				}
			}
		})
		for _, by := range []string{"service", "point", "sex"} {
			if shown[by] == 0 {
				t.Errorf("%s: no cell by %s was shown: nothing was tried", name, by)
			}
		}
	}
}

// drawGuests draws people of all modes, released in up to three steps, some of whom
// left a question out; and returns two questions of one index, that one and another.
func drawGuests(t *rapid.T, form *survey.Form) ([]guest, []int) {
	n := rapid.IntRange(10, 18).Draw(t, "people")
	staff := rapid.SampledFrom([]int{0, 0, 0, 0, 8}).Draw(t, "staff")
	index := form.Indexes[rapid.IntRange(0, len(form.Indexes)-1).Draw(t, "index")]
	positions := slices.Concat(index.Positions...)
	gap := rapid.SampledFrom(append([]int{-1}, positions...)).Draw(t, "left out")
	late := rapid.Bool().Draw(t, "late") // the question was released a step later
	list := make([]guest, n+staff)
	for p := range list {
		g := &list[p]
		g.Form, g.Mode = form.ID, survey.ModeQR
		if p >= n {
			g.Mode = survey.ModePaper
			if p%2 == 0 {
				g.Mode = survey.ModeAssisted
			}
		}
		g.Service, g.Point = string(rune('a'+rapid.IntRange(0, 1).Draw(t, "service"))), string(rune('A'+rapid.IntRange(0, 1).Draw(t, "point")))
		g.Day, g.Hour = survey.NewDate(2026, 3, 2), uint8(8+rapid.IntRange(0, 1).Draw(t, "hour"))
		respondent := make([]int, len(form.Fields))
		respondent[0] = rapid.IntRange(0, 2).Draw(t, "sex")
		g.Respondent = survey.MakeMarks(respondent)
		values := make([]int, len(form.Questions))
		g.step = make([]int, len(form.Questions))
		for q := range values {
			if form.Questions[q].Scored {
				values[q] = 1 + p%4
			}
			g.step[q] = min(p/10, n/10-1)
			if late && q == gap && p < 10 {
				g.step[q]++
			}
		}
		if gap >= 0 && p%6 == 0 {
			values[gap] = 0
		}
		g.Answers = survey.MakeMarks(values)
	}
	if gap < 0 {
		return list, positions[:1]
	}
	return list, []int{gap, positions[(slices.Index(positions, gap)+1)%len(positions)]}
}

// cellsWith lists the codes of the cells that show an index of a question.
func cellsWith(t *rapid.T, tables *OpenTables, by string, methods []*survey.Method, form *survey.Form, question int) (out []string) {
	cells, err := tables.Cells(by, methods)
	if err != nil {
		t.Fatal(err)
	}
	for _, cell := range cells {
		for i := range form.Indexes {
			_, has := cell.Means[form.Indexes[i].Code]
			if has && slices.Contains(slices.Concat(form.Indexes[i].Positions...), question) {
				out = append(out, cell.Code)
				break
			}
		}
	}
	return out
}

// where returns the places in a crowd of those who are something.
func where(crowd []int, is func(person int) bool) (out []int) {
	for i, p := range crowd {
		if is(p) {
			out = append(out, i)
		}
	}
	return out
}

// guests are n people with what they all have in common.
func guests(form *survey.Form, n int, service string, sex, value int) []guest {
	out := make([]guest, n)
	for p := range out {
		respondent := make([]int, len(form.Fields))
		respondent[0] = sex
		values, step := make([]int, len(form.Questions)), make([]int, len(form.Questions))
		for q := range values {
			if form.Questions[q].Scored {
				values[q] = value
			}
		}
		out[p] = guest{survey.Response{
			Form: form.ID, Mode: survey.ModeQR, Service: service, Point: "A", Day: survey.NewDate(2026, 3, 2), Hour: 9,
			Answers: survey.MakeMarks(values), Respondent: survey.MakeMarks(respondent),
		}, step}
	}
	return out
}

func TestWhatTheTablesOfAClosedPeriodShow(t *testing.T) {
	t.Parallel()
	form := testForm(t, "terpadu-16@1")
	methods := exactMethods(t, form)
	tables := tablesOf(t, form, slices.Concat(
		guests(form, 21, "ktp", 1, 4), guests(form, 16, "akta", 1, 2), guests(form, 4, "akta", 2, 1), guests(form, 3, "kia", 0, 3),
	), manyPeople)
	cells := func(by string) map[string]CellResult {
		list, err := tables.Cells(by, methods)
		if err != nil {
			t.Fatal(err)
		}
		out := map[string]CellResult{}
		for _, c := range list {
			out[c.Code] = c
		}
		return out
	}
	service := cells("service")
	if c := service["ktp"]; c.N != 21 || c.Suppressed || !maps.Equal(c.Means, map[string]float64{IKM: 4, IPKP: 4, IPAK: 4}) {
		t.Errorf("twenty-one people: %+v", c)
	}
	if c := service["kia"]; c.N != 3 || !c.Suppressed || c.Means != nil {
		t.Errorf("three people, as many as everybody may count: %+v", c)
	}
	if c := service["akta"]; !c.Suppressed || c.N != 20 {
		t.Errorf("who would be all but three: %+v", c)
	}
	sex := cells("sex")
	if c := sex["P"]; !c.Suppressed || c.N != 0 {
		t.Errorf("four women are counted: %+v", c)
	}
	if c := cells("point")["A"]; c.Suppressed || c.N != 44 {
		t.Errorf("all people: %+v", c)
	}
	for by, code := range map[string]string{"hour": "1-09", "mode": "qr"} {
		if c := cells(by)[code]; c.Suppressed || c.N != 44 {
			t.Errorf("all people, by %s: %+v", by, c)
		}
	}
	if _, err := tables.Cells("nik", methods); survey.CodeOf(err) != survey.Invalid {
		t.Errorf("an unknown dimension: %v", err)
	}
	if _, err := (&Tables{Tally: tables.Tally.Encode()}).Read(testForm(t, "skm-9@1")); err == nil {
		t.Error("tables of another form were read")
	}
}

// Who knows all paper answers, or all that were typed in for citizens, takes them out
// of a cell: at least five others, or none, must be left.
func TestStaffAreHiddenFromEachOther(t *testing.T) {
	t.Parallel()
	form := testForm(t, "skm-9@1")
	for _, known := range []survey.Mode{survey.ModePaper, survey.ModeAssisted} {
		for left, shown := range map[int]bool{0: true, 4: false, 5: true} {
			other := survey.ModePaper + survey.ModeAssisted - known
			list := slices.Concat(guests(form, 30, "ktp", 1, 4), guests(form, 5+left, "akta", 1, 2), guests(form, 10, "ktp", 1, 4))
			for p := 30; p < len(list); p++ {
				list[p].Mode = known
				if p >= 35 {
					list[p].Mode = other
				}
			}
			cells, err := tablesOf(t, form, list, manyPeople).Cells("service", exactMethods(t, form))
			if err != nil {
				t.Fatal(err)
			}
			for _, c := range cells {
				if c.Code == "akta" && (c.Means != nil) != shown {
					t.Errorf("five %s answers and %d %s ones: %+v, want scores: %v", known, left, other, c, shown)
				}
			}
		}
	}
}

// Two instruments that few answered both don't hide each other's cells.
func TestIndexesThatShareNoQuestionAreHiddenApart(t *testing.T) {
	t.Parallel()
	form := testForm(t, "skm-9@1+spak-5@1")
	methods := exactMethods(t, form)
	list := slices.Concat(guests(form, 20, "ktp", 1, 4), guests(form, 20, "akta", 1, 2))
	for p := range list { // three of the second service answered the second instrument
		if p < 17 || p > 36 {
			continue
		}
		values := make([]int, len(form.Questions))
		for q := range values {
			values[q] = list[p].Answers.At(q)
			if q >= 9 && p > 19 {
				values[q] = 0
			}
		}
		list[p].Answers = survey.MakeMarks(values)
	}
	cells, err := tablesOf(t, form, list, manyPeople).Cells("service", methods)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range cells {
		if !maps.Equal(c.Means, map[string]float64{IKM: map[string]float64{"ktp": 4, "akta": 2}[c.Code]}) {
			t.Errorf("%s shows %v, want its IKM alone", c.Code, c.Means)
		}
	}
}

// A recount makes the tables of a release again, also by a later program: what is
// hidden may only change with the version of the rule.
func TestTablesStayWhatTheyWere(t *testing.T) {
	t.Parallel()
	racetest.Skip(t)
	form := testForm(t, "terpadu-16@1")
	r := rand.New(rand.NewPCG(5, 6))
	people := make([]survey.Response, 400)
	for p := range people {
		values, respondent := make([]int, len(form.Questions)), make([]int, len(form.Fields))
		for q := range values {
			if form.Questions[q].Scored && r.IntN(30) > 0 {
				values[q] = 1 + r.IntN(4)
			}
		}
		for f := range respondent {
			respondent[f] = r.IntN(len(form.Fields[f].Categories) + 1)
		}
		people[p] = survey.Response{
			Form: form.ID, Mode: survey.Mode(r.IntN(int(survey.ModeCount))), Service: string(rune('a' + r.IntN(4))), Point: string(rune('a' + r.IntN(3))),
			Day: survey.NewDate(2026, 3, 2), Hour: uint8(8 + r.IntN(3)), Answers: survey.MakeMarks(values), Respondent: survey.MakeMarks(respondent),
		}
	}
	tables, err := MakeTables(form, people, func(p, _ int) int { return p / 40 })
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(tables.Shown)
	if err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprintf("%x", sha256.Sum256(text))[:16]; tables.Version != 1 || got != "98ccf8d540487fd7" {
		t.Errorf("version %d hides other cells now: %s", tables.Version, got)
	}
}

// A combination holds a person with the sum of many weights, by the prime: no number is too large.
func TestACombinationAddsAsManyWeightsAsThereAre(t *testing.T) {
	t.Parallel()
	in := make([]int32, 100)
	for n := range in {
		if got, want := (combination{prime - 1}).weight(in[:n]), (prime-uint64(n))%prime; got != want {
			t.Errorf("%d times −1 is %d, want %d", n, got, want)
		}
	}
	for _, x := range []uint64{1, 2, 7, prime / 2, prime - 2, prime - 1} {
		if got := multiply(x, inverse(x)); got != 1 {
			t.Errorf("%d and its inverse make %d", x, got)
		}
	}
}
