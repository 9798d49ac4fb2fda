package paper

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"persepsi/survey"
)

// Each example of the page about files is imported as it stands there, and the
// preview that it shows is the one that is told.
func TestTheImportDocumentTellsTheTruth(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../../docs/import.md")
	if err != nil {
		t.Fatal(err)
	}
	examples, previews := 0, 0
	var last string
	for _, block := range regexp.MustCompile("(?s)```(csv|text)([^\n]*)\n(.*?)```").FindAllStringSubmatch(string(page), -1) {
		if block[1] == "text" {
			previews++
			if block[3] != last {
				t.Errorf("the page shows\n%s\nand what is told is\n%s", block[3], last)
			}
			continue
		}
		examples++
		p := cityReader(t)
		p.Assignment.Place = p.Units[0]
		flags := strings.Fields(block[2])
		for i, flag := range flags {
			switch flag {
			case "units":
				p.Assignment.Place = survey.Place{}
			case "--order":
				p.Order = flags[i+1]
			case "--ignore":
				p.Ignore = flags[i+1 : i+2]
			}
		}
		got, err := p.Read("a.csv", []byte(block[3]))
		if err != nil || len(got.Responses) == 0 {
			t.Errorf("%s: %v\n%s", block[2], err, block[3])
			continue
		}
		last = ""
		for _, line := range got.Understood.Lines() {
			last += line.Label + ": " + line.Text + "\n"
		}
	}
	if examples < 7 || previews != 1 {
		t.Errorf("%d examples and %d previews", examples, previews)
	}
}
