package handlers_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"persepsi/internal/testkit"
	"persepsi/survey"
)

// leads lists the addresses that a page of a kiosk leads to, by link, form or
// by itself, if they are anything but its own form and parts of the page.
func leads(doc *goquery.Document, point string) (out []string) {
	doc.Find("[href], [action], [formaction], [src]").Each(func(_ int, s *goquery.Selection) {
		for _, name := range []string{"href", "action", "formaction", "src"} {
			at, ok := s.Attr(name)
			own := strings.HasPrefix(at, "#") || at == "/s/"+point || strings.HasPrefix(at, "/s/"+point+"?mode=kiosk")
			loaded := (s.Is("link") && strings.HasPrefix(at, "data:")) || (s.Is("link, script") && strings.HasPrefix(at, "/assets/"))
			if ok && !own && !loaded {
				out = append(out, at)
			}
		}
	})
	return out
}

func TestNoPageOfAKioskLeadsAwayAndAllReturnByThemselves(t *testing.T) {
	t.Parallel()
	broken := func(d *testkit.Deps) { d.Submit = unable{survey.Internal} }
	busy := func(d *testkit.Deps) { d.Submit = away{} }
	for _, tc := range []struct {
		name, point string
		change      func(*testkit.Deps)
		ask         func(k *testkit.Kit, form url.Values) *testkit.Reply
		status      int
		form        bool // stays until nobody touches it
	}{
		{"the form", "KUPARI47", nil, func(k *testkit.Kit, _ url.Values) *testkit.Reply { return k.Get("/s/KUPARI47?mode=kiosk") }, 200, true},
		{"the form in English", "KUPARI47", nil, func(k *testkit.Kit, _ url.Values) *testkit.Reply { return k.Get("/s/KUPARI47?mode=kiosk&lang=en") }, 200, true},
		{"the form, switched to English", "KUPARI47", nil, func(k *testkit.Kit, form url.Values) *testkit.Reply {
			return k.PostForm("/s/KUPARI47?mode=kiosk&lang=en", with(form, "switch", "en"))
		}, 200, true},
		{"the form with faults", "KUPARI47", nil, func(k *testkit.Kit, form url.Values) *testkit.Reply {
			return k.PostForm("/s/KUPARI47", with(form, "answers.waktu", "9"))
		}, 422, true},
		{"the form that can't be stored now", "KUPARI47", busy, func(k *testkit.Kit, form url.Values) *testkit.Reply { return k.PostForm("/s/KUPARI47", form) }, 503, true},
		{"the thank-you page", "KUPARI47", nil, func(k *testkit.Kit, form url.Values) *testkit.Reply {
			return k.Get(k.PostForm("/s/KUPARI47", form).Header.Get("Location"))
		}, 200, false},
		{"a thank-you page of nothing", "KUPARI47", nil, func(k *testkit.Kit, _ url.Values) *testkit.Reply {
			return k.Get("/s/KUPARI47/terima-kasih?mode=kiosk")
		}, 200, false},
		{"a conflict", "KUPARI47", nil, func(k *testkit.Kit, form url.Values) *testkit.Reply {
			k.PostForm("/s/KUPARI47", form)
			return k.PostForm("/s/KUPARI47", with(form, "answers.waktu", "1"))
		}, 409, false},
		{"a trouble of ours", "KUPARI47", broken, func(k *testkit.Kit, form url.Values) *testkit.Reply { return k.PostForm("/s/KUPARI47", form) }, 500, false},
		{"an unknown point", "NOBODY99", nil, func(k *testkit.Kit, _ url.Values) *testkit.Reply { return k.Get("/s/NOBODY99?mode=kiosk&lang=en") }, 404, false},
		{"an unknown page of a point", "KUPARI47", nil, func(k *testkit.Kit, _ url.Values) *testkit.Reply { return k.Get("/s/kupari47/nowhere?mode=kiosk") }, 404, false},
		{"a closed point", "BEDATO92", nil, func(k *testkit.Kit, _ url.Values) *testkit.Reply { return k.Get("/s/BEDATO92?mode=kiosk") }, 410, false},
		{"a closed point, posted to", "BEDATO92", nil, func(k *testkit.Kit, form url.Values) *testkit.Reply { return k.PostForm("/s/BEDATO92", form) }, 410, false},
		{"nothing is open", "TUTUPA22", nil, func(k *testkit.Kit, _ url.Values) *testkit.Reply { return k.Get("/s/TUTUPA22?mode=kiosk") }, 410, false},
		{"a body that is no form", "KUPARI47", nil, func(k *testkit.Kit, _ url.Values) *testkit.Reply {
			r := httptest.NewRequest(http.MethodPost, "/s/KUPARI47?mode=kiosk", strings.NewReader("{}"))
			r.Header.Set("Content-Type", "application/json")
			return k.Do(r)
		}, 415, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			change := []func(*testkit.Deps){}
			if tc.change != nil {
				change = append(change, tc.change)
			}
			k := testkit.New(t, testkit.City, change...)
			r := tc.ask(k, filled(k.Get("/s/KUPARI47?mode=kiosk").HTML()))
			doc := r.HTML()
			if r.StatusCode != tc.status {
				t.Fatalf("%d %s", r.StatusCode, r.Text)
			}
			if out := leads(doc, tc.point); len(out) > 0 {
				t.Errorf("the page leads to %q", out)
			}
			refresh := doc.Find("meta[http-equiv=refresh]").AttrOr("content", "")
			if tc.form {
				if idle := doc.Find("script[data-idle='90']"); refresh != "" || idle.AttrOr("data-fresh", "") != "/s/KUPARI47?mode=kiosk" {
					t.Errorf("refresh %q, script %v", refresh, idle.Nodes)
				}
				// Without a script a form that was left must not wait for the next person.
				if want := regexp.MustCompile(`<noscript>\s*<meta http-equiv="refresh" content="180; url=/s/KUPARI47\?mode=kiosk">\s*</noscript>`); !want.MatchString(r.Text) {
					t.Errorf("a form that was left stays where there is no script")
				}
				return
			}
			to := "/s/" + tc.point + "?mode=kiosk"
			if refresh != "20; url="+to || !strings.Contains(doc.Find("main").Text(), "20 ") || doc.Find("main a.button").AttrOr("href", "") != to {
				t.Errorf("the page returns by %q, by a button to %q, and says %q", refresh, doc.Find("main a.button").AttrOr("href", ""), doc.Find("main").Text())
			}
		})
	}
}

// unable fails in one way.
type unable struct{ code survey.Code }

// Submit refuses.
func (u unable) Submit(context.Context, *survey.Response) (survey.Outcome, error) {
	return survey.Outcome{}, survey.Errorf(u.code, "it fails")
}

func TestPagesOutsideAKioskStayAndLeadOn(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	for _, path := range []string{"/s/KUPARI47", "/s/KUPARI47?mode=assisted", "/s/KUPARI47/terima-kasih", "/s/NOBODY99", "/hasil/pkm?mode=kiosk", "/nowhere?mode=kiosk"} {
		doc := k.Get(path).HTML()
		if doc.Find("meta[http-equiv=refresh], [data-idle], noscript").Length() > 0 || doc.Find("header a.brand, header .lang, footer a").Length() != 4 {
			t.Errorf("%s is shown as on a kiosk", path)
		}
	}
}

func TestAConflictLeadsToANewFormByALink(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	for _, tc := range []struct{ form, fresh string }{
		{"/s/KUPARI47", "/s/KUPARI47?lang=id"},
		{"/s/KUPARI47?lang=en&mode=assisted&period=2026-s1", "/s/KUPARI47?lang=en&mode=assisted&period=2026-s1"},
	} {
		form := filled(k.Get(tc.form).HTML())
		if r := k.PostForm("/s/KUPARI47", form); r.StatusCode != http.StatusSeeOther {
			t.Fatal(r.StatusCode)
		}
		r := k.PostForm("/s/KUPARI47", with(with(form, "answers.waktu", "1"), "comment", "yang kedua"))
		doc := r.HTML()
		link := doc.Find("main a.button").AttrOr("href", "")
		if r.StatusCode != http.StatusConflict || link != tc.fresh || strings.Contains(r.Text, "yang kedua") {
			t.Errorf("%s: %d, the link leads to %q", tc.form, r.StatusCode, link)
		}
		again := k.Get(link)
		next := filled(again.HTML())
		if again.StatusCode != http.StatusOK || next.Get("id") == form.Get("id") || next.Get("mode") != form.Get("mode") || next.Get("period") != form.Get("period") || next.Get("lang") != form.Get("lang") {
			t.Errorf("%s leads to %v", link, next)
		}
	}
	if n := len(k.Stored()); n != 2 {
		t.Errorf("%d stored", n)
	}
}

// TestAnOldPageSentAgainShowsNothingOfTheAnswers plays the next person at a
// kiosk, whose browser sends the last person's faulty form again.
func TestAnOldPageSentAgainShowsNothingOfTheAnswers(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	form := with(filled(k.Get("/s/KUPARI47?mode=kiosk").HTML()), "comment", "hanya untuk petugas")
	faulty := with(form, "answers.waktu", "")
	if r := k.PostForm("/s/KUPARI47", faulty); r.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(r.Text, "hanya untuk petugas") {
		t.Fatalf("the person's own form: %d", r.StatusCode)
	}
	if r := k.PostForm("/s/KUPARI47", form); r.StatusCode != http.StatusSeeOther {
		t.Fatal(r.StatusCode)
	}
	if r := k.PostForm("/s/KUPARI47", faulty); r.StatusCode != http.StatusConflict || strings.Contains(r.Text, "hanya untuk petugas") || r.HTML().Find("input:checked, [checked]").Length() > 0 {
		t.Errorf("sent again: %d %s", r.StatusCode, r.Text)
	}
}

// The cookie that clears "back" tells nothing: two values, that follow from
// nobody.
func TestTheCookieOfASentFormSaysNothing(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	if c := k.Get("/s/KUPARI47").Cookies(); len(c) > 0 {
		t.Errorf("the form sets %v", c)
	}
	if c := k.Get("/s/KUPARI47?mode=kiosk").Cookies(); len(c) != 1 { // else "back" leads to the thanks before it
		t.Errorf("the form of a kiosk sets %v", c)
	}
	var values []string
	for range 3 {
		form := filled(k.Get("/s/KUPARI47").HTML())
		r := httptest.NewRequest(http.MethodPost, "/s/KUPARI47", strings.NewReader(form.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		if len(values) > 0 {
			r.Header.Set("Cookie", "persepsi_forget="+values[len(values)-1])
		}
		cookies := k.Do(r).Cookies()
		if len(cookies) != 1 || !cookies[0].HttpOnly || cookies[0].SameSite != http.SameSiteLaxMode || cookies[0].Path != "/s/" {
			t.Fatalf("cookies = %v", cookies)
		}
		values = append(values, cookies[0].Value)
	}
	if !slices.Equal(values, []string{"1", "0", "1"}) {
		t.Errorf("values = %q", values)
	}
}
