package handlers_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"persepsi/internal/access"
	"persepsi/internal/cache"
	"persepsi/internal/testkit"
)

// anew makes an application that keeps nothing, on the same store: what it
// shows is computed and rendered from the stored figures.
func anew(t *testing.T, k *testkit.Kit, now func() time.Time) *testkit.Kit {
	t.Helper()
	figures := k.Builder(k.Store)
	if err := figures.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	return k.With(func(d *testkit.Deps) { d.Figures, d.Cache, d.Now = figures, cache.New(0), now })
}

// send sends answers to the unit's only open point, each of this sex.
func send(t *testing.T, k *testkit.Kit, n int, sex string) {
	t.Helper()
	for range n {
		body := k.Response(func(b map[string]any) { b["respondent"] = map[string]string{"sex": sex, "education": "S1"} })
		if r := k.PostJSON(responsesPath, body); r.StatusCode != http.StatusCreated {
			t.Fatal(r.Text)
		}
	}
	k.Refresh()
}

// figuresOf reads a kept result page: the number of answers, and of the
// respondents of a category, empty where it tells none.
func figuresOf(t *testing.T, k *testkit.Kit, category string) (answers, respondents string) {
	t.Helper()
	_, text := zipped(t, k, "/hasil/dukcapil-loket")
	page, err := goquery.NewDocumentFromReader(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	row := page.Find("table.people tr").FilterFunction(func(_ int, s *goquery.Selection) bool {
		return strings.TrimSpace(s.Find("th").Text()) == category
	})
	return strings.TrimSpace(page.Find(".heard b").Text()), strings.TrimSpace(row.Find("td").Text())
}

func TestWhatIsKeptIsWhatWouldBeMadeNow(t *testing.T) {
	t.Parallel()
	k, wait := timed(t)
	now := testkit.Noon()
	same := func(what string) {
		t.Helper()
		fresh := anew(t, k, func() time.Time { return now })
		for _, path := range []string{"/hasil/dukcapil-loket", "/hasil/dukcapil-loket?lang=en", "/hasil/dukcapil-loket?lang=xx", "/hasil/dukcapil-loket?period=2025-s2", "/hasil/dukcapil-loket?period=2026-s1", "/hasil/dukcapil-loket?period=2026-s1&utm=x", "/hasil/pkm", "/hasil", "/hasil?lang=en", "/hasil/opd/dukcapil"} {
			want := fresh.Get(path).Text
			for _, visit := range []string{"first", "second"} { // made, then kept
				if _, text := zipped(t, k, path); text != want {
					t.Errorf("%s: the %s visit of %s differs from the page as it is made now", what, visit, path)
				}
			}
			if k.Get(path).Text != want {
				t.Errorf("%s: %s differs uncompressed", what, path)
			}
		}
	}
	generated := regexp.MustCompile(`"generated_at":"[^"]*"`)
	texts := func(what string) {
		t.Helper()
		fresh := anew(t, k, func() time.Time { return now })
		for _, scope := range []string{
			"", "&agency=dukcapil", "&agency=dinkes", "&unit=dukcapil-loket&explain=false", "&unit=pkm&explain=false",
			"&explain=true", "&agency=dukcapil&explain=true", "&unit=dukcapil-loket", "&unit=pkm",
		} {
			path := "/api/v1/results?period=2026-s1" + scope
			want := generated.ReplaceAllString(fresh.Get(path).Text, "")
			for _, visit := range []string{"first", "second"} {
				_, zip := zipped(t, k, path)
				for how, got := range map[string]string{"compressed": zip, "plain": k.Get(path).Text} {
					if generated.ReplaceAllString(got, "") != want {
						t.Errorf("%s: the %s visit of %s, %s, differs from the text as it is made now", what, visit, path, how)
					}
				}
			}
		}
	}
	same("without answers")
	texts("without answers")
	for i := range 6 {
		send(t, k, 1+i, []string{"L", "P"}[i%2])
		same("after answers")
		texts("after answers")
	}
	k.Apply(strings.Replace(testkit.City, "name: Unit Pelayanan", "name: Unit Baru", 1))
	if _, text := zipped(t, k, "/hasil/dukcapil-loket"); !strings.Contains(text, "Unit Baru") {
		t.Error("the page keeps the name that the unit had")
	}
	same("after an apply")
	texts("after an apply")
	const later = 200 * 24 * time.Hour
	wait(later)
	now = now.Add(later)
	same("in the next period")
}

func TestAResultPageTellsTheRespondentsOfItsFigures(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	for _, step := range []struct {
		more           int
		counted, women string
	}{{19, "", ""}, {1, "10", "10"}, {7, "10", "10"}, {4, "21", "21"}} {
		send(t, k, step.more, "P")
		for range 2 {
			if n, women := figuresOf(t, k, "Perempuan"); n != step.counted || women != step.women {
				t.Errorf("after %d more the page tells of %q answers and %q women, want %q", step.more, n, women, step.counted)
			}
		}
	}
}

// Whatever shows figures shows those of one moment: before and after a refresh,
// though answers come in all the time.
func TestEverythingShowsTheSameFigures(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	evaluator := k.Key(access.Evaluator, "")
	valid := regexp.MustCompile(`"valid":(\d+)`)
	told := func(want string) {
		t.Helper()
		for _, path := range []string{
			"/api/v1/results?period=2026-s1", "/api/v1/results?period=2026-s1&agency=dukcapil", "/api/v1/results?period=2026-s1&unit=dukcapil-loket",
			"/api/v1/results?period=2026-s1&explain=true", "/api/v1/results?period=2026-s1&unit=dukcapil-loket&explain=false",
		} {
			_, zip := zipped(t, k, path)
			for how, text := range map[string]string{"plain": k.Get(path).Text, "compressed": zip, "as evaluator": k.GetAs(evaluator, path).Text} {
				for _, m := range valid.FindAllStringSubmatch(text, -1) {
					if m[1] != want && m[1] != "0" {
						t.Errorf("%s, %s: %s answers, want %s", path, how, m[1], want)
					}
				}
				if !strings.Contains(text, `"valid":`+want) {
					t.Errorf("%s, %s: nowhere %s answers", path, how, want)
				}
			}
		}
		if text := k.Get("/hasil/dukcapil-loket").Text; !strings.Contains(text, want+" jawaban") {
			t.Errorf("the page does not tell of %s answers", want)
		}
	}
	one := func() {
		t.Helper()
		if r := k.PostJSON(responsesPath, k.Response(nil)); r.StatusCode != http.StatusCreated {
			t.Fatal(r.Text)
		}
	}
	for range 18 {
		one()
	}
	for _, want := range []string{"19", "20", "21"} { // asked for already: written beforehand
		one()
		k.Refresh()
		told(want)
	}
	one() // nobody has counted it yet
	told("21")
}

func TestAResultPageIsOfItsDay(t *testing.T) {
	t.Parallel()
	// No other period begins on the day after: nothing but the day is another one.
	city, _, _ := strings.Cut(testkit.City, "  - code: 2026-s2")
	k, wait := timedIn(t, city)
	send(t, k, 3, "P")
	running := func(when string, want bool) {
		t.Helper()
		if _, page := zipped(t, k, "/hasil/dukcapil-loket?period=2026-s1"); strings.Contains(page, "masih berjalan") != want {
			t.Errorf("%s: the page says that the period is running: %v, want %v", when, !want, want)
		}
	}
	end := time.Date(2026, 6, 30, 16, 0, 0, 0, time.UTC) // midnight in the city
	running("on a day in March", true)
	wait(end.Sub(testkit.Noon()) - time.Second)
	running("in the period's last second", true)
	wait(time.Second)
	running("a second later", false)
}

// A page leads to itself in the other language: that of one address is not kept for another.
func TestAPageLeadsToItselfInTheOtherLanguage(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	for _, path := range []string{"/hasil/pkm", "/hasil", "/hasil/opd/dinkes", "/hasil/pkm?period=2025-s2&mark=0"} {
		for _, mark := range []string{"1", "2"} {
			to, err := url.Parse(path)
			if err != nil {
				t.Fatal(err)
			}
			q := to.Query()
			q.Set("mark", mark)
			to.RawQuery = q.Encode()
			q.Set("lang", "en")
			at, err := url.Parse(k.Get(to.String()).HTML().Find("header .lang").AttrOr("href", ""))
			if err != nil || at.Query().Encode() != q.Encode() {
				t.Errorf("%s leads to %s, %v", to, at, err)
			}
		}
	}
}
