package poster_test

import (
	"bytes"
	"errors"
	"regexp"
	"slices"
	"strings"
	"testing"

	"persepsi/internal/poster"
	"persepsi/internal/sheet"
)

// The list of a file's places leads to the first sheet of each office and unit, and to each
// point.
func TestBookmarksNameEachOfficeUnitAndPointOnce(t *testing.T) {
	t.Parallel()
	data := fittedText(t, order(t, city(t, 3, false), poster.A6))
	var pages []string
	var of []int // bookmarks of each sheet
	for _, m := range regexp.MustCompile(`/Dest \[(\d+) 0 R`).FindAllSubmatch(data, -1) {
		if n := len(pages); n == 0 || pages[n-1] != string(m[1]) {
			pages, of = append(pages, string(m[1])), append(of, 0)
		}
		of[len(of)-1]++
	}
	if want := []int{3, 1, 2, 1, 3, 1, 2, 1, 3, 1, 2, 1}; !slices.Equal(of, want) {
		t.Errorf("%v bookmarks on the sheets, want %v", of, want)
	}
	if !bytes.Equal(data, fittedText(t, order(t, city(t, 3, false), poster.A6))) {
		t.Error("two files of one day differ")
	}
}

func TestAnAddressThatNoSymbolHoldsIsAFault(t *testing.T) {
	t.Parallel()
	for _, size := range poster.Sizes() {
		o := order(t, city(t, 1, false), size)
		o.Address += "/" + strings.Repeat("x", 2000)
		if err := poster.Write(&bytes.Buffer{}, o); err == nil || !strings.Contains(err.Error(), "NU000X00") {
			t.Errorf("%s: error %v names no point", size, err)
		}
	}
}

func TestResultsThatCannotBeReadAreAFault(t *testing.T) {
	t.Parallel()
	o := order(t, city(t, 1, false), poster.Tent)
	away := errors.New("the store is away")
	o.Results = func(string) (*sheet.Input, error) { return nil, away }
	if err := poster.Write(&bytes.Buffer{}, o); !errors.Is(err, away) || !strings.Contains(err.Error(), "NU000X00") {
		t.Errorf("error %v", err)
	}
}
