package citizen

import (
	"strings"
	"testing"

	"persepsi/survey"
)

func TestAFaultNamesAQuestionByTheWordsThatAreItsOwn(t *testing.T) {
	t.Parallel()
	lib, err := survey.NewLibrary()
	if err != nil {
		t.Fatal(err)
	}
	for id, want := range map[string]map[string][2]string{
		"terpadu-16@2": {
			"pungli":     {"Permintaan uang di luar biaya resmi", "Requests for money beyond the official …"},
			"percaloan":  {"Tawaran dari calo", "Offers from brokers"},
			"kecurangan": {"Pelayanan di luar aturan", "Service outside the rules"},
			"informasi":  {"Informasi pelayanan", "Service information"},
		},
		"terpadu-16@1": {"percaloan": {"Apakah ada calo atau perantara saat …", "Were there brokers or middlemen while …"}},
	} {
		form, err := lib.FormByID(id)
		if err != nil {
			t.Fatal(err)
		}
		for code, names := range want {
			at, _ := form.Position(code)
			for i, lang := range []string{"id", "en"} {
				if got, _ := shortName(form, &form.Questions[at], lang); got != names[i] {
					t.Errorf("%s %s in %s is called %q, want %q", id, code, lang, got, names[i])
				}
			}
		}
	}
	// Of questions that read alike nothing is left out.
	same := &survey.Form{Questions: []survey.Question{
		{Code: "a", Text: survey.Text{"id": "Satu dua tiga empat lima?"}}, {Code: "b", Text: survey.Text{"id": "Satu dua tiga empat lima?"}},
	}}
	if got, _ := shortName(same, &same.Questions[0], "id"); got != "Satu dua tiga empat lima" {
		t.Errorf("called %q", got)
	}
}

// What questions begin with alike is left out from four words on, with what they end with alike.
func TestOwnWordsAreThoseBetweenWhatOthersSayToo(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ one, other, want string }{
		{"Seberapa sering Anda melihat calo di sini?", "Seberapa sering Anda melihat pungutan di sini?", "Calo"},
		{"Seberapa sering Anda melihat calo?", "Seberapa sering Anda mengalami calo?", "Seberapa sering Anda melihat calo"},
		{"Seberapa sering Anda melihat calo", "Seberapa sering Anda melihat", "Calo"},
		{"Seberapa sering Anda melihat", "Seberapa sering Anda melihat calo", "Seberapa sering Anda melihat"},
		{"a b c d e", "a b c d f e", "a b c d e"},
		{"a b c d e d x", "a b c d x", "E d"},
	} {
		f := &survey.Form{Questions: []survey.Question{{Code: "one", Text: survey.Text{"id": tc.one}}, {Code: "other", Text: survey.Text{"id": tc.other}}}}
		if got, _ := shortName(f, &f.Questions[0], "id"); got != tc.want {
			t.Errorf("%q beside %q is called %q, want %q", tc.one, tc.other, got, tc.want)
		}
	}
}

func TestALongTextIsCutBetweenWords(t *testing.T) {
	t.Parallel()
	forty := strings.Repeat("1234 ", 7) + "12é45"
	for text, want := range map[string]string{
		"Apakah ramah?":         "Apakah ramah",
		forty:                   forty,
		forty + " lagi":         strings.TrimSuffix(forty, " 12é45") + " …",
		strings.Repeat("x", 41): strings.Repeat("x", 40) + " …",
	} {
		if got := firstWords(text); got != want {
			t.Errorf("%q is cut to %q, want %q", text, got, want)
		}
	}
}
