package lkebook

import (
	"fmt"
	"testing"

	"persepsi/analytics"
	"persepsi/internal/lke"
	"persepsi/internal/paper"
)

func TestACellIsAsItWasWrittenHoweverAProgramWritesItsNumber(t *testing.T) {
	t.Parallel()
	number := func(text string) paper.Cell { return paper.Cell{Text: text, Kind: paper.Number} }
	text := func(text string) paper.Cell { return paper.Cell{Text: text, Kind: paper.Text} }
	for _, tc := range []struct {
		a, b paper.Cell
		want bool
	}{
		{number("8.75"), number("8.750"), true},
		{number("8.75"), number("8.76"), false},
		{number("8.75"), text("8.750"), false},
		{text("8.750"), number("8.75"), false},
		{text("8.75"), number("8.75"), false},
		{text("A"), text(" A "), true},
		{text("A"), text("B"), false},
		{number("0"), number("?"), false},
		{number("?"), number("0"), false},
		{paper.Cell{}, paper.Cell{}, true},
		{paper.Cell{}, number("0"), false},
	} {
		if got := same(tc.a, tc.b); got != tc.want {
			t.Errorf("%+v and %+v: same = %v", tc.a, tc.b, got)
		}
	}
}

func TestWhatIsNoNumberOfPoints(t *testing.T) {
	t.Parallel()
	table, err := analytics.LoadLKE()
	if err != nil {
		t.Fatal(err)
	}
	r := &reader{table: table, weights: lke.SheetWeights(table)}
	key := lke.SheetKeys(table)[1] // an area
	most := r.weights[key]
	for _, tc := range []struct {
		text, entered, code string
		kind                paper.Kind
	}{
		{"7.5", "7.5", "", paper.Number},
		{"0", "0", "", paper.Number},
		{fmt.Sprint(most), fmt.Sprint(most), "", paper.Number},
		{"0.30000000000000004", "0.3", "", paper.Number},
		{" ", "", "", paper.Text},
		{"7.5", "", "wrong_type", paper.Text},
		{"Inf", "", "wrong_type", paper.Number},
		{"-Inf", "", "wrong_type", paper.Number},
		{"NaN", "", "wrong_type", paper.Number},
		{"1e999", "", "wrong_type", paper.Number},
		{"7,5", "", "wrong_type", paper.Number},
		{"-0.1", "", "out_of_range", paper.Number},
		{"999", "", "out_of_range", paper.Number},
	} {
		text, code, message := r.entered(key, paper.Cell{Text: tc.text, Kind: tc.kind})
		if text != tc.entered || code != tc.code || (message == "") != (code == "") {
			t.Errorf("%q (%s): %q, %s, %s, want %q, %s", tc.text, tc.kind, text, code, message, tc.entered, tc.code)
		}
	}
}
