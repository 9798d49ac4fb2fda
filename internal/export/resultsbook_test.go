package export

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"persepsi/analytics"
	"persepsi/internal/report"
	"persepsi/survey"
)

// keys says a message as its key with what is filled in.
func keys(key string, args ...any) string {
	for i := 0; i+1 < len(args); i += 2 {
		key += fmt.Sprintf(" %v=%v", args[i], args[i+1])
	}
	return key
}

// opened is the workbook of results.
func opened(t *testing.T, r *report.Results) *excelize.File {
	t.Helper()
	var out bytes.Buffer
	if err := ResultsXLSX(&out, r, time.FixedZone("WITA", 8*3600), keys); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(&out, excelize.Options{RawCellValue: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	return f
}

// rowsOf are the rows of a sheet below its heads, each a map by head; the second column of
// the same head is "HEAD 2".
func rowsOf(t *testing.T, f *excelize.File, sheet string, heads int) (out []map[string]string) {
	t.Helper()
	rows, err := f.GetRows(sheet)
	if err != nil || len(rows) < heads {
		t.Fatal(sheet, rows, err)
	}
	for _, row := range rows[heads:] {
		cells, seen := map[string]string{}, map[string]int{}
		if len(row) > len(rows[heads-1]) {
			t.Errorf("%s: %d cells under %d heads", sheet, len(row), len(rows[heads-1]))
		}
		for i, head := range rows[heads-1] {
			if seen[head]++; seen[head] > 1 {
				head = fmt.Sprintf("%s %d", head, seen[head])
			}
			if i < len(row) {
				cells[head] = row[i]
			} else {
				cells[head] = ""
			}
		}
		out = append(out, cells)
	}
	return out
}

func agree(t *testing.T, what string, got, want map[string]string) {
	t.Helper()
	for head, value := range want {
		if found, ok := got[head]; !ok || found != value {
			t.Errorf("%s: %s is %q, want %q", what, head, found, value)
		}
	}
}

func TestEachColumnOfTheWorkbookHoldsItsOwnFigure(t *testing.T) {
	t.Parallel()
	r := reported(t)
	r.Units[0].AgencyName, r.Units[0].UnitName, r.Units[0].ShownLKE = "Dinas Satu", "Loket", &r.Units[0].LKE
	f := opened(t, r)
	agree(t, "summary", rowsOf(t, f, "sheet.summary", 3)[0], map[string]string{
		"sheet.number": "1", "sheet.agency": "Dinas Satu", "sheet.unit": "Loket", "sheet.valid": "10", "sheet.population": "703", "sheet.needed": "30", "sheet.adequate": "0",
		"IPAK": "3.385", "sheet.mutu": "B", "I.a": "17.5", "I.b": "3.75", "II": "", "lke.row.total": "",
		"WBK": "sheet.verdict.tentative Verdict=sheet.verdict.passed", "WBBM": "sheet.verdict.failed",
	})
	agree(t, "index", rowsOf(t, f, "sheet.table Index=IPAK", 3)[0], map[string]string{
		"IPAK": "3.385", "sheet.mutu": "B", "sheet.kinerja": "kinerja.baik", "sheet.low": "3.1", "sheet.high": "3.6", "sheet.n": "21", "sheet.answered": "29", "sheet.needed": "30",
		"sheet.adequate": "0", "sheet.aspects": "4", "U1": "3.385", "U2": "", "sheet.method": "exact@1",
	})
	agree(t, "respondents", rowsOf(t, f, "sheet.respondents", 3)[0], map[string]string{
		"sheet.valid": "10", "sheet.told": "10", "mode.qr": "4", "mode.kiosk": "3", "mode.assisted": "2", "mode.paper": "1", "sheet.asof": "", "sheet.final": "0",
	})
	rows := rowsOf(t, f, "sheet.processing Index=IPAK", 3)
	agree(t, "aspect", rows[1], map[string]string{
		"sheet.code": "U1", "sheet.aspect": "Pungli", "sheet.sum": "677", "sheet.answers": "200", "sheet.mean": "3.385", "sheet.weight": "0.2", "sheet.weighted": "0.677",
		"sheet.times25": "84.625", "sheet.mutu": "B",
	})
	agree(t, "index of the table", rows[2], map[string]string{"sheet.weighted": "3.385", "sheet.times25": "84.625", "sheet.mutu": "B"})
}

func TestWhatIsMissingIsAnEmptyCellAndSaidOnce(t *testing.T) {
	t.Parallel()
	r := reported(t)
	u := r.Units[0]
	u.Indexes[analytics.IPAK].Aspects = append([]analytics.AspectResult{{Code: "calo", Name: survey.Text{"id": "Calo"}}, {Code: "w", Withheld: true}}, u.Indexes[analytics.IPAK].Aspects...)
	r.Units = append(r.Units, &report.UnitResult{Unit: "sepi", UnitName: "Sepi", Withheld: "fewer_than_10"})
	f := opened(t, r)
	rows := rowsOf(t, f, "sheet.processing Index=IPAK", 3)
	agree(t, "an aspect without answers", rows[1], map[string]string{"sheet.code": "U1", "sheet.answers": "0", "sheet.sum": "", "sheet.mean": "", "sheet.weighted": "", "sheet.mutu": ""})
	agree(t, "a withheld aspect", rows[2], map[string]string{"sheet.code": "U2", "sheet.answers": "", "sheet.mean": ""})
	agree(t, "a withheld unit", rowsOf(t, f, "sheet.summary", 3)[1], map[string]string{"IPAK": "", "sheet.mutu": "", "I.a": "", "WBK": "", "sheet.note": "sheet.withheld.fewer N=10"})
}

func TestReleasedFiguresHaveNoSumsAndStillTheirFormulas(t *testing.T) {
	t.Parallel()
	r := reported(t)
	r.Units[0].Indexes[analytics.IPAK] = r.Units[0].Indexes[analytics.IPAK].Published()
	f := opened(t, r)
	sheet := "sheet.processing Index=IPAK"
	for cell, want := range map[string]string{"C5": "", "D5": "200", "E5": "3.385"} {
		got, err := f.GetCellValue(sheet, cell)
		formula, _ := f.GetCellFormula(sheet, cell)
		if err != nil || got != want || formula != "" {
			t.Errorf("%s is %q (%q), want the value %q", cell, got, formula, want)
		}
	}
	for _, cell := range []string{"G5", "H5", "I5", "G6", "H6", "I6"} {
		if formula, _ := f.GetCellFormula(sheet, cell); formula == "" {
			t.Errorf("%s has no formula", cell)
		}
	}
}

func TestATextThatLooksLikeAFormulaStaysAText(t *testing.T) {
	t.Parallel()
	r := reported(t)
	const attack = `=HYPERLINK("http://x","y")`
	u := r.Units[0]
	r.CityName, r.PeriodName, u.UnitName, u.AgencyName = attack, "+1", attack, "@SUM(A1)"
	u.Indexes[analytics.IPAK].Aspects[0].Name = survey.Text{"id": "-2+3"}
	f := opened(t, r)
	found := 0
	for _, sheet := range f.GetSheetList() {
		rows, err := f.GetRows(sheet)
		if err != nil {
			t.Fatal(err)
		}
		for y, row := range rows {
			for x, text := range row {
				formula, err := f.GetCellFormula(sheet, at(x, y+1))
				if err != nil || strings.Contains(formula, "HYPERLINK") || strings.HasPrefix(formula, "-2") {
					t.Errorf("%s!%s runs %q (%v)", sheet, at(x, y+1), formula, err)
				}
				kind, err := f.GetCellType(sheet, at(x, y+1))
				if text == "" && kind == excelize.CellTypeInlineString {
					t.Errorf("%s!%s is an empty text and no empty cell", sheet, at(x, y+1))
				}
				if strings.HasPrefix(text, attack) {
					if found++; kind != excelize.CellTypeInlineString || err != nil {
						t.Errorf("%s!%s is a cell of type %v (%v)", sheet, at(x, y+1), kind, err)
					}
				}
			}
		}
	}
	if found < 4 {
		t.Errorf("the name was found %d times", found)
	}
}

func TestEverySheetIsReadyForPrint(t *testing.T) {
	t.Parallel()
	r := reported(t)
	r.CityName = "Kota & Laut"
	f := opened(t, r)
	titles := map[string]bool{}
	for _, name := range f.GetDefinedName() {
		titles[name.Scope] = strings.HasPrefix(name.RefersTo, "'"+name.Scope+"'!$1:$")
	}
	for _, sheet := range f.GetSheetList() {
		p, err := f.GetPageLayout(sheet)
		props, err2 := f.GetSheetProps(sheet)
		if err != nil || err2 != nil || *p.Size != paperA4 || *p.FitToWidth != 1 || *p.FitToHeight != 0 || !*props.FitToPage {
			t.Errorf("%s: %+v, %v, %v", sheet, p, err, err2)
		}
		foot, err := f.GetHeaderFooter(sheet)
		if err != nil || !strings.HasPrefix(foot.OddFooter, "&LKota && Laut") || !strings.Contains(foot.OddFooter, "&RShe") && !strings.Contains(foot.OddFooter, "Page=&P") {
			t.Errorf("%s: the foot is %+v (%v)", sheet, foot, err)
		}
		panes, err := f.GetPanes(sheet)
		if err != nil || panes.Freeze != titles[sheet] {
			t.Errorf("%s: frozen %v, heads on every page %v (%v)", sheet, panes.Freeze, titles[sheet], err)
		}
	}
	for _, sheet := range []string{"sheet.summary", "sheet.table Index=IPAK", "sheet.processing Index=IPAK", "sheet.groups", "sheet.respondents"} {
		if !titles[sheet] {
			t.Errorf("%s has no heads on every page", sheet)
		}
	}
}

func TestSheetsAreNamedAsSpreadsheetsAllowAndNoTwoTheSame(t *testing.T) {
	t.Parallel()
	b := newBook(keys)
	defer b.file.Close()
	long := strings.Repeat("a", 40)
	for _, tc := range [][2]string{
		{"Nilai: a/b?", "Nilai  a b"}, {"'kutip'", "kutip"}, {"", "-"}, {long, long[:31]}, {long + "b", long[:29] + " 2"}, {"KUTIP", "KUTIP 2"}, {strings.Repeat("é", 40), strings.Repeat("é", 31)},
	} {
		if got := b.name(tc[0]); got != tc[1] {
			t.Errorf("%q is named %q, want %q", tc[0], got, tc[1])
		}
	}
}

func TestADateIsOneOfTheCitysClock(t *testing.T) {
	t.Parallel()
	r := reported(t)
	moment := time.Date(2026, 6, 30, 18, 30, 0, 0, time.UTC)
	r.GeneratedAt, r.Units[0].AsOf = moment, &moment
	f := opened(t, r)
	// 2026-07-01 02:30 in the zone of the city: day 46204 after 1899-12-30.
	if got := rowsOf(t, f, "sheet.respondents", 3)[0]["sheet.asof"]; !strings.HasPrefix(got, "46204.10416") {
		t.Errorf("the moment is %s", got)
	}
	if got, err := f.GetCellValue("sheet.about", "B5"); err != nil || !strings.HasPrefix(got, "46204.10416") {
		t.Errorf("the figures are of %s (%v)", got, err)
	}
}

// An index is called as the city names it, one of the regulations as the program does.
func TestTheWorkbookTellsOfEachIndexByItsNameHowItCameAbout(t *testing.T) {
	t.Parallel()
	r := reported(t)
	for _, name := range []survey.Text{nil, {"id": "Indeks Kebersihan", "en": "Cleanliness"}} {
		r.Form.Index(analytics.IPAK).Name = name
		rows, err := opened(t, r).GetRows("sheet.about")
		if err != nil {
			t.Fatal(err)
		}
		want := []string{cmp.Or(name.In("id"), "result.index.ipak"), "sheet.how Aspects=5 Method=bobot sama Basis=PermenPANRB 90/2021 Table=permenpanrb-14-2017@1"}
		if !slices.ContainsFunc(rows, func(row []string) bool { return slices.Equal(row, want) }) {
			t.Errorf("it has no row %q: %q", want, rows)
		}
		heads := ""
		for _, row := range rows[1:] {
			heads += strings.TrimPrefix(row[0], "sheet.") + " "
		}
		if want := "city period instrument made state demonstration " + want[0] + " about.rounding about.grade about.interval about.adequate about.pooled about.stratified about.unitmean about.verdict about.formulas "; heads != want {
			t.Errorf("it tells of %q, want %q", heads, want)
		}
	}
}

func TestTheWorkbookTellsHowManyToldWhatOfThemselves(t *testing.T) {
	t.Parallel()
	r := reported(t)
	r.Units[0].Released = &analytics.ReleasedTally{People: [][]int64{{3, 11, 12}, {26, 0}}}
	r.Units = append(r.Units, &report.UnitResult{Unit: "sepi", UnitName: "Sepi"})
	f := opened(t, r)
	rows, err := f.GetRows("sheet.profile")
	if err != nil || len(rows) != 6 || rows[4][0] != "1" || rows[5][0] != "2" {
		t.Fatal(rows, err)
	}
	merged, err := f.GetMergeCells("sheet.profile")
	if err != nil || len(merged) < 2 || merged[0][0]+merged[0][1] != "D3:F3Jenis kelamin" || merged[1][0]+merged[1][1] != "G3:N3Umur" {
		t.Errorf("what is asked stands in %v (%v)", merged, err)
	}
	for i, want := range [][]string{{"sheet.untold", "Laki-laki", "Perempuan", "sheet.untold", "Di bawah 18 tahun", "18–25 tahun"}, {"3", "11", "12", "26", "0"}, nil} {
		if got := rows[3+i][3:]; len(got) < len(want) || !slices.Equal(got[:len(want)], want) || want == nil && strings.Join(got, "") != "" {
			t.Errorf("row %d is %q, want %q", 4+i, got, want)
		}
	}
	r.Units[0].Indexes, r.Units[0].Released.People = nil, nil
	f = opened(t, r)
	if at, err := f.GetSheetIndex("sheet.profile"); err != nil || at >= 0 {
		t.Errorf("of whom nothing is known have the sheet %d (%v)", at, err)
	}
	about, err := f.GetRows("sheet.about")
	if err != nil || slices.ContainsFunc(about, func(row []string) bool { return row[0] == "result.index.ipak" }) {
		t.Errorf("it tells how an index came about that nobody has: %q (%v)", about, err)
	}
}

func TestARowIsAsHighAsItsTextsNeed(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		text  string
		width int
		want  int
	}{{"", 10, 1}, {"satu dua", 10, 1}, {"satu dua tiga", 10, 2}, {"sepuluhhhh", 10, 1}, {"satu sepuluhhhh", 10, 2}, {strings.Repeat("x", 25), 10, 3}} {
		if got := lines(tc.text, tc.width); got != tc.want {
			t.Errorf("%q in %d: %d lines, want %d", tc.text, tc.width, got, tc.want)
		}
	}
}
