package handlers_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/xuri/excelize/v2"

	"persepsi/internal/access"
	"persepsi/internal/testkit"
)

func TestNotesAndAnswersOfTeamsAreTakenShownAndWrittenAgain(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	cookie, viewer := k.SignIn(access.Evaluator, ""), k.SignIn(access.Viewer, "")
	const sheet = "/lke/dukcapil-loket?period=2026-s1&lang=id"
	standing := text(visit(k, http.MethodGet, sheet, cookie).HTML().Find(".standing"))
	if visit(k, http.MethodGet, sheet, viewer).HTML().Find(".remarks").Length() != 0 {
		t.Error("remarks are shown where there are none")
	}
	const note = "<b>SK</b> 12.5\n=dua"
	shown := bring(t, k, cookie, filledBook(t, k, cookie, "dukcapil-loket", "N8", note, "dukcapil-loket", "P8", 6.5, "dukcapil-loket", "U15", "Sesuai"))
	var lines []string
	shown.HTML().Find(".differs tbody tr").Each(func(_ int, tr *goquery.Selection) { lines = append(lines, text(tr)) })
	want := []string{
		"Catatan unit, Manajemen perubahan dukcapil-loket!N8 kosong <b>SK</b> 12.5 =dua",
		"Jawaban TPI, Manajemen perubahan dukcapil-loket!P8 kosong 6,5",
		"Catatan TPN, Hasil I dukcapil-loket!U15 kosong Sesuai",
	}
	if got := strings.Join(lines, "\n"); got != strings.Join(want, "\n") {
		t.Errorf("shown is\n%s\nwant\n%s", got, strings.Join(want, "\n"))
	}
	if r := bring(t, k, cookie, nil, "dilihat", seenOn(shown), "why", "berita acara 12"); r.StatusCode != http.StatusSeeOther {
		t.Fatalf("%d: %s", r.StatusCode, alerts(r))
	}
	page := visit(k, http.MethodGet, sheet, viewer)
	remarks := text(page.HTML().Find(".remarks"))
	for _, part := range []string{"Manajemen perubahan Catatan unit <b>SK</b> 12.5 =dua", "TPI Jawaban: 6,5", "Hasil I TPN Sesuai", "Orang evaluator"} {
		if !strings.Contains(remarks, part) {
			t.Errorf("a viewer reads %q without %q", remarks, part)
		}
	}
	if got := text(page.HTML().Find(".entrysteps li").First()); !strings.Contains(got, "Catatan unit, Manajemen perubahan: kosong → <b>SK</b> 12.5 =dua Jawaban TPI, Manajemen perubahan: kosong → 6,5") {
		t.Errorf("the history tells %q", got)
	}
	if got := text(visit(k, http.MethodGet, sheet, cookie).HTML().Find(".standing")); got != standing {
		t.Errorf("it moves figures: %s\nwas: %s", got, standing)
	}
	// The form leaves them as they are.
	form := visit(k, http.MethodGet, sheet, cookie)
	if r := submit(k, sheet, filledIn(form, "capaian_kinerja", "B", "why", "lain"), cookie); r.StatusCode != http.StatusSeeOther {
		t.Fatal(r.StatusCode)
	}
	f, err := excelize.OpenReader(strings.NewReader(visit(k, http.MethodGet, "/lke.xlsx?period=2026-s1", cookie).Text))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for cell, want := range map[string]string{"K17": "B", "N8": note, "P8": "6.50", "U15": "Sesuai"} {
		if got, err := f.GetCellValue("dukcapil-loket", cell); got != want || err != nil {
			t.Errorf("%s of the next workbook is %q, want %q (%v)", cell, got, want, err)
		}
		if formula, _ := f.GetCellFormula("dukcapil-loket", cell); formula != "" {
			t.Errorf("%s runs %q", cell, formula)
		}
	}
}
