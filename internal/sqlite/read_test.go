package sqlite

import "testing"

// Who reads many answers by their ids keeps their marks: a block for each would be 16 kB.
func TestMarksTakeAsMuchRoomAsTheyNeed(t *testing.T) {
	t.Parallel()
	for rows, most := range map[int64]int{1: 2 * textPerRow, 100: 101 * textPerRow, 1 << 30: textBlock} {
		if got := roomFor(rows).block.Cap(); got > most+most/4 {
			t.Errorf("%d bytes for %d rows, want %d", got, rows, most)
		}
	}
}
