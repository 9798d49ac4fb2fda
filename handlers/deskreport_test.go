package handlers_test

import (
	"archive/zip"
	"bytes"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"persepsi/handlers/web"
	"persepsi/internal/access"
	"persepsi/internal/manuscript"
	"persepsi/internal/testkit"
)

const reportPath = "/meja/unit/dukcapil-loket/laporan?period=2026-s1&jenis=skm&lang=id"

// reportForm returns what the form of a report holds, with some fields otherwise.
func reportForm(page *testkit.Reply, other ...string) url.Values {
	out := url.Values{}
	form := page.HTML().Find("form.writing")
	form.Find("input[name]:not([type=checkbox]), input[checked]").Each(func(_ int, in *goquery.Selection) { out.Add(in.AttrOr("name", ""), in.AttrOr("value", "")) })
	form.Find("textarea[name]").Each(func(_ int, in *goquery.Selection) { out.Set(in.AttrOr("name", ""), in.Text()) })
	form.Find("select[name]").Each(func(_ int, in *goquery.Selection) {
		out.Set(in.AttrOr("name", ""), in.Find("option[selected]").AttrOr("value", ""))
	})
	for i := 0; i+1 < len(other); i += 2 {
		out.Set(other[i], other[i+1])
	}
	return out
}

// wordText returns the texts of a DOCX.
func wordText(t *testing.T, data string) string {
	t.Helper()
	pack, err := zip.NewReader(strings.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	f, err := pack.Open("word/document.xml")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	b, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := goquery.NewDocumentFromReader(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	return doc.Text()
}

func TestAManagerWritesIntoAReportAndFindsItOnThePageAndInItsFiles(t *testing.T) {
	t.Parallel()
	k, _ := months(t)
	manager := k.SignIn(access.Manager, "dukcapil")
	page := visit(k, http.MethodGet, reportPath, manager)
	if page.StatusCode != http.StatusOK || page.Header.Get("Cache-Control") != "no-store" || page.HTML().Find("form.writing").Length() != 1 {
		t.Fatalf("the report: %d, %q", page.StatusCode, page.Header.Get("Cache-Control"))
	}
	if live := page.HTML().Find("[data-live]").Length(); live != 0 {
		t.Error("newer figures would take away what is being typed")
	}
	sent := reportForm(page, "texts.kesimpulan", "Kesimpulan kami.\r\n\r\nDan <terima kasih>.", "texts.tujuan", "Tujuan kami.", "instead.tujuan", "1", "town", "Cendana", "day", "2 Juli 2026",
		"signers.1.office", "Kepala Dinas", "signers.1.name", "Siti Aminah", "signers.1.number", "19700101", "follow_ups.1.aspect", "waktu", "follow_ups.1.found", "Antrean panjang",
		"follow_ups.1.action", "Tambah loket", "follow_ups.1.until", "Maret")
	r := submit(k, reportPath, sent, manager)
	if to := r.Header.Get("Location"); r.StatusCode != http.StatusSeeOther || !strings.HasPrefix(to, "/meja/unit/dukcapil-loket/laporan?") {
		t.Fatalf("saving: %d to %q: %s", r.StatusCode, to, r.Text)
	}
	saved := visit(k, http.MethodGet, r.Header.Get("Location"), manager)
	paper := text(saved.HTML().Find(".paper"))
	if !strings.Contains(text(saved.HTML().Find(".saved")), "Laporan tersimpan.") || !strings.Contains(saved.Text, "Versi 1, disimpan") {
		t.Error("nothing says that it was saved, and by whom")
	}
	word := wordText(t, visit(k, http.MethodGet, strings.Replace(reportPath, "laporan?", "laporan.docx?", 1), manager).Text)
	for _, want := range []string{"Kesimpulan kami.", "Dan <terima kasih>.", "Tujuan kami.", "Cendana, 2 Juli 2026", "Kepala Dinas", "Siti Aminah", "NIP 19700101", "Waktu penyelesaian", "Antrean panjang", "Tambah loket"} {
		if !strings.Contains(paper, want) {
			t.Errorf("the page doesn't show %q", want)
		}
		if !strings.Contains(word, want) {
			t.Errorf("the file for Word doesn't hold %q", want)
		}
	}
	pdf := visit(k, http.MethodGet, strings.Replace(reportPath, "laporan?", "laporan.pdf?", 1), manager)
	if pdf.Header.Get("Content-Type") != "application/pdf" || !strings.HasPrefix(pdf.Text, "%PDF-") || pdf.Header.Get("Content-Disposition") != "attachment; filename=laporan-skm-dukcapil-loket-2026-s1.pdf" {
		t.Errorf("the PDF: %s, %s", pdf.Header.Get("Content-Type"), pdf.Header.Get("Content-Disposition"))
	}
	if got := reportForm(saved).Get("texts.kesimpulan"); strings.ReplaceAll(got, "\r", "") != "Kesimpulan kami.\n\nDan <terima kasih>." {
		t.Errorf("the form holds %q", got)
	}
	if other := visit(k, http.MethodGet, strings.Replace(reportPath, "skm", "zi", 1), manager); strings.Contains(other.Text, "Kesimpulan kami.") {
		t.Error("the other report has the text too")
	}
}

// An earlier version is read on the page, and holds again once it is saved; nothing is lost by
// looking.
func TestAnEarlierVersionOfAReportCanBeReadAndTakenAgain(t *testing.T) {
	t.Parallel()
	k, _ := months(t)
	manager := k.SignIn(access.Manager, "dukcapil")
	for _, said := range []string{"Kesimpulan pertama.", "Kesimpulan kedua."} {
		if r := submit(k, reportPath, reportForm(visit(k, http.MethodGet, reportPath, manager), "texts.kesimpulan", said), manager); r.StatusCode != http.StatusSeeOther {
			t.Fatalf("saving: %d", r.StatusCode)
		}
	}
	newest := visit(k, http.MethodGet, reportPath, manager)
	before := newest.HTML().Find(".files a[href*='versi=1']").AttrOr("href", "")
	first := visit(k, http.MethodGet, before, manager)
	paper := text(first.HTML().Find(".paper"))
	if before == "" || !strings.Contains(paper, "Kesimpulan pertama.") || strings.Contains(paper, "Kesimpulan kedua.") || !strings.Contains(first.Text, "Yang berlaku versi 2") {
		t.Errorf("the version before (%q) is shown as %.300s", before, paper)
	}
	if first.HTML().Find(".files a[href*='versi=']").Length() != 0 {
		t.Error("the first version leads to one before it")
	}
	for _, none := range []string{"0", "3", "-1", "x"} {
		if r := visit(k, http.MethodGet, reportPath+"&versi="+none, manager); r.StatusCode != http.StatusNotFound {
			t.Errorf("version %s: %d, want 404", none, r.StatusCode)
		}
	}
	if got := text(visit(k, http.MethodGet, reportPath, manager).HTML().Find(".paper")); !strings.Contains(got, "Kesimpulan kedua.") {
		t.Error("looking at a version changed which one holds")
	}
	if r := submit(k, reportPath, reportForm(first), manager); r.StatusCode != http.StatusSeeOther {
		t.Fatalf("taking it again: %d", r.StatusCode)
	}
	again := visit(k, http.MethodGet, reportPath, manager)
	if got := text(again.HTML().Find(".paper")); !strings.Contains(got, "Kesimpulan pertama.") || !strings.Contains(again.Text, "Versi 3, disimpan") {
		t.Errorf("after it is saved again the report is %.300s", got)
	}
}

func TestNobodyLosesAReportToSomebodyElse(t *testing.T) {
	t.Parallel()
	k, _ := months(t)
	one, other := k.SignIn(access.Manager, "dukcapil"), k.SignIn(access.Admin)
	page := visit(k, http.MethodGet, reportPath, one)
	if r := submit(k, reportPath, reportForm(visit(k, http.MethodGet, reportPath, other), "town", "Kota lain"), other); r.StatusCode != http.StatusSeeOther {
		t.Fatalf("the first: %d", r.StatusCode)
	}
	r := submit(k, reportPath, reportForm(page, "texts.kesimpulan", "Tulisan saya."), one)
	if r.StatusCode != http.StatusConflict || !strings.Contains(text(r.HTML().Find("[role=alert]")), "baru saja disimpan oleh") {
		t.Fatalf("the second: %d, %q", r.StatusCode, text(r.HTML().Find("[role=alert]")))
	}
	if got := reportForm(r).Get("texts.kesimpulan"); got != "Tulisan saya." {
		t.Errorf("the form holds %q", got)
	}
	if again := submit(k, reportPath, reportForm(r), one); again.StatusCode != http.StatusSeeOther {
		t.Errorf("sent once more: %d", again.StatusCode)
	}
}

func TestAReportWithFaultsComesBackWithAllThatWasTyped(t *testing.T) {
	t.Parallel()
	k, _ := months(t)
	manager := k.SignIn(access.Manager, "dukcapil")
	page := visit(k, http.MethodGet, reportPath, manager)
	long := strings.Repeat("panjang ", 1100)
	r := submit(k, reportPath, reportForm(page, "texts.kesimpulan", long, "follow_ups.2.found", "Tanpa tindakan"), manager)
	if r.StatusCode != http.StatusUnprocessableEntity {
		t.Fatalf("%d: %s", r.StatusCode, r.Text)
	}
	if got := text(r.HTML().Find("[role=alert] li")); !strings.Contains(got, "terlalu panjang") || !strings.Contains(got, "isi apa yang dilakukan") {
		t.Errorf("the faults are %q", got)
	}
	if got := reportForm(r); got.Get("texts.kesimpulan") != strings.TrimSpace(long) || got.Get("follow_ups.1.found") != "Tanpa tindakan" {
		t.Error("what was typed is lost")
	}
	r.HTML().Find("[aria-describedby]").Each(func(_ int, in *goquery.Selection) {
		if id := in.AttrOr("aria-describedby", ""); r.HTML().Find("[id='"+id+"']").Length() != 1 {
			t.Errorf("%s describes a field and is not there once", id)
		}
	})
	if got := reportForm(visit(k, http.MethodGet, reportPath, manager)).Get("version"); got != "0" {
		t.Errorf("version %s is stored", got)
	}
}

// previewed are the words that a preview shows on the paper, but for how the form stands there.
func previewed(page *testkit.Reply) string {
	paper := page.HTML().Find(".paper").Clone()
	paper.Find(".write").Remove()
	return text(paper)
}

func TestAPreviewShowsTheReportWithWhatIsTypedAndStoresNothing(t *testing.T) {
	t.Parallel()
	k, _ := months(t)
	manager := k.SignIn(access.Manager, "dukcapil")
	page := visit(k, http.MethodGet, reportPath, manager)
	before := previewed(page)
	typed := reportForm(page, "texts.kesimpulan", "Kesimpulan <b>kami</b>.\r\n\r\n<script>x</script> Selesai.", "texts.tujuan", "Tujuan kami.", "instead.tujuan", "1", "town", "Cendana",
		"signers.1.name", "Siti Aminah", "follow_ups.1.found", "Antrean", "follow_ups.1.action", "Tambah loket")
	asked := maps.Clone(typed)
	asked.Set("pratinjau", "1")
	r := submit(k, reportPath, asked, manager)
	if r.StatusCode != http.StatusOK || !strings.Contains(text(r.HTML().Find(".preview[role=status]")), "belum ada yang tersimpan") || strings.Contains(text(r.HTML().Find("main")), "disimpan Manager") {
		t.Fatalf("%d, %q", r.StatusCode, text(r.HTML().Find(".preview")))
	}
	shown := previewed(r)
	for _, want := range []string{"Kesimpulan <b>kami</b>.", "<script>x</script> Selesai.", "Tujuan kami.", "Cendana", "Siti Aminah", "Antrean", "Tambah loket"} {
		if !strings.Contains(shown, want) || strings.Contains(before, want) {
			t.Errorf("the preview shows %q: %v, the page before: %v", want, strings.Contains(shown, want), strings.Contains(before, want))
		}
	}
	if r.HTML().Find(".paper script, .paper .note b").Length() != 0 || strings.Contains(r.Text, "<script>x") {
		t.Error("what was typed is part of the page's code")
	}
	if got := reportForm(r); got.Get("texts.kesimpulan") != strings.ReplaceAll(typed.Get("texts.kesimpulan"), "\r", "") || got.Get("instead.tujuan") != "1" || got.Get("follow_ups.1.action") != "Tambah loket" {
		t.Errorf("the form holds %q", got)
	}
	if now := visit(k, http.MethodGet, reportPath, manager); previewed(now) != before || reportForm(now).Get("version") != "0" {
		t.Error("a preview stored something")
	}
	if newest, err := k.Store.Manuscript(t.Context(), manuscript.Place{Period: "2026-s1", Unit: "dukcapil-loket", Kind: "skm"}, 0); err != nil || newest.Version != 0 {
		t.Errorf("version %d is stored, %v", newest.Version, err)
	}
	saved := submit(k, reportPath, reportForm(r), manager)
	if saved.StatusCode != http.StatusSeeOther {
		t.Fatalf("saved after it: %d", saved.StatusCode)
	}
	if got := previewed(visit(k, http.MethodGet, reportPath, manager)); got != shown {
		t.Errorf("what is stored reads otherwise than its preview: %s", firstDifference(got, shown))
	}
}

func TestAPreviewNamesFaultsAndLosesNobodysWork(t *testing.T) {
	t.Parallel()
	k, _ := months(t)
	one, other := k.SignIn(access.Manager, "dukcapil"), k.SignIn(access.Admin)
	page := visit(k, http.MethodGet, reportPath, one)
	faulty := reportForm(page, "pratinjau", "1", "follow_ups.2.found", "Tanpa tindakan")
	if r := submit(k, reportPath, faulty, one); r.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(text(r.HTML().Find("[role=alert] li")), "isi apa yang dilakukan") || reportForm(r).Get("follow_ups.1.found") != "Tanpa tindakan" {
		t.Errorf("with a fault: %d, %q", r.StatusCode, text(r.HTML().Find("[role=alert]")))
	}
	if r := submit(k, reportPath, reportForm(visit(k, http.MethodGet, reportPath, other), "town", "Kota lain"), other); r.StatusCode != http.StatusSeeOther {
		t.Fatalf("somebody else saves meanwhile: %d", r.StatusCode)
	}
	seen := submit(k, reportPath, reportForm(page, "pratinjau", "1", "texts.kesimpulan", "Tulisan saya."), one)
	if r := submit(k, reportPath, reportForm(seen), one); seen.StatusCode != http.StatusOK || r.StatusCode != http.StatusConflict || reportForm(r).Get("texts.kesimpulan") != "Tulisan saya." {
		t.Errorf("a preview (%d) takes what somebody else stored for seen: saving ends with %d", seen.StatusCode, r.StatusCode)
	}
	viewer := k.SignIn(access.Viewer)
	form := reportForm(page, "pratinjau", "1")
	form.Set(web.FormField, tokenOf(visit(k, http.MethodGet, "/lke", viewer)))
	if r := submit(k, reportPath, form, viewer); r.StatusCode != http.StatusForbidden {
		t.Errorf("who may not write has a preview: %d", r.StatusCode)
	}
}

func TestOnlyWhoMayWritesIntoAReport(t *testing.T) {
	t.Parallel()
	k, _ := months(t)
	form := reportForm(visit(k, http.MethodGet, reportPath, k.SignIn(access.Manager, "dukcapil")), "town", "Kota")
	for _, role := range []access.Role{access.Viewer, access.Officer, access.Evaluator} {
		_, who := k.Person(role, "dukcapil")
		page := visit(k, http.MethodGet, reportPath, who)
		if page.StatusCode != http.StatusOK || page.HTML().Find(".paper h2").Length() == 0 || page.HTML().Find("form.writing").Length() != 0 {
			t.Errorf("%s reads: %d, %d forms", role, page.StatusCode, page.HTML().Find("form.writing").Length())
		}
		form.Set(web.FormField, tokenOf(visit(k, http.MethodGet, "/lke", who)))
		if r := submit(k, reportPath, form, who); r.StatusCode != http.StatusForbidden || strings.Contains(r.Text, "token") {
			t.Errorf("%s writes: %d", role, r.StatusCode)
		}
	}
	stranger := k.SignIn(access.Manager, "dinkes")
	for _, path := range []string{reportPath, strings.Replace(reportPath, "laporan?", "laporan.pdf?", 1), strings.Replace(reportPath, "laporan?", "laporan.docx?", 1)} {
		if r := visit(k, http.MethodGet, path, stranger); r.StatusCode != http.StatusNotFound {
			t.Errorf("another agency's manager reads %s: %d", path, r.StatusCode)
		}
	}
	form.Set(web.FormField, tokenOf(visit(k, http.MethodGet, "/lke", stranger)))
	if r := submit(k, reportPath, form, stranger); r.StatusCode != http.StatusNotFound {
		t.Errorf("another agency's manager writes: %d", r.StatusCode)
	}
	for _, path := range []string{strings.Replace(reportPath, "skm", "sakip", 1), strings.Replace(reportPath, "2026-s1", "2031-s1", 1)} {
		if r := visit(k, http.MethodGet, path, k.SignIn(access.Manager, "dukcapil")); r.StatusCode != http.StatusNotFound {
			t.Errorf("%s: %d", path, r.StatusCode)
		}
	}
}

// A running period's report says so, and is of the newest release: no answer after it moves
// anything in it.
func TestAReportOfARunningPeriodSaysSoAndIsOfItsNewestRelease(t *testing.T) {
	t.Parallel()
	k, wait := months(t)
	manager := k.SignIn(access.Manager, "dukcapil")
	before := visit(k, http.MethodGet, strings.Replace(reportPath, "laporan?", "laporan.docx?", 1), manager).Text
	give(t, k, wait, 3, 1)
	k.Refresh()
	page := visit(k, http.MethodGet, reportPath, manager)
	if got := text(page.HTML().Find("main")); !strings.Contains(got, "Sementara. Periode masih berjalan") {
		t.Errorf("nothing says that the figures are not final: %s", got[:800])
	}
	counts := func(s string) []string { return strings.Split(wordText(t, s), "IKM") }
	after := visit(k, http.MethodGet, strings.Replace(reportPath, "laporan?", "laporan.docx?", 1), manager).Text
	if a, b := counts(before), counts(after); len(a) != len(b) || !slices.Equal(a[1:3], b[1:3]) {
		t.Error("unreleased answers moved the report's figures")
	}
}

// A demonstration has no address of its own: the symbol on its reports leads to that of the
// request, as that on its publication sheets does. A city without one has no symbol.
func TestTheSymbolOfADemonstrationsReportLeadsWhereItWasAskedFor(t *testing.T) {
	t.Parallel()
	base, _ := months(t)
	for _, demo := range []bool{true, false} {
		k := base.With(func(d *testkit.Deps) { d.PublicURL = "" })
		k.Register.Directory().City().Demo = demo
		word := visit(k, http.MethodGet, strings.Replace(reportPath, "laporan?", "laporan.docx?", 1), k.SignIn(access.Manager, "dukcapil"))
		if got := strings.Contains(wordText(t, word.Text), "Pindai untuk melihat angka hari ini."); got != demo {
			t.Errorf("a demonstration: %t; its report has a symbol: %t", demo, got)
		}
	}
}
