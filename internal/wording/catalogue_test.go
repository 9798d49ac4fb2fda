package wording

import (
	"regexp"
	"slices"
	"testing"

	"go.yaml.in/yaml/v3"
)

func speaker(t *testing.T, lang string) *Speaker {
	t.Helper()
	c, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	return c.In(lang)
}

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
	id, en := speaker(t, "id"), speaker(t, "en")
	n := 1500
	if got := id.Shown("91.48") + id.Whole(21920) + id.Whole(&n) + id.Fixed(2, 3.5); got != "91,4821.9201.5003,50" {
		t.Errorf("Indonesian: %s", got)
	}
	if got := en.Shown("91.48") + en.Whole(21920) + en.Fixed(2, 3.5); got != "91.4821,9203.50" {
		t.Errorf("English: %s", got)
	}
}
