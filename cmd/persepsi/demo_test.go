package main

import (
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"persepsi/internal/testkit"
)

// TestTheDemonstrationIsACityAndSaysThatItIsNone counts the city from outside
// and looks for the mark on every kind of page.
func TestTheDemonstrationIsACityAndSaysThatItIsNone(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("not in a short run: a demonstration is filled")
	}
	data := t.TempDir()
	s := serve(t, "--demo", "--data", data)
	before := checkDemonstration(t, s)
	// One unit is withheld, in the running period and in one that is over.
	quiet := s.page("/hasil/pdam-cabang")
	over, _ := quiet.Find("nav.periods a").First().Attr("href")
	for page, says := range map[*goquery.Document]string{quiet: "7 jawaban: belum cukup", s.page(over): "ditutup dengan 9 jawaban"} {
		if text := page.Find("main").Text(); !strings.Contains(text, says) {
			t.Errorf("the page does not say %q: %s", says, text)
		}
	}
	checkThreeClicks(t, s)
	if code := s.stop(); code != exitDone {
		t.Fatalf("exit code %d: %s", code, s.log)
	}
	if link := s.more(); !strings.HasPrefix(link, "administrator http://127.0.0.1:") {
		t.Errorf("a demonstration has a link for its administrator too; it printed %q", link)
	}
	staysOne(t, data)
	// Another start fills nothing again; the one answer of the three clicks is
	// there.
	if after := checkDemonstration(t, serve(t, "--demo", "--data", data)); after != before+1 {
		t.Errorf("%d answers after a restart, want %d", after, before+1)
	}
}

// Prints are made of the demonstration: what is checked of each kind stands beside its command.
// It is filled once for both, as that takes longer than the prints.
func TestPrintsShowTheNumbersOfTheResults(t *testing.T) {
	t.Parallel()
	skipInShort(t)
	for _, e := range engines() {
		t.Run(e.name, func(t *testing.T) {
			t.Parallel()
			flags := e.flags(t)
			s := serve(t, append(flags, "--demo")...)
			if code := s.stop(); code != exitDone {
				t.Fatalf("exit code %d: %s", code, s.log)
			}
			dump, _ := must(t, append([]string{"dump"}, flags...)...)
			codes := regexp.MustCompile(`code: 20\d\d-s\d`).FindAllString(dump, -1)
			if len(codes) < 2 {
				t.Fatalf("periods %v", codes)
			}
			slices.Sort(codes)
			slices.Reverse(codes)
			periods := []string{strings.TrimPrefix(codes[0], "code: "), strings.TrimPrefix(codes[1], "code: ")}
			t.Run("a report", func(t *testing.T) {
				t.Parallel()
				reportsOf(t, flags, periods)
			})
			t.Run("a sheet", func(t *testing.T) {
				t.Parallel()
				sheetsOf(t, flags, periods)
			})
		})
	}
}

// staysOne looks that no city of its own comes to lie behind a demonstration's open door.
func staysOne(t *testing.T, data string) {
	t.Helper()
	before, _ := must(t, "dump", "--data", data)
	for _, args := range [][]string{
		{"apply", declared(t, oneCounter)}, {"apply", declared(t, oneCounter), "--dry-run"}, {"serve", "--addr", "127.0.0.1:0"},
	} {
		code, stdout, stderr := call(t, append(args, "--data", data)...)
		if code != exitFailed || stdout != "" || !strings.Contains(stderr, "demonstration, Kota Cendana") || !strings.Contains(stderr, "a store of its own (--data DIR") {
			t.Errorf("%s: exit code %d, %q, %q", args, code, stdout, stderr)
		}
	}
	if after, _ := must(t, "apply", declared(t, before), "--data", data); !strings.HasPrefix(after, "nothing to change") {
		t.Errorf("its own declaration: %s", after)
	}
	if after, _ := must(t, "dump", "--data", data); after != before {
		t.Errorf("it was changed to %s", after)
	}
}

// TestARealCityIsNotFilledWithADemonstration: the two never mix.
func TestARealCityIsNotFilledWithADemonstration(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	must(t, "apply", declared(t, oneCounter), "--data", data)
	code, stdout, stderr := call(t, "serve", "--demo", "--data", data, "--addr", "127.0.0.1:0")
	if code != exitFailed || stdout != "" || !strings.Contains(stderr, "--demo: the store holds Kota Contoh") {
		t.Errorf("exit code %d, %q, %q", code, stdout, stderr)
	}
	out, _ := must(t, "results", "--period", "berjalan", "--data", data)
	if n := at(decoded(t, out), "units", 0, "responses", "valid"); n != json.Number("0") {
		t.Errorf("the city got %v answers", n)
	}
}

// checkDemonstration counts agencies, units, periods and answers, and returns
// the number of answers.
func checkDemonstration(t *testing.T, s *service) int {
	t.Helper()
	var periods []struct {
		Code string
		Open bool
	}
	if err := json.Unmarshal([]byte(s.get("/api/v1/periods").text), &periods); err != nil {
		t.Fatal(err)
	}
	answers, open := 0, 0
	for _, p := range periods {
		period := p.Code
		r := s.get("/api/v1/results?period=" + period)
		var got struct {
			Demo     bool
			Units    []struct{ Responses struct{ Valid int } }
			Agencies []struct{ Agency string }
		}
		if err := json.Unmarshal([]byte(r.text), &got); err != nil {
			t.Fatalf("%s: %v", period, err)
		}
		if !got.Demo || len(got.Agencies) < 8 || len(got.Units) < 30 {
			t.Errorf("period %s: marked %v, %d agencies, %d units", period, got.Demo, len(got.Agencies), len(got.Units))
		}
		valid := 0
		for _, u := range got.Units {
			valid += u.Responses.Valid
		}
		if valid == 0 {
			t.Errorf("period %s has no answer", period)
		}
		answers += valid
		if p.Open {
			open++
		}
	}
	if len(periods) != 3 || open != 1 {
		t.Errorf("%d periods, %d of them running; want two closed and one running", len(periods), open)
	}
	if answers < 14_000 || answers > 26_000 {
		t.Errorf("%d answers, want some 20,000", answers)
	}
	return answers
}

// checkThreeClicks goes from the symbol on the first page to its form, to the
// unit's result and to the door of the sheet, and enters there as each role,
// meeting the mark everywhere.
func checkThreeClicks(t *testing.T, s *service) {
	t.Helper()
	click := func(page *goquery.Document, selector string) *goquery.Document {
		t.Helper()
		href, ok := page.Find(selector).First().Attr("href")
		if !ok {
			t.Fatalf("there is no %s on %q", selector, page.Find("title").Text())
		}
		next := s.page(href)
		marked(t, href, next)
		return next
	}
	home := s.page("/")
	marked(t, "/", home)
	if home.Find("main a[href^='/s/'] svg").Length() == 0 {
		t.Error("the first page shows no symbol")
	}
	form := click(home, "main a[href^='/s/']:has(svg)")
	result := click(form, "main a[href^='/hasil/']")
	toSheet := s.get(result.Find("main a[href^='/lke']").First().AttrOr("href", "/nowhere"))
	if toSheet.StatusCode != http.StatusSeeOther {
		t.Fatalf("the sheet without a session: %d", toSheet.StatusCode)
	}
	door := s.page(toSheet.Header.Get("Location"))
	marked(t, "the door", door)
	for role, units := range map[string]int{"manager": 3, "evaluator": 30, "admin": 30} {
		sheet := entered(t, s, door.Find("form:has(button[value="+role+"])"), role)
		marked(t, "the sheet of the "+role, sheet)
		if rows := sheet.Find("main table tbody tr").Length(); rows != units {
			t.Errorf("the sheet of the %s has %d rows, want %d", role, rows, units)
		}
	}
	if figures(result) == "" {
		t.Error("the unit has no figure")
	}

	answered := s.postForm(form.Find("form[method=post]").AttrOr("action", ""), filled(form.Find("form[method=post]"), "4"))
	if answered.StatusCode != http.StatusSeeOther {
		t.Fatalf("the form was answered with %d", answered.StatusCode)
	}
	marked(t, "the thank-you page", s.page(answered.Header.Get("Location")))
	marked(t, "the form with faults", parsed(t, s.postForm(form.Find("form[method=post]").AttrOr("action", ""), nil).text))
	marked(t, "the page of an unknown point", parsed(t, s.get("/s/TAKADA22").text))
	marked(t, "the page of an unknown address", parsed(t, s.get("/tak-ada").text))
	marked(t, "the first page in English", s.page("/?lang=en"))
}

// entered sends a role's form and returns the page that it leads to.
func entered(t *testing.T, s *service, form *goquery.Selection, role string) *goquery.Document {
	t.Helper()
	opened, err := patient.Do(testkit.FromDoor(t, s.url+form.AttrOr("action", "/nowhere"), url.Values{"role": {role}, "ke": {form.Find("[name=ke]").AttrOr("value", "")}}))
	if err != nil {
		t.Fatal(err)
	}
	defer opened.Body.Close()
	if opened.StatusCode != http.StatusSeeOther || len(opened.Cookies()) != 1 || opened.Header.Get("Location") == "" {
		t.Fatalf("entering as %s: %d", role, opened.StatusCode)
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.url+opened.Header.Get("Location"), nil)
	if err != nil {
		t.Fatal(err)
	}
	r.AddCookie(opened.Cookies()[0])
	resp, err := patient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	page, err := goquery.NewDocumentFromReader(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return page
}

func marked(t *testing.T, what string, page *goquery.Document) {
	t.Helper()
	if text := strings.ToLower(page.Find(".demo").Text()); !strings.Contains(text, "peragaan") && !strings.Contains(text, "demonstration") {
		t.Errorf("%s does not say that it is a demonstration: %q", what, text)
	}
}
