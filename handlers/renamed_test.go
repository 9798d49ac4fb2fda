package handlers_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"persepsi/internal/access"
	"persepsi/internal/testkit"
)

// A closed unit says so everywhere, and its results stay.
func TestAClosedUnitTellsSo(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	for range 27 {
		k.PostJSON(responsesPath, k.Response(nil))
	}
	k.Apply(`agencies: [{code: dukcapil, closed: true}, {code: dinkes, units: [{code: pkm, closed: true}]}]`)
	k.Refresh()
	for _, tc := range []struct {
		path   string
		status int
		words  []string
		not    string
	}{
		{"/s/KUPARI47", 410, []string{"Unit pelayanan ini sudah ditutup", "Pendapat yang sudah dikirim tetap tersimpan", "/hasil/dukcapil-loket", `action="/"`}, "Survei berikutnya"},
		{"/s/KUPARI47?lang=en", 410, []string{"This service unit has been closed"}, "next survey"},
		{"/s/MELATI38", 410, []string{"Unit pelayanan ini sudah ditutup"}, "Survei berikutnya"},
		{"/s/TUTUPA22", 410, []string{"Survei di sini sedang ditutup"}, "Unit pelayanan ini sudah"},
		{"/api/v1/points/KUPARI47", 410, []string{`"closed"`}, ""},
		{"/hasil/dukcapil-loket", 200, []string{"100,00"}, `href="/s`},
		{"/", 200, []string{"Unit ini sudah ditutup", "/hasil/dukcapil-loket"}, ""},
		{"/api/v1/results?period=2026-s1", 200, []string{`"unit":"dukcapil-loket"`, `"unit":"pkm"`}, ""},
		{"/api/v1/results?period=2026-s2", 200, []string{`"unit":"pkm-tutup"`}, `"unit":"pkm"`},
		{"/api/v1/results?period=2026-s1&agency=dukcapil", 200, []string{`"unit":"dukcapil-loket"`}, ""},
	} {
		r := k.Get(tc.path)
		if r.StatusCode != tc.status || tc.not != "" && strings.Contains(r.Text, tc.not) {
			t.Errorf("%s: %d, want %d without %q", tc.path, r.StatusCode, tc.status, tc.not)
		}
		for _, w := range tc.words {
			if !strings.Contains(r.Text, w) {
				t.Errorf("%s lacks %q", tc.path, w)
			}
		}
	}
	if n := strings.Count(k.Get("/").Text, "Unit ini sudah ditutup"); n != 2 {
		t.Errorf("%d units are marked, want 2", n)
	}
	var units []struct {
		Code         string
		Closed, Open bool
		Points       int
	}
	k.Get("/api/v1/units").JSON(&units)
	if got := fmt.Sprint(units); got != "[{dukcapil-loket true false 0} {pkm true false 0} {pkm-tutup false false 1}]" {
		t.Errorf("units: %s", got)
	}
	var periods []struct {
		Code  string
		Units []string
	}
	k.Get("/api/v1/periods").JSON(&periods)
	if got := fmt.Sprint(periods); got != "[{2025-s2 [dukcapil-loket pkm]} {2026-s1 [dukcapil-loket pkm]} {2026-s2 [pkm-tutup]}]" {
		t.Errorf("periods: %s", got)
	}
	if r := k.PostJSON(responsesPath, k.Response(nil)); r.StatusCode != 410 {
		t.Errorf("an answer: %d, want 410", r.StatusCode)
	}
	k.Apply(`agencies: [{code: dukcapil, closed: false}]`)
	if r := k.PostJSON(responsesPath, k.Response(nil)); r.StatusCode != 201 {
		t.Errorf("opened again: %d, want 201", r.StatusCode)
	}
}

var generated = regexp.MustCompile(`"generated_at":"([^"]+)"`)

// What is renamed keeps its figures, releases, entries and addresses, and goes on: the
// same answers under other codes, for who asks by any of them.
func TestARenamedUnitKeepsAllThatIsKnownOfIt(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	first := k.Response(nil)
	k.PostJSON(responsesPath, first)
	for range 26 {
		k.PostJSON(responsesPath, k.Response(nil))
	}
	k.Refresh()
	evaluator, manager := k.Key(access.Evaluator, ""), k.Key(access.Manager, "dukcapil")
	const entry = `{"period": "2026-s1", "unit": "%s", "capaian_kinerja": "A", "who": "Inspektorat", "why": "rapat TPI", "version": %d}`
	if r := k.PutJSON(evaluator, "/api/v1/zi/indicators", fmt.Sprintf(entry, "dukcapil-loket", 0)); r.StatusCode != 200 {
		t.Fatalf("entry: %d %s", r.StatusCode, r.Text)
	}
	asks := []struct{ key, path string }{
		{"", "/api/v1/results?period=2026-s1&unit=dukcapil-loket"},
		{"", "/api/v1/results?period=2026-s1&agency=dukcapil"},
		{"", "/api/v1/results?period=2026-s1"},
		{"", "/api/v1/results/history?period=2026-s1&unit=dukcapil-loket"},
		{evaluator, "/api/v1/results/history?unit=dukcapil-loket"},
		{"", "/hasil/dukcapil-loket"},
		{"", "/hasil/opd/dukcapil"},
		{"", "/hasil"},
		{evaluator, "/api/v1/results?period=2026-s1&unit=dukcapil-loket&agency=dukcapil"},
		{evaluator, "/api/v1/results/breakdown?period=2026-s1&unit=dukcapil-loket&by=service"},
		{evaluator, "/api/v1/results/breakdown?period=2026-s1&unit=dukcapil-loket&by=point"},
		{manager, "/api/v1/results/breakdown?period=2026-s1&unit=dukcapil-loket&by=sex"},
		{manager, "/api/v1/zi/indicators?period=2026-s1"},
		{manager, "/api/v1/zi/indicators?period=2026-s1&agency=dukcapil"},
	}
	ask := func(i int, path string) string {
		r := k.Get(path)
		if asks[i].key != "" {
			r = k.GetAs(asks[i].key, path)
		}
		if r.StatusCode != 200 {
			t.Errorf("%s: %d %s", path, r.StatusCode, r.Text)
		}
		// When they were made moves with each look at what is stored.
		if made := generated.FindStringSubmatch(r.Text); made != nil {
			return strings.ReplaceAll(r.Text, made[1], "now")
		}
		return r.Text
	}
	renamed := strings.NewReplacer(`"dukcapil-loket"`, `"muka"`, `"dukcapil"`, `"capil"`, `"ktp"`, `"kartu"`, `"KUPARI47"`, `"DELIMA55"`,
		"/hasil/dukcapil-loket", "/hasil/muka", "unit=dukcapil-loket", "unit=muka", "agency=dukcapil", "agency=capil", "/hasil/opd/dukcapil", "/hasil/opd/capil", `data-agency="dukcapil"`, `data-agency="capil"`)
	var before []string
	for i, a := range asks {
		before = append(before, ask(i, a.path))
	}
	k.Apply(`agencies: [{code: capil, was: dukcapil, units: [{code: muka, was: dukcapil-loket, services: [{code: kartu, was: ktp}], points: [{code: DELIMA55, was: KUPARI47}]}]}]`)
	for i, a := range asks {
		want := renamed.Replace(before[i])
		for _, path := range []string{a.path, renamed.Replace(a.path)} {
			got := ask(i, path)
			if strings.HasPrefix(path, "/hasil/") { // a page repeats its own address
				same := strings.NewReplacer("dukcapil-loket", "muka", "/opd/dukcapil", "/opd/capil")
				got, want = same.Replace(got), same.Replace(want)
			}
			if got != want {
				t.Errorf("%s:\n%s\nwant\n%s", path, got, want)
			}
		}
	}
	if r := k.PostJSON(responsesPath, first); r.StatusCode != 200 {
		t.Errorf("the first answer again: %d %s, want 200", r.StatusCode, r.Text)
	}
	for _, path := range []string{responsesPath, strings.Replace(responsesPath, "KUPARI47", "DELIMA55", 1)} {
		for _, service := range []string{"ktp", "kartu"} {
			if r := k.PostJSON(path, k.Response(func(m map[string]any) { m["service"] = service })); r.StatusCode != 201 {
				t.Errorf("%s at %s: %d %s", service, path, r.StatusCode, r.Text)
			}
		}
	}
	for _, r := range k.Stored() {
		if r.Unit != "dukcapil-loket" || r.Point != "KUPARI47" || r.Service != "ktp" {
			t.Errorf("stored as %s, %s, %s", r.Unit, r.Point, r.Service)
		}
	}
	for range 30 { // enough for the next release
		k.PostJSON(responsesPath, k.Response(nil))
	}
	k.Refresh()
	var got struct {
		Units []struct{ Responses struct{ Valid, Counted int } }
	}
	k.Get("/api/v1/results?period=2026-s1&unit=muka").JSON(&got)
	if len(got.Units) != 1 || got.Units[0].Responses.Valid != 61 || got.Units[0].Responses.Counted <= 17 {
		t.Errorf("released: %+v", got)
	}
	for version, unit := range []string{1: "muka", 2: "dukcapil-loket"} {
		if version == 0 {
			continue
		}
		r := k.PutJSON(evaluator, "/api/v1/zi/indicators", fmt.Sprintf(entry, unit, version))
		if r.StatusCode != 200 || !strings.Contains(r.Text, `"satker":"muka"`) || !strings.Contains(r.Text, fmt.Sprintf(`"version":%d`, version+1)) {
			t.Errorf("entry of %s: %d %s", unit, r.StatusCode, r.Text)
		}
	}
}
