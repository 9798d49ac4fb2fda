package citizen

import (
	"slices"
	"testing"

	"persepsi/survey"
)

func TestAFormOnAScreenHasTheModesThatAnAnswerMayName(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		asked, want string
		ok          bool
	}{
		{"", "", true},
		{"qr", "", true},
		{"kiosk", "kiosk", true},
		{"assisted", "assisted", true},
		{"paper", "", false},
		{"KIOSK", "", false},
	} {
		if got, err := screenMode(tc.asked); got != tc.want || (err == nil) != tc.ok || tc.ok != (tc.asked == "" || slices.Contains(survey.ScreenModes(), tc.asked)) {
			t.Errorf("%q is %q, err = %v; want %q, %t", tc.asked, got, err, tc.want, tc.ok)
		}
	}
}
