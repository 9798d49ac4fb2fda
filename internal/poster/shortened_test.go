package poster

import "testing"

func TestACutNameEndsInWholeLetters(t *testing.T) {
	t.Parallel()
	for _, one := range []struct{ text, want string }{
		{"Loket 1 — Akta", "Loket 1 — A…"}, {"Unit é—à", "Unit…"}, {"é", "…"}, {"", "…"},
	} {
		if got := shortened(one.text); got != one.want {
			t.Errorf("%q is cut to %q, want %q", one.text, got, one.want)
		}
	}
}
