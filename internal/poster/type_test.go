package poster_test

import (
	"math"
	"testing"

	"persepsi/internal/poster"
	"persepsi/internal/testtools"
)

// The capital B of DejaVu Sans is 0.729 of its size high: 47 points are 12.1 mm.
func TestTheQuestionOfAPosterHas47Points(t *testing.T) {
	t.Parallel()
	img := testtools.PDFPages(t, fittedText(t, order(t, city(t, 1, false), poster.A4)), 150, "-f", "1", "-l", "1")[0]
	const left, wide = 17.0, 6.0 // within the B of "Bagaimana", which is above the p of "pelayanan"
	_, top, _, bottom := dark(img, left+1, 30, left+wide, 50, 150)
	if got := (bottom - top) / 0.729 / 25.4 * 72; math.Abs(got-47) > 1.5 {
		t.Errorf("its letters have %.1f points (from %.1f to %.1f mm)", got, top, bottom)
	}
}
