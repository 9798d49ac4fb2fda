package survey

import (
	"strings"
	"testing"
)

// other is pocket under another code, with a question, field and index of its
// own beside those that it shares with pocket.
func other(change ...string) string {
	text := strings.NewReplacer("code: pocket", "code: purse", "code: q\n", "code: p\n", "questions: [q]", "questions: [p]", "code: x\n", "code: y\n").Replace(pocket)
	return strings.NewReplacer(change...).Replace(text)
}

// What instruments share is asked once, so it must be the same in both.
func TestWhatInstrumentsShareIsAskedOnce(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		other string
		fault string
	}{
		"they agree":                 {other(), ""},
		"a scored question in both":  {other("code: p\n", "code: q\n", "questions: [p]", "questions: [q]"), `question code "q" is in more than one instrument`},
		"another text of a signal":   {other("Siapa", "Mengapa"), `question "s" differs between the instruments`},
		"another category":           {other("code: a, label: {id: A,", "code: a, label: {id: B,"), `respondent field "f" differs between the instruments`},
		"an index in both":           {other("code: y\n", "code: x\n"), `index "x" is in more than one instrument`},
		"a field and signal of each": {other("code: s\n", "code: u\n", "code: f\n", "code: g\n"), ""},
	} {
		lib, err := libraryOf(pocket, tc.other)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		f, err := lib.Form("pocket@1", "purse@1")
		if tc.fault != "" {
			if err == nil || !strings.Contains(err.Error(), tc.fault) {
				t.Errorf("%s: error %v, want %q", name, err, tc.fault)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		var got []string
		for i, q := range f.Questions {
			got = append(got, q.Code)
			if at, ok := f.Position(q.Code); !ok || at != i {
				t.Errorf("%s: question %s is at %d, %v; want %d", name, q.Code, at, ok, i)
			}
		}
		for i, field := range f.Fields {
			got = append(got, field.Code)
			if at, ok := f.FieldPosition(field.Code); !ok || at != i {
				t.Errorf("%s: field %s is at %d, %v; want %d", name, field.Code, at, ok, i)
			}
		}
		for _, x := range f.Indexes {
			got = append(got, x.Code)
		}
		want := "q p s f x y" // scored questions first
		if strings.Contains(tc.other, "code: u\n") {
			want = "q p s u f g x y"
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s: the form has %v, want %s", name, got, want)
		}
		if at := f.Index("y").Positions; len(at) != 1 || len(at[0]) != 1 || at[0][0] != 1 {
			t.Errorf("%s: the aspect of the second index is of the questions at %v, want 1", name, at)
		}
	}
}
