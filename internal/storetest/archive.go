package storetest

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"persepsi/analytics"
	"persepsi/survey"
)

// archive: sheets of a survey of long ago are declared, stored and graded by what was
// valid then.
func archive(t *testing.T, e Engine) {
	s := fresh(t, e)
	methods, err := survey.LoadMethods()
	if err != nil {
		t.Fatal(err)
	}
	grades, err := analytics.LoadGrades()
	if err != nil {
		t.Fatal(err)
	}
	const declared = `city: {name: Kota}
agencies: [{code: a, name: Dinas, units: [{code: unit-0, name: Unit, services: [{code: ktp, name: KTP}], points: [{code: DK01, name: Loket}]}]}]
periods: [{code: "2010", from: 2010-01-01, to: 2010-12-31, instrument: skm-14, methods: {ikm: w0.071}}]
earlier: [{unit: unit-0, index: ikm, period: Tahun 2009, from: 2009-01-01, to: 2009-12-31, value: 74.50, n: 150, source: Laporan IKM 2009, instrument: skm-14, method: w0.071}]
`
	applied, err := survey.Apply(new(survey.Catalogue), []byte(declared), Library(t), methods, nil, nil, survey.NewDate(2026, time.July, 1))
	if err != nil {
		t.Fatal(err)
	}
	if err := s.RecordCatalogue(t.Context(), applied.Catalogue); err != nil {
		t.Fatal(err)
	}
	stored, err := s.Catalogue(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	d, err := survey.NewDirectory(stored, Library(t), methods)
	if err != nil {
		t.Fatal(err)
	}
	if earlier := d.Earlier("unit-0"); len(earlier) != 1 || earlier[0].Instrument != "skm-14@1" || earlier[0].Method != "w0.071" {
		t.Errorf("of before: %+v", earlier)
	}
	form := d.Form("2010")
	var list []*survey.Response
	for n := range 30 { // two thirds answer 3, the others 4 to every unsur
		mark := "3"
		if n%3 == 2 {
			mark = "4"
		}
		list = append(list, &survey.Response{
			ID: uuid.NewSHA1(uuid.Nil, fmt.Appendf(nil, "sheet %d", n)), Period: "2010", Unit: "unit-0", Service: "ktp", Point: "", Form: form.ID,
			Lang: "id", Mode: survey.ModePaper, Day: survey.NewDate(2010, time.March, 1+n%28), ReceivedAt: time.Date(2026, time.July, 1, 8, 0, 0, 0, time.UTC),
			Answers: survey.Marks(strings.Repeat(mark, 14) + strings.Repeat("-", len(form.Questions)-14)), Respondent: survey.Marks(strings.Repeat("-", len(form.Fields))),
		})
	}
	mustAppend(t, s, list)
	mustSettle(t, s)
	tally, err := s.Tally(t.Context(), analytics.Key{Level: analytics.LevelPeriod, Period: "2010", Unit: "unit-0", Form: form.ID})
	if err != nil {
		t.Fatal(err)
	}
	period, _ := d.Period("2010")
	chosen, err := analytics.ChooseMethods(d, period, form)
	if err != nil {
		t.Fatal(err)
	}
	c := &analytics.Calculation{Form: form, Chosen: chosen, Methods: methods, Grades: grades.At(period.To), Period: period}
	x := c.Index(tally, 0, analytics.Population{})
	// 10/3 × 14 × 0.071 × 25: an A by the table of 2004, a B by that of 2017.
	if x == nil || x.Shown != "82.83" || x.Mutu != "A" || x.Method != "w0.071@1" || x.GradeTable != "kepmenpan-25-2004@1" || x.N != 30 {
		t.Errorf("the figures of 2010: %+v", x)
	}
}
