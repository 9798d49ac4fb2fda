package export_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"persepsi/internal/evidence"
	"persepsi/internal/lke"
	"persepsi/internal/testtools"
	"persepsi/survey"
)

// shownProofs are evidence of rows, with what somebody might write to do harm.
func shownProofs() []evidence.Entry {
	file := &evidence.File{Name: "=foto.png", Bytes: 5}
	return []evidence.Entry{
		{N: 1, Row: lke.RowLevel, Title: `=HYPERLINK("http://jahat","klik")`, Link: `https://a.go.id/?x="&y=<1>`},
		{N: 2, Row: evidence.Publication, Title: "+cmd|' /C calc'!A0", File: file, Shown: &evidence.PublicationProof{Way: evidence.Online, Day: survey.NewDate(2026, time.May, 2), Where: "@laman"}},
		{N: 3, Row: lke.AreaPrefix + "pelayanan_publik", Title: "Standar pelayanan", Link: "https://b.go.id/"},
		{N: 4, Row: lke.AreaPrefix + "sdm", Title: "Ditarik", Link: "https://ditarik.go.id/", Withdrawn: &evidence.Withdrawal{N: 4}},
		{N: 5, Row: lke.AreaPrefix + "tatalaksana", Title: "Skrip", Link: "javascript://x/alert(1)"},
		{N: 6, Row: lke.AreaPrefix + "akuntabilitas", Title: "-2+3", File: file},
	}
}

// proofsIn are the cells of a sheet that show evidence, by their names: text, then where they lead.
func proofsIn(t *testing.T, f *excelize.File, sheet string, cells ...string) map[string]string {
	t.Helper()
	out := map[string]string{}
	for _, cell := range cells {
		text, err := f.GetCellValue(sheet, cell)
		if err != nil {
			t.Fatal(err)
		}
		if formula, err := f.GetCellFormula(sheet, cell); formula != "" || err != nil {
			t.Errorf("%s runs %q (%v)", cell, formula, err)
		}
		_, to, err := f.GetCellHyperLink(sheet, cell)
		if err != nil {
			t.Fatal(err)
		}
		out[cell] = text + " > " + to
	}
	return out
}

func TestEvidenceIsLinkedInItsRowAndListedBeneath(t *testing.T) {
	t.Parallel()
	u := sheetOf(t, lkeTable(t), 1, "3.7", "3.3", "A", "")
	const base = "https://survei.kota.go.id"
	page := base + "/lke/u1/eviden?period=2026-s1#eviden-"
	list := "lkebook.proofs.file"
	want := map[string]string{
		"O17": `=HYPERLINK("http://jahat","klik") > https://a.go.id/?x="&y=<1>`, "O13": "lkebook.proofs.many[N 2] > 'u1'!G40", "O10": " > ", "O9": "Skrip > 'u1'!G38",
		"O11": "-2+3 > " + page + "6", "G39": "-2+3 > ", "J39": list + " > ", "L39": page + "6 > " + page + "6",
		"G40": "lkebook.proofs.shown[Title +cmd|' /C calc'!A0 Way proof.way.online Where @laman] > ", "L40": page + "2 > " + page + "2", "L38": "javascript://x/alert(1) > ",
		"G42": `=HYPERLINK("http://jahat","klik") > `, "L42": `https://a.go.id/?x="&y=<1> > https://a.go.id/?x="&y=<1>`, "G43": " > ",
	}
	var cells []string
	for cell := range want {
		cells = append(cells, cell)
	}
	proven, bare := provenBook(t, base, map[string][]evidence.Entry{"kunci-u1": shownProofs(), "kunci-lain": shownProofs()}, u), provenBook(t, "", map[string][]evidence.Entry{"kunci-u1": shownProofs()}, u)
	f, err := excelize.OpenFile(proven)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if diff := cmp.Diff(want, proofsIn(t, f, "u1", cells...)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if id, err := f.GetCellStyle("u1", "O17"); err != nil {
		t.Error(err)
	} else if style, err := f.GetStyle(id); err != nil || style.Protection != nil && !style.Protection.Locked {
		t.Errorf("the cell of evidence is open (%v)", err)
	}
	// Without an address a file is named, and its row leads to the list.
	g, err := excelize.OpenFile(bare)
	if err != nil {
		t.Fatal(err)
	}
	defer g.Close()
	if got := proofsIn(t, g, "u1", "O11", "L39"); got["O11"] != "-2+3 > 'u1'!G39" || got["L39"] != "lkebook.proofs.there[Name =foto.png] > " {
		t.Errorf("without an address: %v", got)
	}
	// LibreOffice takes each text as a text, and each link as where it leads.
	saved := testtools.Recalculated(t, proven)[0]
	for cell, line := range want { // it writes an address in its own way, and its fragment apart
		text, to, _ := strings.Cut(line, " > ")
		to, _, _ = strings.Cut(strings.NewReplacer(`"`, "%22", "<", "%3C", ">", "%3E").Replace(to), "#")
		want[cell] = text + " > " + to
	}
	if diff := cmp.Diff(want, proofsIn(t, saved, "u1", cells...)); diff != "" {
		t.Errorf("as LibreOffice saves it (-want +got):\n%s", diff)
	}
}
