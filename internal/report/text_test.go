package report

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestTheTextIsTheResults compares the text that is kept with the one that is
// written from the values: once when it is made, once as it is kept, and after
// another answer.
func TestTheTextIsTheResults(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "skm-9", "{}")
	for _, rows := range [][]string{officeRows(), {"444444443-"}} {
		w.answer(t, "u1", rows...)
		for _, scope := range []Scope{{}, {Public: true}, {Agency: "a"}, {Unit: "u1"}, {Unit: "u1", Explain: true}, {}, {Unit: "u1", Explain: true}} {
			results := w.results(t, scope)
			want, err := results.AppendJSON(nil)
			if err != nil {
				t.Fatal(err)
			}
			scope.Period = results.Period
			text, err := w.reporter.Text(w.directory, w.board, scope)
			if err != nil {
				t.Fatal(err)
			}
			got, cut := string(text.Head)+string(text.Whole), ""
			for _, p := range text.Pieces {
				cut += string(p.Text)
			}
			if cut != string(text.Whole) {
				t.Errorf("%+v: the pieces are not the whole", scope)
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Errorf("%+v (-values +text):\n%s", scope, diff)
			}
		}
	}
}
