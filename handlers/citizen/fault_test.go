package citizen

import (
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
