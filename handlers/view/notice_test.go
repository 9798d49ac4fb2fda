package view

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"persepsi/survey"
)

var update = flag.Bool("update", false, "write the files of what is expected")

// What citizens agreed to can be read later: the words of each edition are kept.
func TestTheWordsOfANoticeChangeOnlyWithItsEdition(t *testing.T) {
	t.Parallel()
	var lines []string
	for _, lang := range survey.Languages() {
		for key, text := range messages(t, lang) {
			for _, part := range []string{"notice.", "form.notice.", "footer.privacy"} {
				if strings.HasPrefix(key, part) {
					lines = append(lines, lang+" "+key+": "+text)
				}
			}
		}
	}
	slices.Sort(lines)
	got, file := strings.Join(lines, "\n")+"\n", fmt.Sprintf("testdata/notice-%d.txt", survey.NoticeEdition)
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("the words differ from those of edition %d: raise survey.NoticeEdition, then -update", survey.NoticeEdition)
	}
}

func TestANoticeNamesWhatIsAskedInTheMiddleOfASentence(t *testing.T) {
	t.Parallel()
	n := &Notice{lang: "id", Fields: []survey.Field{
		{Code: "sex", Text: survey.Text{"id": "Jenis kelamin"}}, {Code: "nik", Text: survey.Text{"id": "KTP dari mana?"}}, {Code: "age", Text: survey.Text{"id": "Umur:"}},
	}}
	if got := n.Told(); got != "jenis kelamin, KTP dari mana, umur" {
		t.Errorf("%q", got)
	}
	if n.AsksDisability() || !(&Notice{Fields: []survey.Field{{Code: "disability"}}}).AsksDisability() {
		t.Error("whether disability is asked is told wrongly")
	}
}
