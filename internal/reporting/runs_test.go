package reporting

import (
	"slices"
	"testing"

	"persepsi/internal/document"
)

func TestWhatStandsBetweenStarsIsBold(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]document.Run{
		"": nil, "mutu": {{Text: "mutu"}}, "**A** itu": {{Text: "A", Bold: true}, {Text: " itu"}},
		"mutu **A** dan **B**": {{Text: "mutu "}, {Text: "A", Bold: true}, {Text: " dan "}, {Text: "B", Bold: true}},
	} {
		if got := runs(text); !slices.Equal(got, want) {
			t.Errorf("%q: %+v, want %+v", text, got, want)
		}
	}
}
