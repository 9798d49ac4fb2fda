package handlers_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"persepsi/internal/access"
	"persepsi/internal/testkit"
)

const unitPage = "/meja/unit/dukcapil-loket"

// unitParts are the pages of a unit that a manager has; relations are for evaluators alone.
func unitParts() []string { return []string{"", "/rincian", "/sampel", "/laporan"} }

// relationsPart is the page of a unit that only evaluators have.
const relationsPart = "/kaitan"

// tableOf reads the numbers of a chart.
func tableOf(r *testkit.Reply, within string) (rows [][]string) {
	r.HTML().Find(within + " .chart details tbody tr").Each(func(_ int, tr *goquery.Selection) {
		var row []string
		tr.Children().Each(func(_ int, cell *goquery.Selection) { row = append(row, said(cell)) })
		rows = append(rows, row)
	})
	return rows
}

// resultBody is what a test reads of a unit's results.
type resultBody struct {
	Units []struct {
		Responses struct{ Valid, Counted int64 }
		Indexes   map[string]struct {
			Shown, Mutu string
			CI95        [2]float64
			Aspects     []struct {
				Code, Shown string
				Mean        float64
			}
			Reconciliation []struct{ Method, Shown string }
		}
	}
}

// monthsBody is what it reads of a unit's history.
type monthsBody struct {
	Indexes []struct {
		Index  string
		Months []struct {
			First, Last, Shown string
			CI95               *[2]float64
		}
	}
}

// Every number on a unit's page is the API's, as it is rounded there.
func TestAUnitsPageHasTheNumbersOfTheAPI(t *testing.T) {
	t.Parallel()
	k, _ := months(t)
	manager := k.SignIn(access.Manager, "dukcapil")
	key := k.Key(access.Manager, "dukcapil")
	var results resultBody
	k.GetAs(key, "/api/v1/results?period=2026-s1&unit=dukcapil-loket").JSON(&results)
	var history monthsBody
	k.GetAs(key, historyPath+"&period=2026-s1").JSON(&history)
	pages := map[string]*testkit.Reply{}
	for _, part := range unitParts() {
		if pages[part] = visit(k, http.MethodGet, unitPage+part, manager); pages[part].StatusCode != http.StatusOK {
			t.Fatalf("%s: %d\n%s", part, pages[part].StatusCode, k.Log)
		}
	}
	unit := results.Units[0]
	for _, h := range history.Indexes {
		x := unit.Indexes[h.Index]
		card := pages[""].HTML().Find(".unitindexes [data-index=" + h.Index + "]")
		if got := said(card.Find(".value")); got != strings.Replace(x.Shown, ".", ",", 1) || !strings.Contains(said(card), "Mutu "+x.Mutu) {
			t.Errorf("%s is shown as %q, want %s", h.Index, said(card), x.Shown)
		}
		on := pages["/rincian"]
		if h.Index == "ikm" {
			on = pages[""]
		}
		var want, got []string
		for _, m := range h.Months {
			if m.CI95 == nil {
				t.Fatalf("%s of %s has no interval in the API", h.Index, m.First)
			}
			want = append(want, fmt.Sprint(strings.Replace(m.Shown, ".", ",", 1), " ", fixed(m.CI95[0]), " ", fixed(m.CI95[1])))
		}
		for _, row := range tableOf(on, "#arah-"+h.Index) {
			if row[2] != "" { // else a limit of a grade
				got = append(got, strings.Join(row[1:4], " "))
			}
		}
		if !slices.Equal(got, want) || len(got) != 3 {
			t.Errorf("%s by month: %q, want %q", h.Index, got, want)
		}
		unsur := map[string]bool{}
		for _, a := range x.Aspects {
			unsur[strings.Replace(a.Shown, ".", ",", 1)] = true
		}
		rows, before := 0, ""
		for _, row := range tableOf(on, "#unsur-"+h.Index) {
			if row[2] == "" {
				continue
			}
			if rows++; !unsur[row[1]] || row[1] < before {
				t.Errorf("unsur of %s: %q", h.Index, row)
			}
			before = row[1]
		}
		if rows != len(x.Aspects) {
			t.Errorf("%s has %d unsur on its page, want %d", h.Index, rows, len(x.Aspects))
		}
	}
	text := said(pages[""].HTML().Find("main"))
	if want := fmt.Sprintf("Nilai ini dari %d jawaban yang sudah dirilis; semuanya %d.", unit.Responses.Counted, unit.Responses.Valid); !strings.Contains(text, want) {
		t.Errorf("the page does not say %q: %s", want, text)
	}
	for _, r := range unit.Indexes["ikm"].Reconciliation {
		if name, _, _ := strings.Cut(r.Method, "@"); strings.HasPrefix(name, "w") {
			if want := "bobot " + strings.Replace(name[1:], ".", ",", 1) + " memberi " + strings.Replace(r.Shown, ".", ",", 1); !strings.Contains(text, want) {
				t.Errorf("the page does not say %q", want)
			}
		}
	}
	// What is drawn, and how a figure came about, can be read without a script.
	if n := pages[""].HTML().Find("#cara-ikm details table.calc").Length(); n != 1 {
		t.Error("it is not told how the index came about")
	}
}

// What is somebody else's and what is nowhere are refused in the same words on each page.
func TestAUnitsPagesTellNothingOfOtherAgencies(t *testing.T) {
	t.Parallel()
	k, _ := months(t)
	for _, part := range append(unitParts(), relationsPart) {
		manager := k.SignIn(access.Manager, "dukcapil")
		if part == relationsPart {
			manager = k.SignIn(access.Evaluator, "dukcapil")
		}
		bodies := map[string]bool{}
		for _, unit := range []string{"pkm", "pkm-tutup", "nowhere", "dinkes"} {
			for _, query := range []string{"", "?period=2026-s1", "?banding=2025-s2"} {
				r := visit(k, http.MethodGet, "/meja/unit/"+unit+part+query, manager)
				if r.StatusCode != http.StatusNotFound {
					t.Errorf("%s%s%s: %d", unit, part, query, r.StatusCode)
				}
				bodies[said(r.HTML().Find("main"))] = true
			}
		}
		if len(bodies) != 1 {
			t.Errorf("%s: %d different refusals", part, len(bodies))
		}
		for _, query := range []string{"?period=nowhere", "?banding=nowhere", "?banding=2026-s1", "?period=2025-s2&banding=2025-s2"} {
			if r := visit(k, http.MethodGet, unitPage+part+query, manager); r.StatusCode != http.StatusNotFound {
				t.Errorf("%s%s: %d", part, query, r.StatusCode)
			}
		}
		if r := k.Get(unitPage + part); r.StatusCode != http.StatusSeeOther {
			t.Errorf("%s without signing in: %d", part, r.StatusCode)
		}
	}
	_, officer := k.Granted(access.Grant{Role: access.Officer, Scope: access.Unit("dinkes", "pkm")})
	for unit, status := range map[string]int{"pkm": http.StatusOK, "dukcapil-loket": http.StatusNotFound} {
		if r := visit(k, http.MethodGet, "/meja/unit/"+unit, officer); r.StatusCode != status {
			t.Errorf("an officer of a unit at %s: %d", unit, r.StatusCode)
		}
	}
}

// The place stays and the sentence changes: cause, then step.
func TestAUnitsPagesSayWhereItStands(t *testing.T) {
	t.Parallel()
	k, wait := timed(t)
	manager := k.SignIn(access.Manager, "dukcapil")
	check := func(name, query string, want, never []string) {
		t.Helper()
		for _, part := range unitParts() {
			r := visit(k, http.MethodGet, unitPage+part+query, manager)
			text := said(r.HTML().Find("main"))
			if r.StatusCode != http.StatusOK {
				t.Fatalf("%s%s: %d\n%s", name, part, r.StatusCode, k.Log)
			}
			for _, w := range want {
				if !strings.Contains(text, w) {
					t.Errorf("%s%s does not say %q: %s", name, part, w, text)
				}
			}
			for _, w := range never {
				if strings.Contains(text, w) {
					t.Errorf("%s%s says %q: %s", name, part, w, text)
				}
			}
			if part == "" && r.HTML().Find(".unitindexes .card").Length() == 0 {
				t.Errorf("%s has no place for the indexes", name)
			}
		}
	}
	check("nobody answered", "?period=2026-s1", []string{"Belum ada jawaban sejak 1 Januari."}, []string{"Kepuasan warga"})
	check("nobody answered in a closed period", "?period=2025-s2", []string{"berakhir 31 Desember 2025", "Tidak ada jawaban dalam periode ini."}, nil)
	give(t, k, wait, 7, 3)
	k.Refresh()
	check("few", "?period=2026-s1", []string{"7 jawaban. Nilai ditampilkan mulai 10 jawaban."}, []string{"75,00", "dari 100"})
	give(t, k, wait, 20, 3)
	wait(24 * time.Hour)
	k.Refresh()
	manager = k.SignIn(access.Manager, "dukcapil") // the session ended
	check("running", "?period=2026-s1", []string{"berjalan sampai 30 Juni", "Mutunya C"}, []string{"angka akhir"})
	wait(125 * 24 * time.Hour)
	k.Refresh()
	manager = k.SignIn(access.Manager, "dukcapil")
	check("closed", "?period=2026-s1", []string{"ditutup 30 Juni 2026: angka akhir"}, []string{"Sekarang C"})
	k.Apply("periods: [{code: 2027-s1, name: Semester I 2027, from: 2027-01-01, to: 2027-06-30, instrument: skm-9}]")
	k.Refresh()
	check("to come", "?period=2027-s1", []string{"Semester I 2027 dimulai 1 Januari,"}, nil)
}

// A closed period's groups are those of the API's breakdown, number by number.
func TestAClosedPeriodsGroupsAreThoseOfTheBreakdown(t *testing.T) {
	t.Parallel()
	k, wait := months(t)
	manager := k.SignIn(access.Manager, "dukcapil")
	running := visit(k, http.MethodGet, unitPage+"/rincian?period=2026-s1", manager).HTML()
	if n := running.Find("[id=kelompok-service], [id^=sebaran-]").Length(); n != 0 || !strings.Contains(said(running.Find("main")), "Sebaran tampil setelah periode ditutup") {
		t.Errorf("%d groups with scores while the period runs", n)
	}
	wait(60 * 24 * time.Hour)
	k.Refresh()
	manager = k.SignIn(access.Manager, "dukcapil")
	page := visit(k, http.MethodGet, unitPage+"/rincian?period=2026-s1", manager)
	key := k.Key(access.Manager, "dukcapil")
	compared := 0
	for _, by := range []string{"service", "point", "mode", "sex", "age", "education"} {
		var body struct {
			State string
			Cells []struct {
				Code       string
				N          int64
				Means      map[string]float64
				Suppressed bool
			}
		}
		k.GetAs(key, "/api/v1/results/breakdown?period=2026-s1&unit=dukcapil-loket&by="+by).JSON(&body)
		var want, got []string
		for _, c := range body.Cells {
			row := []string{fmt.Sprint(c.N)}
			if c.Suppressed && c.N == 0 {
				row[0] = "disembunyikan"
			}
			some := false
			for _, cell := range body.Cells {
				some = some || cell.Means != nil
			}
			for _, index := range []string{"ikm", "ipkp", "ipak"} {
				switch mean, ok := c.Means[index]; {
				case ok:
					if index == "ikm" { // out of 100, as everywhere else
						mean *= 25
					}
					row = append(row, fixed(mean))
					compared++
				case some:
					row = append(row, "disembunyikan")
				}
			}
			want = append(want, strings.Join(row, " "))
		}
		page.HTML().Find("#kelompok-" + by + " tbody tr").Each(func(_ int, tr *goquery.Selection) {
			var row []string
			tr.Find("td").Each(func(_ int, cell *goquery.Selection) { row = append(row, said(cell)) })
			got = append(got, strings.Join(row, " "))
		})
		slices.Sort(want)
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("by %s: %q, want %q of %s", by, got, want, body.State)
		}
	}
	if compared == 0 {
		t.Error("no score was compared")
	}
	// Every question has its distribution or says that it is hidden: 20, 20 and 20 answers.
	spread := tableOf(page, "#sebaran-prosedur")
	if len(spread) != 4 || spread[0][1] != "20" || spread[3][1] != "0" || spread[1][2] != "33 %" {
		t.Errorf("%q", spread)
	}
}

func TestAUnitIsComparedWithAnotherPeriodOnItsPage(t *testing.T) {
	t.Parallel()
	k, wait := months(t)
	wait(60 * 24 * time.Hour)
	k.Refresh()
	manager := k.SignIn(access.Manager, "dukcapil")
	first := visit(k, http.MethodGet, unitPage+"?period=2026-s1", manager)
	if link := first.HTML().Find("a[href*='banding=2025-s2']"); link.Length() != 1 {
		t.Error("there is no link to compare with the period before")
	}
	with := visit(k, http.MethodGet, unitPage+"?period=2026-s1&banding=2025-s2", manager)
	if with.StatusCode != http.StatusOK || said(with.HTML().Find(".note [aria-current]")) != "Semester II 2025" {
		t.Errorf("%d: %s", with.StatusCode, said(with.HTML().Find(".note")))
	}
}
