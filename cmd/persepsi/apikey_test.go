package main

import (
	"testing"
	"time"

	"persepsi/survey"
)

func TestAKeyIsValidToTheEndOfItsLastDayInTheCity(t *testing.T) {
	t.Parallel()
	r, err := loadRules()
	if err != nil {
		t.Fatal(err)
	}
	d, err := survey.NewDirectory(&survey.Catalogue{City: survey.City{TimeZone: "Asia/Jayapura"}}, r.library, r.methods)
	if err != nil {
		t.Fatal(err)
	}
	// In Jayapura, at UTC+9, it is the 3rd already.
	now := time.Date(2026, 3, 2, 15, 30, 0, 0, time.UTC)
	for _, tc := range []struct {
		day  string
		want time.Time // zero: refused
	}{
		{"2026-03-03", time.Date(2026, 3, 3, 15, 0, 0, 0, time.UTC)},
		{"2026-12-31", time.Date(2026, 12, 31, 15, 0, 0, 0, time.UTC)},
		{"2026-03-02", time.Time{}},
		{"2026-02-30", time.Time{}},
		{"2026-3-9", time.Time{}},
	} {
		got, err := lastDay("--expires", tc.day, d, now)
		if !got.Equal(tc.want) || (err != nil) != tc.want.IsZero() {
			t.Errorf("%s: %v, %v, want %v", tc.day, got, err, tc.want)
		}
	}
	if got, err := lastDay("--expires", "", d, now); err != nil || !got.IsZero() {
		t.Errorf("no day: %v, %v, want never", got, err)
	}
}
