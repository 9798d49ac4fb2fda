package main

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
)

// TestTheDemonstrationIsACityAndSaysThatItIsNone counts the city from outside
// and looks for the mark on every kind of page.
func TestTheDemonstrationIsACityAndSaysThatItIsNone(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	s := serve(t, "--demo", "--data", data)
	before := checkDemonstration(t, s)
	checkThreeClicks(t, s)
	if code := s.stop(); code != exitDone {
		t.Fatalf("exit code %d: %s", code, s.log)
	}
	// Another start fills nothing again; the one answer of the three clicks is
	// there.
	if after := checkDemonstration(t, serve(t, "--demo", "--data", data)); after != before+1 {
		t.Errorf("%d answers after a restart, want %d", after, before+1)
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
	periods := map[string]bool{}
	s.page("/lke").Find("a[href*='period=']").Each(func(_ int, a *goquery.Selection) {
		_, rest, _ := strings.Cut(a.AttrOr("href", ""), "period=")
		code, _, _ := strings.Cut(rest, "&")
		periods[code] = true
	})
	answers, open := 0, 0
	for period := range periods {
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
		if running(s, period) {
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

// running reports whether a period takes answers, by the unit's own page.
func running(s *service, period string) bool {
	s.t.Helper()
	unit := s.page("/lke").Find("main table tbody a[href^='/hasil/']").First().AttrOr("href", "")
	unit, _, _ = strings.Cut(unit, "?")
	return s.page(unit+"?period="+period).Find("a[href^='/s/']").Length() > 0
}

// checkThreeClicks goes from the symbol on the first page to its form, to the
// unit's result and to the city's sheet, meeting the mark everywhere.
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
	sheet := click(result, "main a[href^='/lke']")
	if rows := sheet.Find("main table tbody tr").Length(); rows < 30 {
		t.Errorf("the sheet has %d rows", rows)
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

func marked(t *testing.T, what string, page *goquery.Document) {
	t.Helper()
	if text := strings.ToLower(page.Find(".demo").Text()); !strings.Contains(text, "peragaan") && !strings.Contains(text, "demonstration") {
		t.Errorf("%s does not say that it is a demonstration: %q", what, text)
	}
}
