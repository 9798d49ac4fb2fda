package survey

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// The page about the apply file names all that one may hold, and each of its
// examples can be applied after those before it.
func TestTheDeclarationDocumentTellsTheTruth(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../docs/declaration.md")
	if err != nil {
		t.Fatal(err)
	}
	lib, methods := testLibrary(t)
	city, all := new(Catalogue), ""
	for i, block := range regexp.MustCompile("(?s)```yaml\n(.*?)```").FindAllStringSubmatch(string(text), -1) {
		picture := func(path string) ([]byte, error) { return drawn(t, PNG, 20+len(path), 20), nil }
		a, err := Apply(city, []byte(block[1]), lib, methods, codes(), nil, NewDate(2026, 3, 1), Files(picture))
		if err != nil {
			t.Fatalf("example %d: %v", i+1, err)
		}
		if !a.Changed {
			t.Errorf("example %d changes nothing", i+1)
		}
		city, all = a.Catalogue, all+block[1]
	}
	for _, key := range []string{
		"city", "name", "time_zone", "least", "hours", "mon-thu", "fri", "holiday", "holidays", "date", "colour", "arms", "logo", "notice", "basis", "law", "controller", "address", "contact", "email", "phone", "officer", "retention_months", "agencies", "code", "units", "services", "points", "closed", "remote", "was",
		"periods", "from", "to", "instrument", "methods", "population", "improved", "aspect", "done", "overlaps",
		"instruments", "version", "title", "intro", "questions", "text", "help", "options", "required", "scored", "label", "respondent", "categories", "indexes", "scale", "aspects",
		"earlier", "unit", "index", "period", "value", "n", "mutu", "method", "note", "source", "removed",
	} {
		if !strings.Contains(all, key+":") {
			t.Errorf("no example has %s", key)
		}
	}
	if p := city.Periods[1]; len(p.Instruments) != 2 || len(p.Units) != 1 || city.Agencies[0].Units[0].Services[1].Closed != true || !city.Agencies[1].Units[0].Points[0].Remote || city.Agencies[1].Units[0].Key() != "pkm" {
		t.Errorf("the examples make %+v", city)
	}
}
