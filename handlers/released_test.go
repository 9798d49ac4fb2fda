package handlers_test

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"persepsi/internal/access"
	"persepsi/internal/racetest"
	"persepsi/internal/testkit"
)

// seen is what a reader of figures has in hand: all but the counts of answers, which
// are no scores, what is said of these where there is no score, and the moments.
func seen(text string) string {
	text = regexp.MustCompile(`"(generated_at|as_of)":("[^"]*"|null),?`).ReplaceAllString(text, "")
	text = regexp.MustCompile(`"valid":\d+`).ReplaceAllString(text, "")
	text = regexp.MustCompile(`"withheld":"[^"]*"`).ReplaceAllString(text, "")
	text = regexp.MustCompile(`(?s)<p class="card">[^<]*</p>|<span class="none">[^<]*</span>`).ReplaceAllString(text, "")
	return regexp.MustCompile(`\d+ (jawaban|answers|of the|respondents|responden dari)`).ReplaceAllString(text, "")
}

// A reader looks at everything before and after each of many answers, as the public
// and as every role that sees released figures: whatever changes holds at least ten
// answers more.
func TestNobodyCanBeToldFromTheFigures(t *testing.T) {
	t.Parallel()
	racetest.Skip(t)
	k, wait := timed(t)
	rng := rand.New(rand.NewPCG(11, 7))
	keys := map[string]string{"public": ""}
	for _, role := range []access.Role{access.Manager, access.Admin} {
		keys[string(role)] = k.Key(role, "dukcapil")
	}
	const results = "/api/v1/results?period=2026-s1"
	paths := []string{
		results, results + "&explain=true", results + "&agency=dukcapil", results + "&unit=dukcapil-loket", "/hasil/dukcapil-loket", "/hasil/dukcapil-loket?lang=en",
		"/hasil", "/hasil?lang=en", "/hasil/opd/dukcapil", "/hasil/opd/dukcapil?period=2026-s1",
		"/api/v1/zi/indicators?period=2026-s1&agency=dukcapil",
		"/api/v1/results/history?unit=dukcapil-loket", "/api/v1/results/history?unit=dukcapil-loket&period=2025-s2", "/hasil/dukcapil-loket?period=2025-s2",
	}
	for _, by := range []string{"sex", "age", "education", "occupation", "disability"} {
		paths = append(paths, results[:len("/api/v1/results")]+"/breakdown?period=2026-s1&unit=dukcapil-loket&by="+by)
	}
	counts := []string{}
	for _, by := range []string{"service", "point", "mode", "hour"} {
		counts = append(counts, "/api/v1/results/breakdown?period=2026-s1&unit=dukcapil-loket&by="+by)
	}
	before := map[string]string{}
	counted, steps := 0, 0
	for n := range 65 {
		if r := k.PostJSON(responsesPath, k.Response(func(b map[string]any) {
			answers := map[string]int{}
			for q := range b["answers"].(map[string]int) { //nolint:forcetypeassert // test data
				answers[q] = 1 + rng.IntN(4)
			}
			b["answers"] = answers
			b["respondent"] = map[string]string{"sex": []string{"L", "P"}[rng.IntN(2)], "education": []string{"SMA", "S1"}[rng.IntN(2)]}
		})); r.StatusCode != http.StatusCreated {
			t.Fatal(r.Text)
		}
		wait(time.Millisecond)
		k.Refresh()
		var got struct {
			State string
			Units []struct {
				Unit      string
				Responses struct{ Valid, Counted int }
			}
		}
		k.Get(results + "&unit=dukcapil-loket").JSON(&got)
		now := got.Units[0].Responses
		if got.State != "released" || now.Valid != n+1 {
			t.Errorf("after %d answers: state %s, %d answers", n+1, got.State, now.Valid)
		}
		if d := now.Counted - counted; d != 0 && d < 10 {
			t.Errorf("after %d answers %d are counted, %d before", n+1, now.Counted, counted)
		}
		for who, key := range keys {
			for _, path := range paths {
				r := k.Get(path)
				if key != "" {
					r = k.GetAs(key, path)
				}
				if strings.Contains(path, "breakdown") && key == "" {
					continue // 401
				}
				text := seen(r.Text)
				if old, ok := before[who+path]; ok && old != text && now.Counted == counted {
					t.Errorf("answer %d changes %s, read as %s", n+1, path, who)
				}
				before[who+path] = text
				for _, word := range []string{`"sum"`, `"alpha"`, `"item_total"`, `"signals"`, `"means":{`} {
					if strings.Contains(text, word) {
						t.Errorf("%s, read as %s, has %s", path, who, word)
					}
				}
			}
			for _, path := range counts {
				if key != "" && strings.Contains(k.GetAs(key, path).Text, `"means":{`) {
					t.Errorf("%s, read as %s, has scores", path, who)
				}
			}
		}
		if now.Counted != counted {
			counted = now.Counted
			steps++
		}
	}
	if counted != 50 || steps != 5 {
		t.Errorf("%d answers are counted in %d steps", counted, steps)
	}
	// An evaluator sees them all.
	var live struct {
		State string
		Units []struct {
			Indexes map[string]json.RawMessage
			Signals map[string][]int
		}
	}
	k.GetAs(k.Key(access.Evaluator, ""), results+"&unit=dukcapil-loket").JSON(&live)
	if live.State != "live" || live.Units[0].Signals == nil || !strings.Contains(string(live.Units[0].Indexes["ikm"]), `"n":65`) {
		t.Errorf("an evaluator sees %+v", live)
	}
}

// The demonstration makes no exception.
func TestTheDemonstrationShowsReleasedFigures(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	for range 25 {
		k.PostJSON(responsesPath, k.Response(nil))
	}
	k.Refresh()
	demo := asDemo(t, k)
	demo.Refresh()
	for _, path := range []string{"/api/v1/results?period=2026-s1", "/api/v1/results?period=2026-s1&unit=dukcapil-loket"} {
		if text := demo.Get(path).Text; !strings.Contains(text, `"state":"released"`) || !strings.Contains(text, `"counted":15`) || strings.Contains(text, `"signals"`) {
			t.Errorf("%s: %s", path, text)
		}
	}
}

// A manager's sheet tells no more than the public figures do.
func TestTheSheetIsLiveForEvaluatorsAlone(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	for range 15 {
		k.PostJSON(responsesPath, k.Response(nil))
	}
	k.Refresh()
	for role, want := range map[access.Role]string{access.Evaluator: "4,00", access.Manager: "–", access.Admin: "–"} {
		answers := "0 dari 15" // of which none are released
		if role == access.Evaluator {
			answers = "15"
		}
		sheet := visit(k, http.MethodGet, "/lke?period=2026-s1", k.SignIn(role, "dukcapil"))
		row := sheet.HTML().Find("table.lke tbody tr").FilterFunction(func(_ int, s *goquery.Selection) bool {
			return s.Find("a[href^='/lke/dukcapil-loket']").Length() > 0
		})
		cells := row.Find("td")
		if n, ipak := strings.TrimSpace(cells.Eq(0).Text()), strings.Fields(cells.Eq(1).Text())[0]; !strings.HasPrefix(n, answers) || ipak != want {
			t.Errorf("%s sees %q answers and IPAK %q, want %q", role, n, ipak, want)
		}
	}
}

func TestAPageSaysInWordsWhatIsReleasedAndWhatWaits(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		citizens, assisted int
		running, closed    string
	}{
		{0, 0, "Belum ada jawaban", "Tidak ada jawaban pada periode ini."},
		{9, 9, "18 jawaban", "ditutup dengan 18 jawaban. Nilai hanya ditampilkan bila sedikitnya 10 jawaban yang dikirim warga, atau 10 yang dimasukkan petugas"},
		{9, 0, "9 jawaban: belum cukup", "ditutup dengan 9 jawaban"},
		{12, 0, "12 jawaban", "Angka akhir, dihitung dari semua 12 jawaban."},
		{21, 3, "24 jawaban; angka dihitung dari 11 sampai", "Angka akhir, dihitung dari 21 dari 24 jawaban. Yang lain, dari warga atau dari petugas, masing-masing kurang dari 10"},
	} {
		t.Run(fmt.Sprint(tc.citizens, "+", tc.assisted), func(t *testing.T) {
			t.Parallel()
			k, wait := timed(t)
			for i := range tc.citizens + tc.assisted {
				if r := k.PostJSON(responsesPath, k.Response(func(m map[string]any) {
					if i >= tc.citizens {
						m["mode"] = "assisted"
					}
				})); r.StatusCode != http.StatusCreated {
					t.Fatal(r.Text)
				}
			}
			says := func(want string) {
				t.Helper()
				k.Refresh()
				page := k.Get("/hasil/dukcapil-loket?period=2026-s1").HTML().Find("main").Text()
				if text := strings.Join(strings.Fields(page), " "); !strings.Contains(text, want) {
					t.Errorf("the page does not say %q: %s", want, text)
				}
			}
			says(tc.running)
			wait(200 * 24 * time.Hour)
			k.Apply(strings.Replace(testkit.City, "name: Kota Contoh", "name: Kota Contoh Baru", 1)) // a day later everything is made anew
			says(tc.closed)
		})
	}
}

// The tables of a closed period show scores to managers too, the same as an
// evaluator sees; what comes later moves none of them.
func TestAClosedPeriodHasTables(t *testing.T) {
	t.Parallel()
	k, wait := timed(t)
	const path = "/api/v1/results/breakdown?period=2026-s1&unit=dukcapil-loket&by="
	sent := 0
	answer := func(n int, sex string) {
		for range n {
			sent++
			age := "<18" // the first 23: one more than those of the first sex
			if sent > 23 {
				age = "18-25"
			}
			if r := k.PostJSON(responsesPath, k.Response(func(b map[string]any) { b["respondent"] = map[string]string{"sex": sex, "age": age} })); r.StatusCode != http.StatusCreated {
				t.Fatal(r.Text)
			}
			wait(time.Millisecond)
		}
	}
	type table struct {
		State string
		N     *int
		Cells []struct {
			Code       string
			N          int
			Means      map[string]float64
			Suppressed bool
		}
	}
	keys := map[access.Role]string{}
	for _, role := range access.Roles() {
		keys[role] = k.Key(role, "dukcapil")
	}
	read := func(role access.Role, by string) (out table) {
		k.GetAs(keys[role], path+by).JSON(&out)
		return out
	}
	answer(22, "P")
	answer(21, "L")
	k.Refresh()
	for role, state := range map[access.Role]string{access.Evaluator: "live", access.Manager: "counts", access.Admin: "counts"} {
		if got := read(role, "sex"); got.State != state || (got.N == nil) != (state == "counts") || len(got.Cells) == 0 || (got.Cells[0].Means == nil) != (state == "counts") {
			t.Errorf("while the period runs %s sees %+v", role, got)
		}
	}
	wait(300 * 24 * time.Hour)
	k.Refresh()
	for _, by := range []string{"sex", "mode", "service", "point", "hour"} {
		evaluators := read(access.Evaluator, by)
		if evaluators.State != "final" || *evaluators.N != 43 {
			t.Fatalf("by %s evaluators see %+v", by, evaluators)
		}
		for _, role := range []access.Role{access.Manager, access.Admin} {
			got := read(role, by)
			if fmt.Sprint(got.State, *got.N, got.Cells) != fmt.Sprint(evaluators.State, *evaluators.N, evaluators.Cells) || got.Cells[0].Means["ikm"] == 0 {
				t.Errorf("by %s %s sees %+v, evaluators %+v", by, role, got, evaluators)
			}
		}
	}
	if all, some := read(access.Evaluator, "age"), read(access.Manager, "age"); all.Cells[0].Means["ikm"] == 0 || some.Cells[0].Means != nil || !some.Cells[0].Suppressed {
		t.Errorf("by age, which differs from sex by one person, evaluators see %+v, managers %+v", all, some)
	}
	if r := k.GetAs(keys[access.Manager], path+"nik"); r.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("an unknown dimension: %d", r.StatusCode)
	}
}

// Whoever reads figures reads what was changed about them when there were answers,
// and why, wherever the figures stand.
func TestAnAmendmentStandsBesideTheFigures(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	for range 25 {
		k.PostJSON(responsesPath, k.Response(nil))
	}
	k.Refresh()
	const reason = "lembar lama <b>memakai</b> bobot 0,11"
	pages := map[string]string{"/hasil/dukcapil-loket?period=2026-s1": "Alasan: " + reason, "/hasil/dukcapil-loket?period=2026-s1&lang=en": "Reason: " + reason}
	sheet := k.SignIn(access.Manager, "dukcapil")
	said := func() map[string]string {
		out := map[string]string{"/lke": visit(k, http.MethodGet, "/lke?period=2026-s1", sheet).HTML().Find("main").Text()}
		for path := range pages {
			out[path] = k.Get(path).HTML().Find("main").Text()
		}
		return out
	}
	for path, text := range said() {
		if strings.Contains(text, "Alasan:") || strings.Contains(text, "Reason:") {
			t.Errorf("%s tells of an amendment before there is one", path)
		}
	}
	k.Amend("periods: [{code: 2026-s1, methods: {ikm: w0.11}}]", reason)
	for path, text := range said() {
		what := "Cara menghitung IKM: ditetapkan Bobot cetak 0,11."
		if strings.HasSuffix(path, "en") {
			what = "How the IKM is computed: set to Printed weight 0.11."
		}
		for _, want := range []string{cmp.Or(pages[path], "Alasan: "+reason), what, "2026"} {
			if !strings.Contains(text, want) {
				t.Errorf("%s does not say %q: %.300s", path, want, text)
			}
		}
	}
	var got struct {
		Amendments []struct {
			Day, By, Reason string
			Changes         []string
		}
	}
	k.Get("/api/v1/results?period=2026-s1").JSON(&got)
	if a := got.Amendments; len(a) != 1 || a[0].Reason != reason || a[0].By != "command line" || a[0].Day == "" || len(a[0].Changes) != 1 {
		t.Errorf("the results tell of %+v", a)
	}
}
