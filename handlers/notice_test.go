package handlers_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"persepsi/internal/testkit"
)

const (
	restsOnConsent = "city: {notice: {basis: consent}}"
	reachable      = `
city:
  notice:
    law: {id: Perwali 3/2026, en: Mayor's regulation 3/2026}
    controller: {id: Pemerintah Kota Contoh melalui Bagian Organisasi, en: The city's office of organisation}
    address: Jalan Contoh 1
    contact: {email: pdp@contoh.go.id, phone: 0511-123456}
    officer: Kepala Bidang Persandian
    retention_months: 24
`
)

// said returns the words of a page or a part of it, with single spaces.
func said(s *goquery.Selection) string { return strings.Join(strings.Fields(s.Text()), " ") }

// The law's list (UU 27/2022, article 21): basis, purpose, type and relevance of the
// data, how long they are kept, what is collected, how long it is processed, rights;
// and who is responsible and how they are reached.
func TestTheNoticeTellsAllThatTheLawListsAndItsShortLinesFirst(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	bare := k.Get("/s/KUPARI47").HTML()
	k.Apply(reachable)
	for _, tc := range []struct {
		path  string
		short []string
		all   []string
	}{
		{
			"/s/KUPARI47",
			[]string{"Pemerintah Kota Contoh melalui Bagian Organisasi", "Tanpa nama", "Tidak wajib diisi", "sampai 30 Juni 2028"},
			[]string{
				"Jalan Contoh 1", "pdp@contoh.go.id, 0511-123456", "Pejabat pelindungan data: Kepala Bidang Persandian", "menghitung nilai pelayanan", "Tugas pemerintah", "Perwali 3/2026", "UU 27/2022",
				"jawaban yang Anda pilih", "(jenis kelamin, umur, ", "Disabilitas ditanyakan hanya", "Pesan Anda", "waktu tepat", "nomor acak", "alamat internet", "dari 10 jawaban atau lebih", "tim penilai", "Pesan Anda: juga pegawai kantor ini yang berhak, bila 10 jawaban atau lebih sudah dihitung bersama; nama dan nomor di dalamnya ditutupi", "juga tidak secara otomatis", "memindahkan salinannya", "dilengkapi", "menggugat dan menerima ganti rugi",
				"24 bulan setelah survei ini berakhir, yaitu sampai 30 Juni 2028", "salinan cadangan", "berhak", "dihapus", "mengadu", "diolah sejak dikirim", "tidak dapat dicari dengan nama", "tanda terima", "orang tua", "SP4N-LAPOR!", "Penjelasan nomor 2-",
			},
		},
		{
			"/s/KUPARI47?lang=en",
			[]string{"The city's office of organisation", "No name", "You need not answer", "until 30 June 2028"},
			[]string{"Jalan Contoh 1", "pdp@contoh.go.id, 0511-123456", "Mayor's regulation 3/2026", "Law 27/2022", "24 months", "also staff of this office with access", "are masked", "sue for compensation", "right to", "parent", "SP4N-LAPOR!"},
		},
		{"/privasi", []string{"Bagian Organisasi", "24 bulan setelah survei berakhir"}, []string{"24 bulan setelah surveinya berakhir", "disabilitas", "Bila dibantu petugas atau diisi di kertas", "Perwali 3/2026"}},
		{"/privasi?lang=en", []string{"office of organisation", "24 months"}, []string{"Where an officer helps, or on paper"}},
	} {
		doc := k.Get(tc.path).HTML()
		short, all := said(doc.Find("ul.notice")), said(doc.Find("main dl, main .help"))
		for _, want := range tc.short {
			if !strings.Contains(short, want) {
				t.Errorf("%s: the short lines lack %q: %s", tc.path, want, short)
			}
		}
		for _, want := range tc.all {
			if !strings.Contains(all, want) {
				t.Errorf("%s lacks %q", tc.path, want)
			}
		}
		form := strings.HasPrefix(tc.path, "/s/")
		if folded := doc.Find("details.about:not([open]) dl").Length(); (folded == 1) != form {
			t.Errorf("%s: %d folded explanations", tc.path, folded)
		}
	}
	short, all := said(bare.Find("ul.notice")), said(bare.Find("main dl"))
	for text, want := range map[string]string{
		short: "Yang bertanya: Kota Contoh", short + " ": "tanpa batas waktu",
		all: "belum ditetapkan. Tanyakan di kantor", all + " ": "PermenPANRB 14/2017", all + "  ": "Belum ada batas waktu",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("a city that declares nothing does not say %q: %s", want, text)
		}
	}
}

func TestThePageOfTheNoticeIsForEverybodyAndLinkedButNotOnAKiosk(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	for path, want := range map[string]int{"/": 1, "/hasil/pkm": 1, "/s/KUPARI47": 1, "/privasi": 1, "/masuk": 1, "/s/KUPARI47?mode=kiosk": 0} {
		if n := k.Get(path).HTML().Find("footer a[href='/privasi?lang=id']").Length(); n != want {
			t.Errorf("%s has %d links to the notice, want %d", path, n, want)
		}
	}
	if n := k.Get("/s/KUPARI47?mode=kiosk").HTML().Find("main a").Length(); n != 0 {
		t.Errorf("a kiosk's form has %d links", n)
	}
	if r := testkit.New(t, "").Get("/privasi"); r.StatusCode != http.StatusNotFound {
		t.Errorf("without a city: %d", r.StatusCode)
	}
}

func TestWhereTheBasisIsThePublicTaskNothingIsTakenForConsent(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	for mode, says := range map[string]string{"": "Anda menyatakan sudah membaca", "?mode=assisted": "petugas menyatakan sudah membacakan"} {
		doc := k.Get("/s/KUPARI47" + mode).HTML()
		if text := said(doc.Find("form[method=post]")); doc.Find("input[type=checkbox]").Length() != 0 || !strings.Contains(text, says) || strings.Contains(text, "setuju") {
			t.Errorf("%q: a box, or no word of the notice: %s", mode, text)
		}
		if got := doc.Find("input[name=consent]").AttrOr("value", ""); got != "read" {
			t.Errorf("the hidden field says %q", got)
		}
	}
	v := filled(k.Get("/s/KUPARI47").HTML())
	v.Del("consent")
	if r := k.PostForm("/s/KUPARI47", v); r.StatusCode != http.StatusUnprocessableEntity || len(k.Stored()) != 0 {
		t.Errorf("without a word that it was read: %d", r.StatusCode)
	}
	v.Set("consent", "0")
	if r := k.PostForm("/s/KUPARI47", v); r.StatusCode != http.StatusUnprocessableEntity || len(k.Stored()) != 0 {
		t.Errorf("not read: %d", r.StatusCode)
	}
}

func TestWhereTheBasisIsConsentAnUntickedBoxAsksForIt(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	before := filled(k.Get("/s/KUPARI47").HTML()) // opened while the basis was the public task
	k.Apply(restsOnConsent)
	doc := k.Get("/s/KUPARI47").HTML()
	box := doc.Find("input[name=consent]")
	_, required := box.Attr("required")
	_, checked := box.Attr("checked")
	if box.Length() != 1 || box.AttrOr("type", "") != "checkbox" || box.AttrOr("value", "") != "1" || !required || checked {
		t.Fatalf("%d boxes, required %v, ticked %v", box.Length(), required, checked)
	}
	if label := said(box.Closest("label")); !strings.Contains(label, "Saya sudah membaca") || !strings.Contains(label, "setuju") {
		t.Errorf("the box is labelled %q", label)
	}
	if label := said(k.Get("/s/KUPARI47?mode=assisted").HTML().Find("label:has(#consent)")); !strings.Contains(label, "sudah dibacakan kepada warga") {
		t.Errorf("with an officer the box is labelled %q", label)
	}
	if text := said(doc.Find("main dl")); !strings.Contains(text, "menarik persetujuan") || !strings.Contains(text, "Tanpa centang Anda") || strings.Contains(text, "Tugas pemerintah") {
		t.Errorf("the notice rests on something else: %s", text)
	}

	v := filled(doc)
	v.Set("comment", "jangan hilang")
	refused := func(what, fault string) *goquery.Document {
		t.Helper()
		r := k.PostForm("/s/KUPARI47", v)
		back := r.HTML()
		box := back.Find("input#consent")
		_, checked := box.Attr("checked")
		if r.StatusCode != http.StatusUnprocessableEntity || len(k.Stored()) != 0 || checked {
			t.Fatalf("%s: %d, ticked %v, %d stored", what, r.StatusCode, checked, len(k.Stored()))
		}
		if got := said(back.Find(".agree.bad .fault#e-consent")); !strings.Contains(got, fault) || !strings.Contains(box.AttrOr("aria-describedby", ""), "e-consent") || box.AttrOr("aria-invalid", "") != "true" {
			t.Errorf("%s: the fault at the box is %q", what, got)
		}
		if got := said(back.Find(".alert li a[href='#consent']")); !strings.HasPrefix(got, "Persetujuan: ") {
			t.Errorf("%s: the summary leads to %q", what, got)
		}
		if n := back.Find("input[type=radio][checked]").Length(); n != 17 || back.Find("#comment").Text() != "jangan hilang" {
			t.Errorf("%s: %d answers are kept", what, n)
		}
		return back
	}
	back := refused("unticked", "Beri centang bila Anda setuju")
	if got := said(back.Find("#alert h2")); got != "Ada 1 isian yang perlu dilihat lagi" {
		t.Errorf("the heading: %q", got)
	}
	v.Set("consent", "read")
	refused("a field that was hidden", "Beri centang")
	v.Set("consent", "0")
	refused("a refusal", "Beri centang")

	// What was ticked stays so where something else is wrong.
	v.Set("consent", "1")
	v.Set("answers.prosedur", "")
	if _, checked := k.PostForm("/s/KUPARI47", v).HTML().Find("#consent").Attr("checked"); !checked {
		t.Error("the tick is lost where an answer is missing")
	}
	v.Set("switch", "en")
	if _, checked := k.PostForm("/s/KUPARI47", v).HTML().Find("#consent").Attr("checked"); !checked {
		t.Error("the tick is lost with the language")
	}
	v.Del("switch")
	v.Set("answers.prosedur", "4")
	stale := v.Get("notice")
	k.Apply("city: {notice: {retention_months: 24}}")
	back = refused("another notice than was read", "berubah sejak halaman ini dibuka")
	v.Set("notice", back.Find("input[name=notice]").AttrOr("value", ""))
	if v.Get("notice") == stale {
		t.Error("the form comes back with the notice of before")
	}
	if r := k.PostForm("/s/KUPARI47", v); r.StatusCode != http.StatusSeeOther || len(k.Stored()) != 1 {
		t.Errorf("ticked: %d %s", r.StatusCode, r.Text)
	}

	if r := k.PostForm("/s/KUPARI47", before); r.StatusCode != http.StatusUnprocessableEntity || len(k.Stored()) != 1 || r.HTML().Find(".agree.bad").Length() != 1 {
		t.Errorf("a page that was opened before the box was there: %d", r.StatusCode)
	}
}

func TestTheAPITellsBasisAndNotice(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	type notice struct {
		Version, Basis, Email, Phone, Page string
		Law, Controller, Agree             map[string]string
		Months                             int    `json:"retention_months"`
		Until                              string `json:"kept_until"`
		Lines                              map[string][]string
	}
	read := func() notice {
		var body struct{ Notice notice }
		k.Get("/api/v1/points/KUPARI47").JSON(&body)
		return body.Notice
	}
	first := read()
	if first.Basis != "public_task" || first.Months != 0 || first.Until != "" || first.Agree != nil || first.Controller["en"] != "Kota Contoh" || first.Page != "/privasi" || len(first.Lines["en"]) != 4 {
		t.Errorf("nothing declared: %+v", first)
	}
	send := func(what string, want int, consent bool, version string) {
		t.Helper()
		r := k.PostJSON(responsesPath, k.Response(func(m map[string]any) {
			m["consent"] = consent
			if version != "" {
				m["notice"] = version
			}
		}))
		if r.StatusCode != want {
			t.Errorf("%s: %d %s", what, r.StatusCode, r.Text)
		}
	}
	send("not read", 422, false, first.Version)
	send("any notice", 201, true, "1-00000000")
	k.Apply(reachable)
	k.Apply(restsOnConsent)
	now := read()
	if now.Basis != "consent" || now.Months != 24 || now.Until != "2028-06-30" || now.Version == first.Version || now.Email != "pdp@contoh.go.id" || now.Phone != "0511-123456" ||
		now.Law["id"] != "Perwali 3/2026" || !strings.Contains(now.Agree["en"], "agree") || !strings.Contains(strings.Join(now.Lines["id"], " "), "30 Juni 2028") {
		t.Errorf("declared: %+v", now)
	}
	send("not agreed", 422, false, now.Version)
	send("agreed to something else", 422, true, first.Version)
	send("agreed", 201, true, now.Version)
	send("agreed, which notice isn't told", 201, true, "")
}
