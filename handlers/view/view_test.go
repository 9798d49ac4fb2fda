package view

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

func messages(t *testing.T, lang string) map[string]string {
	t.Helper()
	data, err := files.ReadFile("messages/" + lang + ".yaml")
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	if err := yaml.Unmarshal(data, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

var placeholder = regexp.MustCompile(`\{\{\.\w+\}\}`)

func TestBothLanguagesSayTheSameThings(t *testing.T) {
	t.Parallel()
	id, en := messages(t, "id"), messages(t, "en")
	for key, text := range id {
		other, ok := en[key]
		if !ok || other == "" {
			t.Errorf("%s is not said in English", key)
			continue
		}
		a, b := placeholder.FindAllString(text, -1), placeholder.FindAllString(other, -1)
		slices.Sort(a)
		slices.Sort(b)
		if !slices.Equal(a, b) {
			t.Errorf("%s: %v in Indonesian, %v in English", key, a, b)
		}
	}
	for key := range en {
		if id[key] == "" {
			t.Errorf("%s is not said in Indonesian", key)
		}
	}
}

func TestNumbersAndDatesAreWrittenAsTheLanguageDoes(t *testing.T) {
	t.Parallel()
	p, err := New()
	if err != nil {
		t.Fatal(err)
	}
	id, en := p.speakers["id"], p.speakers["en"]
	n := 1500
	if got := id.shown("91.48") + id.whole(21920) + id.whole(&n) + id.fixed(2, 3.5); got != "91,4821.9201.5003,50" {
		t.Errorf("Indonesian: %s", got)
	}
	if got := en.shown("91.48") + en.whole(21920) + en.fixed(2, 3.5); got != "91.4821,9203.50" {
		t.Errorf("English: %s", got)
	}
}

func TestTheLanguageSwitchStaysOnTheSite(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]string{"/hasil/a": "/hasil/a?lang=en", "//evil.example/": "/evil.example/?lang=en", "": "/?lang=en"} {
		if got := (&Frame{Lang: "id", Path: path}).Other(); got != want {
			t.Errorf("%q: %s, want %s", path, got, want)
		}
	}
}

// Such a form could be filled in and never sent.
func TestAFormOfPeopleWhoSignInIsNotDrawnWithoutItsToken(t *testing.T) {
	t.Parallel()
	pages, err := New()
	if err != nil {
		t.Fatal(err)
	}
	for token, fails := range map[string]bool{"": true, "abc": false} {
		text, err := pages.Render("lke", &LKE{Frame: Frame{FormToken: token, Me: &Me{Name: "Siti"}}, In: Reader{Role: "viewer"}})
		if (err != nil) != fails || !fails && !strings.Contains(string(text), `name="_csrf" value="abc"`) {
			t.Errorf("with the token %q: err = %v", token, err)
		}
	}
}
