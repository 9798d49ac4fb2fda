package lkebook_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"

	"persepsi/analytics"
	"persepsi/internal/lke"
	"persepsi/internal/lkebook"
	"persepsi/internal/testtools"
	"persepsi/survey"
)

// drawnEntry is any entry that may be stored.
func drawnEntry(t *rapid.T, table *analytics.LKETable) analytics.Evaluation {
	e := analytics.Evaluation{Version: 1, Achievement: rapid.SampledFrom([]string{"", "A", "B", "C", "D", "E"}).Draw(t, "level")}
	for _, a := range table.Areas {
		if rapid.Bool().Draw(t, "told") {
			if e.Areas == nil {
				e.Areas = map[string]string{}
			}
			e.Areas[a.Code] = fmt.Sprintf("%d.%03d", rapid.IntRange(0, 6).Draw(t, "points"), rapid.IntRange(0, 999).Draw(t, "thousandths"))
		}
	}
	if len(e.Areas) < len(table.Areas) && rapid.Bool().Draw(t, "total") {
		e.Pengungkit = fmt.Sprintf("%d.50", rapid.IntRange(0, 59).Draw(t, "total points"))
	}
	for _, c := range lke.SheetCells(table) {
		if !c.Remark() || !rapid.Bool().Draw(t, "remarked") {
			continue
		}
		text := "0.125"
		if c.Key == lke.RowLevel {
			text = "E"
		}
		if c.Note {
			text = rapid.SampledFrom([]string{"=1+1", "dua\nbaris", "007", "1.50", "' \"<&>"}).Draw(t, "note")
		}
		if e.Remarks == nil {
			e.Remarks = map[string]string{}
		}
		e.Remarks[c.Field] = text
	}
	return e
}

func TestAWorkbookThatNobodyChangedChangesNothing(t *testing.T) {
	t.Parallel()
	table := table(t)
	rapid.Check(t, func(r *rapid.T) {
		s := memoryStore{"u": {drawnEntry(r, table)}}
		book := written(t, s, "u")
		if rapid.Bool().Draw(r, "entered since") {
			later := drawnEntry(r, table)
			later.Version = 2
			s["u"] = append(s["u"], later)
		}
		sheets, err := lkebook.Read(book, table)
		if err != nil {
			r.Fatal(err)
		}
		changes, err := lkebook.Compare(context.Background(), sheets, town{"u"}, s)
		if err != nil || len(changes) != 0 {
			r.Fatalf("it changes %+v (%s)", changes, told(err))
		}
	})
}

func TestWhatLibreOfficeSavesIsReadAsWhatWasEntered(t *testing.T) {
	t.Parallel()
	s := memoryStore{"u": {{
		Period: "p", Unit: "u", Version: 1, Achievement: "B", Areas: map[string]string{"sdm": "7.5", "tatalaksana": "5.125"},
		Remarks: map[string]string{"catatan.II": "=1+1\n\"dua\"", "tpi.pengungkit.sdm": "6.125", "tpn.catatan.I.b": "007"},
	}}}
	dir := t.TempDir()
	same, filled := filepath.Join(dir, "same.xlsx"), filepath.Join(dir, "filled.xlsx")
	book := written(t, s, "u", "v")
	for name, data := range map[string][]byte{same: book, filled: changed(t, book, set("K17", "A", "K10", nil, "K11", 8.75, "N17", "=lihat\nSK", "P10", nil, "S9", 3.5, "U17", "1.50"))} {
		if err := os.WriteFile(name, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var got []string
	for _, f := range testtools.Recalculated(t, same, filled) {
		data, err := os.ReadFile(f.Path)
		if err != nil {
			t.Fatal(err)
		}
		sheets, err := lkebook.Read(data, table(t))
		if err != nil {
			t.Fatal(told(err))
		}
		changes, err := lkebook.Compare(t.Context(), sheets, town{"u", "v"}, s)
		if err != nil {
			t.Fatal(told(err))
		}
		line := ""
		for _, c := range changes {
			for _, d := range c.Differences {
				line += fmt.Sprintf("%s!%s %s %s>%s ", d.Sheet, d.Cell, d.Field, d.Ours, d.Theirs)
			}
		}
		got = append(got, line)
	}
	if want := []string{"", "u!K17 capaian_kinerja B>A u!N17 catatan.I.b >=lihat\nSK u!K11 pengungkit.akuntabilitas >8.75 u!K10 pengungkit.sdm 7.5> u!P10 tpi.pengungkit.sdm 6.125> u!U17 tpn.catatan.I.b 007>1.50 u!S9 tpn.pengungkit.tatalaksana >3.5 "}; got[0] != want[0] || got[1] != want[1] {
		t.Errorf("read as %q, want %q", got, want)
	}
}

func TestAllChangesAreTakenOrNone(t *testing.T) {
	t.Parallel()
	s := memoryStore{}
	entries := &lke.Entries{Store: s, Now: time.Now, Table: table(t), Check: func(e analytics.Evaluation) error {
		var in analytics.LKEInput
		if err := in.Enter(e); err != nil {
			return err
		}
		_, err := table(t).Score(in)
		return err
	}}
	take := func(cells ...any) error {
		t.Helper()
		book := changed(t, changed(t, written(t, s, "u", "v"), set(cells...)), func(f *excelize.File) error { return f.SetCellValue("v", "K17", "C") })
		sheets, err := lkebook.Read(book, table(t))
		if err != nil {
			t.Fatal(told(err))
		}
		changes, err := lkebook.Compare(t.Context(), sheets, town{"u", "v"}, s)
		if err != nil {
			t.Fatal(told(err))
		}
		_, err = lkebook.Take(t.Context(), entries, changes, "Sari", "Sari", "rapat TPI")
		return err
	}
	// A total beside all areas must be their sum: told at its cell, and nothing is stored.
	err := take("K7", 50, "K8", 8, "K9", 7, "K10", 10, "K11", 10, "K12", 15, "K13", 9)
	if got, want := told(err), "invalid; u!K7 out_of_range"; got != want || len(s) != 0 {
		t.Errorf("it says %q and %d units are stored, want %q", got, len(s), want)
	}
	// Another entry that is stored in that moment is told at each cell, with both versions.
	change := func(unit string) lkebook.Change {
		return lkebook.Change{Unit: &survey.Unit{Code: unit}, Draft: lke.Draft{Unit: unit, Version: new(int)}, Differences: []lkebook.Difference{{Sheet: "lembar " + unit, Cell: "K8"}, {Sheet: "lembar " + unit, Cell: "K9"}}}
	}
	_, err = lkebook.Take(t.Context(), entries, []lkebook.Change{change("other"), change("raced")}, "Sari", "Sari", "rapat TPI")
	if got, want := told(err), "conflict; lembar raced!K8 conflict; lembar raced!K9 conflict"; got != want || len(s) != 0 || !strings.Contains(err.Error(), "version 1 of the entry is stored, and version 0 was read") {
		t.Errorf("it says %q and %d units are stored, want %q (%v)", got, len(s), want, err)
	}
	s["late"] = []analytics.Evaluation{{Version: 1}}
	_, err = lkebook.Take(t.Context(), entries, []lkebook.Change{change("other"), change("late")}, "Sari", "Sari", "rapat TPI")
	if got, want := told(err), "conflict; lembar late!K8 conflict; lembar late!K9 conflict"; got != want || len(s) != 1 {
		t.Errorf("of one that was stored before it says %q and %d units are stored, want %q (%v)", got, len(s), want, err)
	}
	delete(s, "late")
	if err := take("K8", 8); err != nil || len(s["u"]) != 1 || len(s["v"]) != 1 || s["u"][0].Areas["manajemen_perubahan"] != "8" || s["v"][0].Achievement != "C" || s["u"][0].Why != "rapat TPI" {
		t.Errorf("%v: stored is %+v", err, s)
	}
}

func TestNotesAndAnswersOfTeamsComeBackAndStandInTheNextWorkbook(t *testing.T) {
	t.Parallel()
	s := memoryStore{}
	entries := &lke.Entries{Store: s, Now: time.Now, Table: table(t), Check: func(analytics.Evaluation) error { return nil }}
	read := func(book []byte) []lkebook.Change {
		t.Helper()
		sheets, err := lkebook.Read(book, table(t))
		if err != nil {
			t.Fatal(told(err))
		}
		changes, err := lkebook.Compare(t.Context(), sheets, town{"u"}, s)
		if err != nil {
			t.Fatal(told(err))
		}
		return changes
	}
	// One that the first shape of the workbook was written in is read too: its open cells were empty.
	old := set("W1", 1, "N8", "SK Tim 12\r\nlampiran", "N16", 2026, "P17", "C", "R17", "IKU turun", "S7", 40.25)
	changes := read(changed(t, written(t, s, "u"), old))
	shown, err := lkebook.Seen(changes)
	if err != nil {
		t.Fatal(err)
	}
	again, err := lkebook.ReadSeen(shown, table(t))
	if err != nil {
		t.Fatal(err)
	}
	if changes, err = lkebook.Compare(t.Context(), again, town{"u"}, s); err != nil {
		t.Fatal(err)
	}
	if _, err := lkebook.Take(t.Context(), entries, changes, "Sari", "Sari", "rapat TPI"); err != nil {
		t.Fatal(told(err))
	}
	want := map[string]string{
		"catatan.pengungkit.manajemen_perubahan": "SK Tim 12\nlampiran", "catatan.I.a": "2026", "tpi.capaian_kinerja": "C", "tpi.catatan.I.b": "IKU turun", "tpn.pengungkit": "40.25",
	}
	e := s["u"][0]
	if diff := cmp.Diff(want, e.Remarks); diff != "" || e.Achievement != "" || e.Pengungkit != "" || e.Areas != nil {
		t.Errorf("stored is %+v (-want +got):\n%s", e, diff)
	}
	next := written(t, s, "u")
	if changes := read(next); len(changes) != 0 {
		t.Errorf("the next workbook changes %+v", changes[0].Differences)
	}
	changes = read(changed(t, next, set("N8", nil, "R17", "IKU naik", "N16", "2026.0")))
	if _, err := lkebook.Take(t.Context(), entries, changes, "Sari", "Sari", "rapat kedua"); err != nil {
		t.Fatal(told(err))
	}
	delete(want, "catatan.pengungkit.manajemen_perubahan")
	want["tpi.catatan.I.b"], want["catatan.I.a"] = "IKU naik", "2026.0" // a text, and no number
	if diff := cmp.Diff(want, s["u"][1].Remarks); diff != "" {
		t.Errorf("after the second (-want +got):\n%s", diff)
	}
	for _, forged := range []string{
		strings.Replace(shown, "IKU turun", strings.Repeat("x", lke.MostNote+1), 1), strings.ReplaceAll(shown, "tpi.catatan.I.b", "tpx.catatan.I.b"), strings.Replace(shown, "40.25", "4e1", 1),
	} {
		if _, err := lkebook.ReadSeen(forged, table(t)); survey.CodeOf(err) != survey.Malformed {
			t.Errorf("%.120s: %v", forged, err)
		}
	}
}
