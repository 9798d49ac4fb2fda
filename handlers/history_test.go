package handlers_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"persepsi/analytics"
	"persepsi/internal/access"
	"persepsi/internal/cache"
	"persepsi/internal/report"
	"persepsi/internal/testkit"
)

// historyBody is what a test reads of a history.
type historyBody struct {
	State, Period string
	Indexes       []struct {
		Index string
		Rows  []struct {
			Kind, Period, Name, State, Shown, Mutu, Withheld, Before string
			PrintedMutu                                              string `json:"printed_mutu"`
			ShownDifference                                          string `json:"shown_difference"`
			NotCompared                                              string `json:"not_compared"`
			Source                                                   string
			N                                                        *int64
			Amended                                                  bool
			CI95                                                     *[2]float64
		}
		Months []struct {
			First, Last, Shown string
			N                  *int64
			SoFar              bool `json:"so_far"`
			Value              float64
			CI95               *[2]float64
		}
		Steps []struct {
			Serial int
			Shown  string
			N      *int64
			Final  bool
		}
	}
}

const historyPath = "/api/v1/results/history?unit=dukcapil-loket"

const earlierYAML = `
earlier:
  - {unit: dukcapil-loket, index: ikm, period: Tahun 2023, from: 2023-01-01, to: 2023-12-31, value: 81.20, mutu: A, n: 240, source: Laporan <SKM> 2023}
  - {unit: dukcapil-loket, index: ikm, period: Tahun 2024, from: 2024-01-01, to: 2024-12-31, value: 62.5, mutu: D, instrument: terpadu-16, method: exact, source: Laporan SKM 2024}
`

// give sends answers of one value, a minute apart.
func give(t *testing.T, k *testkit.Kit, wait func(time.Duration), n, value int) {
	t.Helper()
	for range n {
		if r := k.PostJSON(responsesPath, k.Response(func(b map[string]any) {
			b["answers"] = testkit.Answers(k.Register.Directory().Form("2026-s1"), value)
		})); r.StatusCode != http.StatusCreated {
			t.Fatal(r.Text)
		}
		wait(time.Minute)
	}
}

// months has a kit whose unit got answers month after month: 20 of 4 in March, 20 of
// 3 in April, none in May, 20 of 2 in June.
func months(t *testing.T) (*testkit.Kit, func(time.Duration)) {
	t.Helper()
	k, wait := timed(t)
	const day = 24 * time.Hour
	step := func(n, value int, days time.Duration) {
		give(t, k, wait, n, value)
		wait(days * day)
		k.Refresh()
	}
	step(20, 4, 29) // released on 31 March, 10 of them
	step(20, 3, 31) // on 1 May: 10 of 4 and 10 of 3
	step(0, 0, 31)
	step(20, 2, 20)
	return k, wait
}

func TestAUnitsHistoryHasPeriodsReportsMonthsAndReleases(t *testing.T) {
	t.Parallel()
	k, wait := months(t)
	k.Apply(earlierYAML)
	read := func(path, key string) (h historyBody) {
		t.Helper()
		if key == "" {
			k.Get(path).JSON(&h)
		} else {
			k.GetAs(key, path).JSON(&h)
		}
		if len(h.Indexes) != 3 || h.Indexes[0].Index != "ikm" || h.Indexes[1].Index != "ipkp" || h.Indexes[2].Index != "ipak" {
			t.Fatalf("%s: %+v", path, h)
		}
		return h
	}
	rows := func(h historyBody) (out []string) {
		for _, r := range h.Indexes[0].Rows {
			n := "?"
			if r.N != nil {
				n = fmt.Sprint(*r.N)
			}
			out = append(out, strings.Join(strings.Fields(fmt.Sprint(r.Kind, " ", r.Name, " ", r.State, " ", n, " ", r.Shown, " ", r.Mutu, r.PrintedMutu, " ", r.ShownDifference, r.NotCompared, r.Withheld)), " "))
		}
		return out
	}
	months := func(h historyBody) (out []string) {
		for _, m := range h.Indexes[0].Months {
			n := "few"
			if m.N != nil {
				n = fmt.Sprint(*m.N, " ", m.Shown)
			}
			out = append(out, fmt.Sprint(m.First[5:7], "-", m.Last[5:7], " ", n, map[bool]string{true: " so far"}[m.SoFar]))
		}
		return out
	}
	check := func(what string, got []string, want ...string) {
		t.Helper()
		if strings.Join(got, "\n") != strings.Join(want, "\n") {
			t.Errorf("%s:\n%s\nwant:\n%s", what, strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	}
	h := read(historyPath, "")
	check("public", rows(h), "earlier Tahun 2023 240 81.20 BA", "earlier Tahun 2024 ? 62.5 D unknown", "period Semester II 2025 released ? fewer_than_10", "period Semester I 2026 released 50 80.00 B +17.50")
	check("months", months(h), "01-03 10 100.00", "04-04 20 87.50", "05-06 20 62.50 so far")
	for _, x := range h.Indexes {
		for _, m := range x.Months {
			if m.CI95 == nil || !(m.CI95[0] <= m.Value && m.Value <= m.CI95[1]) || m.CI95[0] == m.CI95[1] {
				t.Errorf("%s of %s: %g in %v", x.Index, m.First, m.Value, m.CI95)
			}
		}
		if last := x.Rows[len(x.Rows)-1]; last.CI95 == nil || x.Index == "ikm" && x.Rows[0].CI95 != nil {
			t.Errorf("%s: %v of a period, %v of a report", x.Index, last.CI95, x.Rows[0].CI95)
		}
	}
	if s := h.Indexes[0].Steps; len(s) != 3 || *s[0].N != 10 || s[0].Shown != "100.00" || *s[2].N != 50 || s[2].Shown != "80.00" || s[2].Final {
		t.Errorf("steps: %+v", s)
	}
	if h.State != "released" || h.Period != "2026-s1" || h.Indexes[0].Rows[0].Source != "Laporan <SKM> 2023" || h.Indexes[1].Rows[1].Shown != "3.20" {
		t.Errorf("%+v", h)
	}
	// Who manages sees what everybody sees; evaluators see every answer.
	check("manager", rows(read(historyPath, k.Key(access.Manager, "dukcapil"))), rows(h)...)
	wait(time.Second)
	live := read(historyPath, k.Key(access.Evaluator, ""))
	if live.State != "live" {
		t.Errorf("an evaluator sees what is %s", live.State)
	}
	check("evaluator", rows(live)[3:], "period Semester I 2026 live 60 75.00 C +12.50")
	check("an evaluator's months", months(live), months(h)...)
	check("another agency's evaluator", rows(read(historyPath, k.Key(access.Evaluator, "dinkes"))), rows(h)...)
	for who, key := range map[string]string{"released": "", "live": k.Key(access.Evaluator, "")} { // of a unit without a period
		var h historyBody
		if k.GetAs(cmp.Or(key, k.Key(access.Manager, "dinkes")), "/api/v1/results/history?unit=pkm-tutup").JSON(&h); h.State != who || h.Indexes == nil {
			t.Errorf("%+v, want %s", h, who)
		}
	}
	// Of another period there is nothing within.
	if h := read(historyPath+"&period=2025-s2", ""); len(h.Indexes[0].Months) != 0 || len(h.Indexes[0].Steps) != 0 || len(rows(h)) != 4 || h.Period != "2025-s2" {
		t.Errorf("%+v", h)
	}
	// The close makes one more, and the amendment is told.
	wait(60 * 24 * time.Hour)
	k.Refresh()
	check("final months", months(read(historyPath+"&period=2026-s1", "")), "01-03 10 100.00", "04-04 20 87.50", "05-06 30 58.33")
	k.Amend("periods: [{code: 2026-s1, methods: {ikm: w0.111}}]", "lembar lama")
	h = read(historyPath+"&period=2026-s1", "")
	check("final", rows(h)[3:4], "period Semester I 2026 final 60 74.93 C method")
	check("amended months", months(h), "01-03 10 99.90", "04-04 20 87.41", "05-06 30 58.28")
	if !h.Indexes[0].Rows[3].Amended {
		t.Error("an amendment is not told")
	}
}

// The page says the same in words, and stays light.
func TestAResultPageShowsTheUnitsHistory(t *testing.T) {
	t.Parallel()
	k, _ := months(t)
	page := func(path string) string {
		return strings.Join(strings.Fields(k.Get(path).HTML().Find("main").Text()), " ")
	}
	const path = "/hasil/dukcapil-loket?period=2026-s1"
	k.Apply(earlierYAML)
	text := page(path)
	for _, want := range []string{
		"Perkembangan", "Tahun 2023 240 81,20 B dari laporan lama: Laporan <SKM> 2023 di laporan tertulis mutu A",
		"Tahun 2024 – 62,5 D dari laporan lama: Laporan SKM 2024 tidak dibandingkan: formulir atau cara hitungnya tidak diketahui",
		"Semester II 2025 belum ada angka", "Semester I 2026 50 80,00 (+17,50) B",
		"Januari – Maret 2026 10 100,00 A", "April 2026 20 87,50 B", "Mei – Juni 2026 sampai 21 Juni 2026 20 62,50 D",
		"Sampai Responden Nilai Mutu 31 Maret 2026 10 100,00 A",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the page does not say %q: %s", want, text)
		}
	}
	if text := page(path + "&lang=en"); !strings.Contains(text, "Over time") || !strings.Contains(text, "from an older report: Laporan <SKM> 2023 the report says grade A") || !strings.Contains(text, "January – March 2026 10 100.00 A") {
		t.Error(text)
	}
	if size, _ := zipped(t, k, path); size > 4_500 {
		t.Errorf("the page takes %d bytes", size)
	}
	// A unit that was never asked, and one of which nothing is known.
	for _, path := range []string{"/hasil/pkm", "/hasil/pkm-tutup"} {
		if strings.Contains(page(path), "Perkembangan") {
			t.Errorf("%s has a history of nothing", path)
		}
	}
	k.Apply("earlier: [{unit: pkm-tutup, index: ipak, period: Tahun 2023, from: 2023-01-01, to: 2023-12-31, value: 3.61, source: Laporan}]")
	if text := page("/hasil/pkm-tutup"); !strings.Contains(text, "IPAK Periode Responden Nilai Mutu Tahun 2023 – 3,61 A dari laporan lama: Laporan") {
		t.Error(text)
	}
}

// One figure is no history: it stands at the top of the page already.
func TestAPageWithOneFigureHasNoHistory(t *testing.T) {
	t.Parallel()
	k, wait := timed(t)
	give(t, k, wait, 25, 4)
	k.Refresh()
	if page := k.Get("/hasil/dukcapil-loket?period=2026-s1").Text; !strings.Contains(page, "100,00") || strings.Contains(page, "Perkembangan") {
		t.Error("one figure has a history")
	}
}

// What older reports tell is no answer: it stands in no result.
func TestAnEarlierResultIsPartOfNoSum(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	for range 25 {
		k.PostJSON(responsesPath, k.Response(nil))
	}
	k.Refresh()
	key := k.Key(access.Evaluator, "")
	paths := []string{"/api/v1/results?period=2026-s1", "/api/v1/results?period=2026-s1&unit=dukcapil-loket", "/api/v1/results?period=2026-s1&agency=dukcapil", "/api/v1/zi/indicators?period=2026-s1"}
	var before []string
	for _, path := range paths {
		before = append(before, seen(k.GetAs(key, path).Text))
	}
	k.Apply(earlierYAML + "  - {unit: dukcapil-loket, index: ikm, period: Januari 2026, from: 2026-01-01, to: 2026-01-31, value: 50, n: 1000, source: L}\n")
	for i, path := range paths {
		if after := seen(k.GetAs(key, path).Text); after != before[i] {
			t.Errorf("%s is another: %s\n%s", path, before[i], after)
		}
	}
}

// What the page shows of other periods is as new as what it shows of its own.
func TestAHistoryFollowsTheOtherPeriods(t *testing.T) {
	t.Parallel()
	k, wait := months(t)
	const path = "/hasil/dukcapil-loket?period=2025-s2"
	text := func() string { return strings.Join(strings.Fields(k.Get(path).HTML().Find("main").Text()), " ") }
	if got := text(); !strings.Contains(got, "Semester I 2026 50 80,00 B") {
		t.Errorf("the running period: %s", got)
	}
	give(t, k, wait, 20, 4)
	k.Refresh()
	if got := text(); !strings.Contains(got, "Semester I 2026 70 78,57 B") {
		t.Errorf("the running period, an hour later: %s", got)
	}
	wait(30 * 24 * time.Hour)
	k.Refresh() // 2026-s1 is closed
	if got := text(); !strings.Contains(got, "Semester I 2026 80 81,25 B") {
		t.Errorf("the closed period: %s", got)
	}
	if closed := k.Get("/hasil/dukcapil-loket?period=2026-s1").Text; !strings.Contains(closed, "Bulan demi bulan") || strings.Contains(closed, "Angka setiap kali ditampilkan") {
		t.Errorf("the closed period's own page lists its releases, or no months")
	}
	k.Amend("periods: [{code: 2026-s1, methods: {ikm: w0.11}}]", "lembar lama")
	if got := text(); !strings.Contains(got, "Semester I 2026 80 80,44 B responden belum memadai ketentuan periode ini diubah") {
		t.Errorf("after an amendment: %s", got)
	}
	k.Apply("earlier: [{unit: dukcapil-loket, index: ikm, period: Tahun 2023, from: 2023-01-01, to: 2023-12-31, value: 81.20, source: L}]")
	if got := text(); !strings.Contains(got, "Tahun 2023 – 81,20 B") {
		t.Errorf("after a declaration: %s", got)
	}
}

// unreadable is a store whose releases cannot be read, until it is mended.
type unreadable struct {
	*testkit.ProjectedStore
	mended atomic.Bool
}

func (u *unreadable) Steps(ctx context.Context, period, unit string, fn func(*analytics.ReleasedTally) error) error {
	if u.mended.Load() {
		return u.ProjectedStore.Steps(ctx, period, unit, fn)
	}
	return errors.New("disk I/O error")
}

func TestAPageStandsWithoutTheReleasesThatCannotBeRead(t *testing.T) {
	t.Parallel()
	k, _ := months(t)
	store := &unreadable{ProjectedStore: k.Store}
	var later atomic.Int64
	broken, err := report.NewBuilder(report.NewBoard(store), k.Register.Directory, cache.New(1<<20), func() time.Time { return time.Now().Add(time.Duration(later.Load())) })
	if err != nil {
		t.Fatal(err)
	}
	if err := broken.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	k.Apply(earlierYAML)
	other := k.With(func(d *testkit.Deps) { d.Figures = broken })
	if err := broken.Rebuild(); err != nil {
		t.Fatal(err)
	}
	const path = "/hasil/dukcapil-loket?period=2026-s1"
	for range 2 {
		page := other.Get(path)
		text := strings.Join(strings.Fields(page.HTML().Find("main").Text()), " ")
		if page.StatusCode != http.StatusOK || !strings.Contains(text, "Semester I 2026 50 80,00 (+17,50) B") || strings.Contains(text, "April 2026") || !strings.Contains(text, "belum dapat dibaca") {
			t.Errorf("%d: %s", page.StatusCode, text)
		}
	}
	if r := other.Get(historyPath + "&period=2026-s1"); r.StatusCode != http.StatusServiceUnavailable || r.Header.Get("Retry-After") == "" || strings.Contains(r.Text, "I/O") {
		t.Errorf("%d %s", r.StatusCode, r.Text)
	}
	if n := strings.Count(k.Log.String(), "the releases of a unit could not be read"); n != 1 {
		t.Errorf("it is told %d times", n)
	}
	// What was shown without is not kept.
	store.mended.Store(true)
	later.Store(int64(time.Minute))
	if text := other.Get(path).Text; !strings.Contains(text, "April 2026") || strings.Contains(text, "belum dapat dibaca") {
		t.Error("the page stays without")
	}
}
