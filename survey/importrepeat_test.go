package survey

import (
	"fmt"
	"testing"
)

func TestAnImportIsGoneOnWithTakenOnceMoreOrRefusedForThoseBeforeIt(t *testing.T) {
	t.Parallel()
	of := func(serial int, state, file string, digests ...string) *Import {
		i := &Import{Serial: serial, Period: "2026-s1", File: file, Key: "key" + file, Done: state != "broken off"}
		if state == "undone" {
			i.Undone = &Undo{}
		}
		for n, d := range digests {
			i.Units = append(i.Units, ImportedUnit{Unit: string(rune('a' + n)), Rows: 3, Digest: d})
		}
		return i
	}
	undoneWhileBroken := of(1, "broken off", "f", "11", "22")
	undoneWhileBroken.Undone = &Undo{}
	elsewhere := of(1, "done", "f", "11", "22")
	elsewhere.Period = "2026-s2"
	for _, tc := range []struct {
		name    string
		again   bool
		earlier []*Import
		serial  int    // that it gets
		before  int    // how many brought the same
		refused string // serials and units
	}{
		{"none before", false, nil, 0, 0, "[]"},
		{"other rows", false, []*Import{of(1, "done", "f", "33", "44")}, 0, 0, "[]"},
		{"another period", false, []*Import{elsewhere}, 0, 0, "[]"},
		{"the same rows", false, []*Import{of(1, "done", "f", "11", "22")}, 0, 1, "[1a]"},
		{"of another unit", false, []*Import{of(1, "done", "f", "22", "11")}, 0, 0, "[]"},
		{"of the second unit alone, in another file", false, []*Import{of(1, "done", "g", "33", "22")}, 0, 1, "[1b]"},
		{"twice", false, []*Import{of(1, "done", "f", "11", "22"), of(2, "done", "f", "11", "22")}, 0, 2, "[1a 2a]"},
		{"again", true, []*Import{of(1, "done", "f", "11", "22"), of(2, "done", "f", "11", "22")}, 0, 2, "[]"},
		{"of one that was undone", false, []*Import{of(1, "undone", "f", "11", "22")}, 0, 1, "[]"},
		{"of one that was undone and one that was not", false, []*Import{of(1, "undone", "f", "11", "22"), of(2, "done", "f", "11", "22")}, 0, 2, "[2a]"},
		{"broken off", false, []*Import{of(3, "broken off", "f", "11", "22")}, 3, 0, "[]"},
		{"broken off, and then not looked at more", false, []*Import{of(3, "broken off", "f", "11", "22"), of(4, "done", "f", "11", "22")}, 3, 0, "[]"},
		{"broken off with another file", false, []*Import{of(3, "broken off", "g", "11", "22")}, 0, 1, "[3a]"},
		{"broken off with some of the units, even again", true, []*Import{of(3, "broken off", "f", "11")}, 0, 1, "[3a]"},
		{"undone while it was broken off", false, []*Import{undoneWhileBroken}, 0, 1, "[]"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			now := of(0, "broken off", "f", "11", "22")
			now.Key = "fresh"
			r := Repetition{Again: tc.again}
			for _, old := range tc.earlier {
				r.Compare(now, old)
			}
			refused := []string{}
			for _, one := range r.Refused {
				refused = append(refused, fmt.Sprintf("%d%s", one.Serial, one.Of))
			}
			if now.Serial != tc.serial || r.Before != tc.before || fmt.Sprint(refused) != tc.refused {
				t.Errorf("serial %d, %d before, refused for %s", now.Serial, r.Before, refused)
			}
			if key := map[bool]string{true: "fresh", false: "keyf"}[tc.serial == 0]; now.Key != key {
				t.Errorf("its key is %s, want %s", now.Key, key)
			}
		})
	}
}
