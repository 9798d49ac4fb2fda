package analytics

import (
	"maps"
	"slices"
	"testing"

	"pgregory.net/rapid"

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
	form := testForm(t, "skm-9@1")
	methods := exactMethods(t, form)
	shown := 0
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(10, 18).Draw(t, "people")
		staff := rapid.IntRange(0, 9).Draw(t, "staff") / 8 * 10 // none, or ten more
		gap := rapid.IntRange(0, 1).Draw(t, "gaps")
		guests := make([]guest, n+staff)
		for p := range guests {
			g := &guests[p]
			g.Form, g.Mode = form.ID, survey.ModeQR
			if p >= n {
				g.Mode = survey.ModePaper
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
			}
			if gap > 0 && p%6 == 0 {
				values[0] = 0
			}
			g.Answers = survey.MakeMarks(values)
		}
		tables := tablesOf(t, form, guests, rapid.SampledFrom([]int{0, manyPeople}).Draw(t, "many"))
		for _, kinds := range [][]survey.Kind{{survey.KindCitizen, survey.KindStaff}, {survey.KindCitizen}} {
			for q := range 1 + gap { // the others are as the second
				var crowd []int
				for p := range guests {
					if guests[p].Answers.At(q) > 0 && slices.Contains(kinds, guests[p].Mode.Kind()) {
						crowd = append(crowd, p)
					}
				}
				numbers := [][]int{}
				for step := range n / 10 {
					numbers = append(numbers, where(crowd, func(p int) bool { return guests[p].step[q] <= step }))
				}
				for _, by := range Dimensions(form) {
					cells, err := tables.Cells(by, methods)
					if err != nil {
						t.Fatal(err)
					}
					for _, cell := range cells {
						if len(cell.Means) > 0 {
							shown++
							numbers = append(numbers, where(crowd, func(p int) bool { return guests[p].is(form, by, cell.Code) }))
						}
					}
				}
				if group := leaks(len(crowd), numbers); group != nil {
					t.Fatalf("question %d, kinds %v: people %v can be told of from %v", q, kinds, group, numbers)
				}
			}
		}
	})
	if shown == 0 {
		t.Error("no cell was shown: nothing was tried")
	}
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
	if other := testForm(t, "skm-9@1"); true {
		if _, err := (&Tables{Tally: tables.Tally.Encode()}).Read(other); err == nil {
			t.Error("tables of another form were read")
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
