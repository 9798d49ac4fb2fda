package handlers_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"persepsi/analytics"
	"persepsi/internal/access"
	"persepsi/internal/testkit"
)

// strata is a city whose figures differ by what they weigh: of 500 people three
// answered all 4, of 20,000 one all 3; a unit without a number of people served, one
// with too small a number, and one without answers are left out.
const strata = `
city: {name: Kota Contoh}
agencies:
  - code: satu
    name: Dinas Satu
    units:
      - {code: kecil, name: Unit Kecil, points: [{code: KUPARI47, name: Loket}]}
      - {code: besar, name: Unit Besar, points: [{code: MELATI38, name: Loket}]}
      - {code: kosong, name: Unit Kosong}
  - code: dua
    name: Dinas Dua
    units:
      - {code: entah, name: Unit Entah, points: [{code: BEDATO92, name: Loket}]}
      - {code: salah, name: Unit Salah, points: [{code: TUTUPA22, name: Loket}]}
periods:
  - code: 2026-s1
    name: Semester I 2026
    from: 2026-01-01
    to: 2026-06-30
    instrument: terpadu-16
    population: {kecil: 500, besar: 20000, kosong: 40, salah: 1}
`

// stratified returns an application of that city with its answers.
func stratified(t *testing.T) *testkit.Kit {
	t.Helper()
	k := testkit.New(t, strata)
	form := k.Register.Directory().Form("2026-s1")
	for _, a := range []struct {
		point string
		value int
	}{{"KUPARI47", 4}, {"KUPARI47", 4}, {"KUPARI47", 4}, {"MELATI38", 3}, {"BEDATO92", 3}, {"TUTUPA22", 2}, {"TUTUPA22", 2}} {
		body := k.Response(func(b map[string]any) {
			delete(b, "service")
			b["answers"] = testkit.Answers(form, a.value)
		})
		if r := k.PostJSON("/api/v1/points/"+a.point+"/responses", body); r.StatusCode != http.StatusCreated {
			t.Fatalf("%s: %d %s", a.point, r.StatusCode, r.Text)
		}
	}
	k.Refresh()
	return k
}

// groupSays returns what the sheet says of a group's IPAK by answers, citizens and units.
func groupSays(group *goquery.Selection) map[string]string {
	out := map[string]string{}
	group.Find("[data-index=ipak] [data-mean]").Each(func(_ int, s *goquery.Selection) {
		out[s.AttrOr("data-mean", "")] = strings.Join(strings.Fields(s.Text()), " ")
	})
	return out
}

func TestTheSheetNamesThreeFiguresOfCityAndAgencies(t *testing.T) {
	t.Parallel()
	k := stratified(t)
	page := visit(k, http.MethodGet, "/lke?period=2026-s1", k.SignIn(access.Evaluator, "")).HTML()
	section := page.Find("section.means")
	if got := strings.Join(strings.Fields(page.Find(".brand").Text()), " "); got != "Persepsi Kota Contoh" {
		t.Errorf("the page is headed %q", got)
	}
	for _, name := range []string{"Rata-rata per jawaban (gabungan)", "Rata-rata per warga yang dilayani (tertimbang menurut jumlah yang dilayani)", "Rata-rata antarunit"} {
		if !strings.Contains(section.Find("ul").Text(), name) || !strings.Contains(section.Find(".group").First().Find("dt").Text(), name) {
			t.Errorf("%q is not explained and named", name)
		}
	}
	if n := section.Find("table").Length(); n != 0 {
		t.Errorf("%d tables, which a phone would scroll sideways", n)
	}
	groups := section.Find(".group")
	if got := groups.Find("h3").Map(func(_ int, s *goquery.Selection) string { return s.Text() }); strings.Join(got, ", ") != "Kota Contoh, Dinas Satu, Dinas Dua" {
		t.Fatalf("groups are %v", got)
	}
	if folded := section.Find("details.group:not([open])").Length(); folded != 2 {
		t.Errorf("%d agencies are folded, want 2", folded)
	}
	for i, want := range []map[string][]string{
		{ // the city: 22/7, (500·4 + 20000·3)/20500, (4+3+3+2)/4
			"answer":  {"3,14 Mutu ", " rentang ", " 7 responden orang yang dilayani belum dicatat"},
			"citizen": {"3,02 Mutu ", " rentang ", " 4 responden di 2 unit yang melayani 20.500 orang", "1 unit: belum ada angka", "1 unit: orang yang dilayani belum dicatat", "1 unit: orang yang dilayani tercatat kurang"},
			"unit":    {"3,00 dari 4 unit, tanpa rentang"},
		},
		{
			"answer":  {"3,75 Mutu ", " rentang ", " 4 responden belum memadai (perlu 377)"},
			"citizen": {"3,02 Mutu ", " rentang ", " 4 responden di 2 unit yang melayani 20.500 orang Tidak termasuk: 1 unit: belum ada angka."},
			"unit":    {"3,50 dari 2 unit, tanpa rentang"},
		},
		{
			"answer":  {"2,33 Mutu ", " 3 responden orang yang dilayani belum dicatat"},
			"citizen": {"Belum dapat dihitung. Tidak termasuk: 1 unit: orang yang dilayani belum dicatat; 1 unit: orang yang dilayani tercatat kurang dari jumlah responden."},
			"unit":    {"2,50 dari 2 unit, tanpa rentang"},
		},
	} {
		got := groupSays(groups.Eq(i))
		for mean, parts := range want {
			for _, part := range parts {
				if !strings.Contains(got[mean], part) {
					t.Errorf("group %d, %s: %q does not say %q", i, mean, got[mean], part)
				}
			}
		}
	}
	if n := groups.First().Find("[data-index]").Length(); n != 3 {
		t.Errorf("%d indexes of the city, want 3", n)
	}
}

// A figure of few, or of some aspects alone, is marked as a unit's is.
func TestTheSheetMarksAGroupWhoseAnswersDoNotSuffice(t *testing.T) {
	t.Parallel()
	city := strings.NewReplacer("kecil: 500, besar: 20000, kosong: 40, salah: 1", "kecil: 1, besar: 1, kosong: 0", "terpadu-16", "spak-5").Replace(strata)
	for name, tc := range map[string]struct {
		points []string
		pungli string
		says   string
		few    int
	}{
		"all answered":         {[]string{"KUPARI47", "MELATI38"}, "3", " 2 responden memadai (perlu 2)", 0},
		"one of two":           {[]string{"KUPARI47"}, "3", " 1 responden belum memadai (perlu 2)", 1},
		"an aspect is missing": {[]string{"KUPARI47", "MELATI38"}, "null", " 2 responden yang menjawab semua 4 aspek yang punya jawaban belum memadai: respondennya cukup (perlu 2), tetapi nilainya dari 4 dari 5 aspek", 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			k := testkit.New(t, city)
			for _, point := range tc.points {
				body := strings.Replace(k.Response(func(b map[string]any) {
					delete(b, "service")
					b["answers"] = testkit.Answers(k.Register.Directory().Form("2026-s1"), 3)
				}), `"pungli":3`, `"pungli":`+tc.pungli, 1)
				if r := k.PostJSON("/api/v1/points/"+point+"/responses", body); r.StatusCode != http.StatusCreated {
					t.Fatalf("%s: %d %s", point, r.StatusCode, r.Text)
				}
			}
			k.Refresh()
			group := visit(k, http.MethodGet, "/lke?period=2026-s1", k.SignIn(access.Evaluator, "satu")).HTML().Find(".group").First()
			if got := groupSays(group)["answer"]; !strings.HasSuffix(got, tc.says) {
				t.Errorf("it says %q, want %q", got, tc.says)
			}
			if n := group.Find("[data-index=ipak] [data-mean=answer] .few").Length(); n != tc.few {
				t.Errorf("%d marks, want %d", n, tc.few)
			}
		})
	}
}

// Where one unit has answers to all nine unsur of a printed weight and another has not, two
// formulas stand behind the means of both.
func TestTheSheetSaysWhereUnitsAreComputedByDifferentMethods(t *testing.T) {
	t.Parallel()
	var questions, aspects []string
	for n := range 9 {
		questions = append(questions, fmt.Sprintf("{code: q%d, text: T, options: [A, B, C, D], declinable: %v}", n, n == 3))
		aspects = append(aspects, fmt.Sprintf("{code: q%d, name: N, questions: [q%d]}", n, n))
	}
	own := fmt.Sprintf("\ninstruments: [{code: sembilan, version: 1, title: T, intro: I, questions: [%s], indexes: [{code: ikm, method: w0.11, aspects: [%s]}]}]", strings.Join(questions, ", "), strings.Join(aspects, ", "))
	k := testkit.New(t, own+strings.Replace(strata, "terpadu-16", "sembilan", 1))
	form := k.Register.Directory().Form("2026-s1")
	answer := func(point string, value int, change func(string) string) {
		t.Helper()
		body := change(k.Response(func(b map[string]any) {
			delete(b, "service")
			delete(b, "respondent")
			b["answers"] = testkit.Answers(form, value)
		}))
		if r := k.PostJSON("/api/v1/points/"+point+"/responses", body); r.StatusCode != http.StatusCreated {
			t.Fatalf("%s: %d %s", point, r.StatusCode, r.Text)
		}
		k.Refresh()
	}
	said := func() string {
		group := visit(k, http.MethodGet, "/lke?period=2026-s1", k.SignIn(access.Evaluator, "satu")).HTML().Find(".group").First()
		return strings.Join(strings.Fields(group.Find("[data-mean=citizen], [data-mean=unit]").Text()), " ")
	}
	answer("KUPARI47", 4, func(body string) string { return body })
	if got := said(); strings.Contains(got, "dengan cara yang sama") {
		t.Errorf("one method: %q", got)
	}
	answer("MELATI38", 3, func(body string) string { return strings.Replace(body, `"q3":3`, `"q3":null`, 1) })
	if got := said(); strings.Count(got, "karena bobot cetak hanya berlaku bila semua aspeknya terjawab: exact@1, w0.11@1.") != 2 {
		t.Errorf("two methods: %q", got)
	}
}

// The interval on the page is that of the figure beside it.
func TestEachIntervalOfAGroupStandsBesideItsFigure(t *testing.T) {
	t.Parallel()
	k := stratified(t)
	key := k.Key(access.Evaluator, "")
	var results struct {
		City struct {
			Indexes map[string]struct {
				CI95       [2]float64
				Stratified struct{ CI95 [2]float64 }
			}
		}
	}
	k.GetAs(key, "/api/v1/results?period=2026-s1").JSON(&results)
	ipak := results.City.Indexes["ipak"]
	if ipak.CI95 == ipak.Stratified.CI95 {
		t.Fatal("the two intervals are one; nothing can be told")
	}
	got := groupSays(visit(k, http.MethodGet, "/lke?period=2026-s1", k.SignIn(access.Evaluator)).HTML().Find(".group").First())
	for mean, ci := range map[string][2]float64{"answer": ipak.CI95, "citizen": ipak.Stratified.CI95} {
		if want := "rentang " + analytics.ShownFloat(ci[0], 2) + "–" + analytics.ShownFloat(ci[1], 2); !strings.Contains(got[mean], strings.ReplaceAll(want, ".", ",")) {
			t.Errorf("%s: %q, want %s", mean, got[mean], want)
		}
	}
}

func TestGroupsOnTheSheetAreThoseThatTheReaderMaySee(t *testing.T) {
	t.Parallel()
	k := stratified(t)
	for _, tc := range []struct {
		name   string
		role   access.Role
		agency string
		groups string
		answer string // empty: no figure, for nothing is released
	}{
		{"an evaluator", access.Evaluator, "", "Kota Contoh, Dinas Satu, Dinas Dua", "3,14 "},
		{"an evaluator of an agency", access.Evaluator, "dua", "Dinas Dua", "2,33 "},
		{"a manager", access.Manager, "dua", "Dinas Dua", ""},
		{"an administrator", access.Admin, "", "Kota Contoh, Dinas Satu, Dinas Dua", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			section := visit(k, http.MethodGet, "/lke?period=2026-s1", k.SignIn(tc.role, tc.agency)).HTML().Find("section.means")
			names := section.Find("h3").Map(func(_ int, s *goquery.Selection) string { return s.Text() })
			if got := strings.Join(names, ", "); got != tc.groups {
				t.Errorf("groups are %s, want %s", got, tc.groups)
			}
			got := groupSays(section.Find(".group").First())["answer"]
			if !strings.HasPrefix(got, tc.answer) || tc.answer == "" && got != "" {
				t.Errorf("the pooled figure says %q, want %q", got, tc.answer)
			}
			if tc.answer == "" && !strings.Contains(section.Find(".group [data-index=ipak]").First().Text(), "Belum ada angka") {
				t.Error("what is missing is not said")
			}
			if tc.agency != "" && section.Find("details.group").Length() != 0 {
				t.Error("the one agency is folded")
			}
		})
	}
	if k.Get("/lke?period=2026-s1").HTML().Find("section.means").Length() != 0 {
		t.Error("who has no key sees the section")
	}
}
