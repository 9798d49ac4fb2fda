package view

import (
	"strings"
	"testing"
)

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
