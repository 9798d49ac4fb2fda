package handlers_test

import (
	"encoding/json"
	"strings"
	"testing"

	"persepsi/internal/access"
	"persepsi/internal/audit"
	"persepsi/internal/testkit"
)

func TestResultsAreTheSameForEveryWayIn(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	for range 27 {
		k.PostJSON(responsesPath, k.Response(nil))
	}
	k.Refresh()
	var got struct {
		Units []struct {
			Unit      string
			Responses struct{ Valid, Counted int }
			Indexes   map[string]*struct {
				Shown string
				Value float64
			}
		}
	}
	r := k.Get("/api/v1/results?period=2026-s1&unit=dukcapil-loket")
	r.JSON(&got)
	if len(got.Units) != 1 || got.Units[0].Responses.Valid != 27 || got.Units[0].Responses.Counted != 17 || got.Units[0].Indexes["ikm"].Value != 100 {
		t.Fatalf("%d %s", r.StatusCode, r.Text)
	}
	if page := k.Get("/hasil/dukcapil-loket"); !strings.Contains(page.Text, "100,00") {
		t.Error("the page shows another figure")
	}
	for asked, want := range map[string]struct {
		units     int
		explained bool
	}{
		"":                                   {2, false},
		"&explain=true":                      {2, true},
		"&agency=dukcapil":                   {1, false},
		"&agency=dukcapil&explain=true":      {1, true},
		"&unit=dukcapil-loket":               {1, true},
		"&unit=dukcapil-loket&explain=false": {1, false},
	} {
		r := k.Get("/api/v1/results?period=2026-s1" + asked)
		_, zip := zipped(t, k, "/api/v1/results?period=2026-s1"+asked)
		if r.JSON(&got); len(got.Units) != want.units || strings.Contains(r.Text, `"explanation":`) != want.explained || zip != r.Text {
			t.Errorf("%s: %d units, explained %v, the same compressed %v; want %+v", asked, len(got.Units), strings.Contains(r.Text, `"explanation":`), zip == r.Text, want)
		}
	}
	for path, want := range map[string]int{
		"/api/v1/results":                              422,
		"/api/v1/results?period=x":                     404,
		"/api/v1/results?period=2026-s1&unit=x":        404,
		"/api/v1/results?period=2026-s1&agency=x":      404,
		"/api/v1/results?period=2026-s1&agency=dinkes": 200,
	} {
		if r := k.Get(path); r.StatusCode != want {
			t.Errorf("%s: %d, want %d", path, r.StatusCode, want)
		}
	}
}

// Anybody may ask for a city with all explanations, megabytes that are not kept with the rest:
// it is written once, however often.
func TestWhoAsksForAWholeCityAgainAndAgainHasItWrittenOnce(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	for range 20 {
		k.PostJSON(responsesPath, k.Response(nil))
	}
	k.Refresh()
	plain, explained := len(k.Get("/api/v1/results?period=2026-s1").Text), 0
	for range 3 {
		explained = len(k.Get("/api/v1/results?period=2026-s1&explain=true").Text)
		if n := k.Figures.Figures().TextBytes(); n != int64(plain+explained) {
			t.Errorf("%d bytes of texts are kept for all who ask, want %d and %d", n, plain, explained)
		}
	}
	if explained <= plain {
		t.Errorf("%d bytes with explanations, %d without", explained, plain)
	}
}

func TestWhoMaySeeAndSetWhat(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	for range 20 {
		k.PostJSON(responsesPath, k.Response(nil))
	}
	k.Refresh()
	evaluator, manager := k.Key(access.Evaluator, ""), k.Key(access.Manager, "dinkes")
	const sheet, breakdown = "/api/v1/zi/indicators?period=2026-s1", "/api/v1/results/breakdown?period=2026-s1&by=sex&unit="
	for _, tc := range []struct {
		name, key, path string
		want            int
	}{
		{"the public", "", sheet, 401},
		{"a wrong key", "psp_wrong", sheet, 401},
		{"an evaluator", evaluator, sheet, 200},
		{"a manager sees the own agency", manager, sheet, 200},
		{"a manager asks for another", manager, sheet + "&agency=dukcapil", 403},
		{"breakdown, the public", "", breakdown + "pkm", 401},
		{"breakdown, own unit", manager, breakdown + "pkm", 200},
		{"breakdown, another's unit", manager, breakdown + "dukcapil-loket", 403},
		{"breakdown, unknown dimension", evaluator, "/api/v1/results/breakdown?period=2026-s1&by=nik&unit=pkm", 422},
	} {
		r := k.GetAs(tc.key, tc.path)
		if tc.key == "" {
			r = k.Get(tc.path)
		}
		if r.StatusCode != tc.want {
			t.Errorf("%s: %d %s, want %d", tc.name, r.StatusCode, r.Text, tc.want)
		}
	}
	entry := `{"period":"2026-s1","unit":"dukcapil-loket","capaian_kinerja":"A","pengungkit":47.875,"who":"TPI","why":"berita acara 12"}`
	for _, tc := range []struct {
		name, key, body string
		want            int
	}{
		{"the public", "", entry, 401},
		{"a manager", manager, entry, 403},
		{"no reason", evaluator, strings.Replace(entry, "berita acara 12", "", 1), 422},
		{"a wrong level", evaluator, strings.Replace(entry, `"A"`, `"F"`, 1), 422},
		{"too many points", evaluator, strings.Replace(entry, "47.875", "61", 1), 422},
		{"a number too large to write out", evaluator, strings.Replace(entry, "47.875", "1e9999999", 1), 422},
		{"a number too small to write out", evaluator, strings.Replace(entry, "47.875", "1e-1000000", 1), 422},
		{"an area's number too large", evaluator, strings.Replace(entry, "47.875", `{"sdm":1e9999999}`, 1), 422},
		{"a unit that takes no part", evaluator, strings.Replace(entry, "dukcapil-loket", "pkm-tutup", 1), 422},
		{"a text for points", evaluator, strings.Replace(entry, "47.875", `"banyak"`, 1), 422},
		{"unknown unit", evaluator, strings.Replace(entry, "dukcapil-loket", "x", 1), 404},
		{"an unknown name", evaluator, strings.Replace(entry, `"who"`, `"whom"`, 1), 422},
		{"a number for a name", evaluator, strings.Replace(entry, `"TPI"`, "7", 1), 422},
		{"a list for points", evaluator, strings.Replace(entry, "47.875", "[47.875]", 1), 422},
		{"something behind", evaluator, strings.Replace(entry, `"who"`, `"version":0,"who"`, 1) + "{}", 400},
		{"no version", evaluator, entry, 428},
		{"good", evaluator, strings.Replace(entry, `"who"`, `"version":0,"who"`, 1), 200},
		{"no version, of one that is there", evaluator, entry, 428},
		{"an old version", evaluator, strings.Replace(entry, `"who"`, `"version":0,"who"`, 1), 409},
	} {
		if r := k.PutJSON(tc.key, "/api/v1/zi/indicators", tc.body); r.StatusCode != tc.want {
			t.Errorf("%s: %d %s, want %d", tc.name, r.StatusCode, r.Text, tc.want)
		}
	}
	// Period and unit may stand in the address instead.
	const named = "?period=2026-s1&unit=pkm"
	short := `{"capaian_kinerja":"B","version":0,"who":"TPI","why":"rapat"}`
	for name, want := range map[string]string{`{`: `"satker":"pkm"`, `{"unit":"nobody",`: "nobody", `{"period":"2031-s1",`: `no period \"2031-s1\"`} {
		if r := k.PutJSON(evaluator, "/api/v1/zi/indicators"+named, strings.Replace(short, "{", name, 1)); !strings.Contains(r.Text, want) {
			t.Errorf("%s in the body: %d %s, want %s", name, r.StatusCode, r.Text, want)
		}
	}
	var rows []struct {
		Satker     string
		Tahun      int
		IPAK       *float64
		Capaian    *string `json:"capaian_kinerja"`
		Points     map[string]*float64
		Pengungkit *float64
		Missing    []string
		Indexes    map[string]*struct {
			N        int64
			Needed   *int
			Adequate bool
			CI95     [2]float64
			Basis    string
		}
		Population *int
		Tests      map[string]struct{ Provisional bool }
	}
	k.GetAs(evaluator, sheet+"&unit=dukcapil-loket").JSON(&rows)
	if len(rows) != 1 || rows[0].Tahun != 2026 || *rows[0].Capaian != "A" || *rows[0].Points["pengungkit"] != 47.875 || *rows[0].Pengungkit != 47.875 || *rows[0].Points["total"] != 87.875 || len(rows[0].Missing) != 6 {
		t.Errorf("rows = %+v", rows)
	}
	if x := rows[0].Indexes["ipak"]; x == nil || x.N < 1 || *x.Needed != 249 || x.Adequate || x.CI95[0] >= x.CI95[1] || x.Basis != "PermenPANRB 90/2021" || *rows[0].Population != 703 || !rows[0].Tests["wbk"].Provisional || len(rows[0].Indexes) != 3 {
		t.Errorf("how far to rely on it: %+v of %+v", x, rows[0])
	}
	var public struct {
		Units []struct{ LKE map[string]json.RawMessage }
	}
	k.Get("/api/v1/results?period=2026-s1&unit=dukcapil-loket").JSON(&public)
	if string(public.Units[0].LKE["I.b"]) != "null" {
		t.Errorf("the public sees what the evaluator entered: %s", public.Units[0].LKE["I.b"])
	}
	k.GetAs(k.Key(access.Manager, "dukcapil"), "/api/v1/results?period=2026-s1&unit=dukcapil-loket").JSON(&public)
	if !strings.Contains(string(public.Units[0].LKE["I.b"]), `"A"`) {
		t.Errorf("the unit's manager does not see what the evaluator entered: %s", public.Units[0].LKE["I.b"])
	}
	audited := 0
	if err := k.Store.AuditLog(t.Context(), func(audit.Entry) error { audited++; return nil }); err != nil || audited != 2 {
		t.Errorf("%d lines in the audit, err = %v, want 2", audited, err)
	}
}

func TestSmallGroupsAreHiddenInABreakdown(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	for i := range 12 {
		k.PostJSON(responsesPath, k.Response(func(m map[string]any) {
			sex := "P"
			if i < 2 {
				sex = "L"
			}
			m["respondent"] = map[string]string{"sex": sex}
		}))
	}
	k.Refresh()
	var got struct {
		N     int
		Cells []struct {
			Code       string
			N          int
			Suppressed bool
		}
	}
	k.GetAs(k.Key(access.Evaluator, ""), "/api/v1/results/breakdown?period=2026-s1&unit=dukcapil-loket&by=sex").JSON(&got)
	if got.N != 12 || len(got.Cells) != 2 || !got.Cells[0].Suppressed || !got.Cells[1].Suppressed || got.Cells[1].N != 0 {
		t.Errorf("breakdown = %+v, want both cells hidden", got)
	}
}
