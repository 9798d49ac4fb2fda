package storetest

import (
	"image/color"
	"testing"

	"github.com/google/go-cmp/cmp"

	"persepsi/internal/testtools"
	"persepsi/survey"
)

// Picture returns a PNG of one colour.
func Picture(t testing.TB, width, height int, c color.Color) *survey.Picture {
	t.Helper()
	p, err := survey.NewPicture(testtools.PNG(t, width, height, c))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// pictures: a catalogue is read with the pictures that it names, whoever stored them and with
// whichever version.
func pictures(t *testing.T, e Engine) {
	open := e.New(t)
	s, other := handle(t, open), handle(t, open)
	arms, logo := Picture(t, 30, 40, color.Black), Picture(t, 40, 30, color.White)
	again := *logo // as it is read: a value of its own
	c := &survey.Catalogue{
		Version: 1, City: survey.City{Name: "Kota Contoh", Colour: "#7a1f2b", Arms: arms},
		Agencies: []survey.Agency{{Code: "a", Name: "Dinas", Logo: logo}, {Code: "b", Name: "Badan", Logo: &again}, {Code: "c", Name: "Kantor"}},
	}
	read := func(want *survey.Catalogue) {
		t.Helper()
		for _, from := range []Store{s, other} {
			got, err := from.Catalogue(t.Context())
			if diff := cmp.Diff(want, got); err != nil || diff != "" {
				t.Errorf("catalogue (-want +got), err = %v:\n%s", err, diff)
			}
		}
	}
	if err := s.RecordCatalogue(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	read(c)
	next := *c
	next.Version, next.City.Arms, next.Agencies = 2, nil, c.Agencies[:2]
	if err := other.RecordCatalogue(t.Context(), &next); err != nil {
		t.Fatal(err)
	}
	read(&next)
	// What a store never got is lost, and nothing else is; who declares it again brings it.
	third := next
	third.Version = 3
	third.City.Arms = &survey.Picture{Sum: Picture(t, 9, 9, color.Black).Sum, Type: survey.PNG, Width: 9, Height: 9, Size: 1}
	if err := s.RecordCatalogue(t.Context(), &third); err != nil {
		t.Fatal(err)
	}
	read(&third)
	fourth := third
	fourth.Version, fourth.City.Arms = 4, Picture(t, 9, 9, color.Black)
	if err := other.RecordCatalogue(t.Context(), &fourth); err != nil {
		t.Fatal(err)
	}
	read(&fourth)
}
