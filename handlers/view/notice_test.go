package view

import (
	"flag"
	"fmt"
	"slices"
	"strings"
	"testing"

	"persepsi/internal/testtools"
	"persepsi/survey"
)

var update = flag.Bool("update", false, "write the files of what is expected")

// What citizens agreed to can be read later: the words of each edition are kept. Before -update
// raise survey.NoticeEdition.
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
	testtools.Golden(t, *update, file, got)
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
