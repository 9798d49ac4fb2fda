package handlers_test

import (
	"bytes"
	"fmt"
	"image"
	"image/jpeg"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"
	"time"

	"persepsi/handlers/web"
	"persepsi/internal/access"
	"persepsi/internal/audit"
	"persepsi/internal/evidence"
	"persepsi/internal/testkit"
)

const proofs = "/lke/pkm/eviden?period=2026-s1&lang=id"

// evidenceForm is a form with evidence; a file is a name and what it holds.
func evidenceForm(t *testing.T, name, data string, fields ...string) (body []byte, kind string) {
	t.Helper()
	var out bytes.Buffer
	w := multipart.NewWriter(&out)
	for i := 0; i+1 < len(fields); i += 2 {
		if err := w.WriteField(fields[i], fields[i+1]); err != nil {
			t.Fatal(err)
		}
	}
	if name != "" {
		part, err := w.CreateFormFile("berkas", name)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = part.Write([]byte(data)) // into memory
	}
	_ = w.Close()
	return out.Bytes(), w.FormDataContentType()
}

func show(t *testing.T, k *testkit.Kit, c *http.Cookie, name, data string, fields ...string) *testkit.Reply {
	t.Helper()
	body, kind := evidenceForm(t, name, data, append(fields, web.FormField, tokenOf(visit(k, http.MethodGet, "/lke", c)))...)
	return postBody(k, proofs, body, kind, c)
}

func takeBack(k *testkit.Kit, c *http.Cookie, n int, reason string) *testkit.Reply {
	form := web.FormField + "=" + tokenOf(visit(k, http.MethodGet, "/lke", c)) + "&reason=" + strings.ReplaceAll(reason, " ", "+")
	return postBody(k, fmt.Sprintf("/lke/pkm/eviden/%d/tarik?period=2026-s1&lang=id", n), []byte(form), "application/x-www-form-urlencoded", c)
}

func photoWith(t *testing.T, secret string) string {
	t.Helper()
	var out bytes.Buffer
	if err := jpeg.Encode(&out, image.NewGray(image.Rect(0, 0, 32, 32)), nil); err != nil {
		t.Fatal(err)
	}
	s := out.String()
	body := "Exif\x00\x00" + secret
	return s[:2] + "\xFF\xE1" + string([]byte{0, byte(len(body) + 2)}) + body + s[2:]
}

const plainPDF = "%PDF-1.7\n<script>alert(1)</script>\n%%EOF\n"

func TestAUnitsEvidenceIsAddedShownHandedOutAndWithdrawn(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	manager, evaluator := k.SignIn(access.Manager, "dinkes"), k.SignIn(access.Evaluator, "")
	viewer := k.SignIn(access.Viewer, "")
	for i, form := range [][]string{
		{"../../Foto <b>papan.jpg", photoWith(t, "1.26 S 116.83 E"), "row", "publication", "title", "Papan <i>lobi</i>", "way", "offline", "day", "2026-01-05", "where", "Lobi"},
		{"", "", "row", "follow_up", "title", "Kursi baru", "link", "https://kota.example/?a=1&b=\"2"},
		{"SK.pdf", plainPDF, "row", "pengungkit.sdm", "title", "SK Tim", "note", "=1+1"},
	} {
		if r := show(t, k, manager, form[0], form[1], form[2:]...); r.StatusCode != 303 || !strings.Contains(r.Header.Get("Location"), fmt.Sprintf("berubah=%d", i+1)) || r.Header.Get("Cache-Control") != "no-store" {
			t.Fatalf("%d: %d %s: %s", i, r.StatusCode, r.Header.Get("Location"), alerts(r))
		}
	}
	for _, c := range []*http.Cookie{manager, evaluator, viewer} {
		page := visit(k, http.MethodGet, proofs, c)
		for _, want := range []string{"Papan &lt;i&gt;lobi&lt;/i&gt;", "Foto _b_papan.jpg", "https://kota.example/?a=1&amp;b=&#34;2", "SK.pdf"} {
			if !strings.Contains(page.Text, want) {
				t.Errorf("the page says nothing of %s", want)
			}
		}
		if forms := page.HTML().Find("form[enctype]").Length(); (forms == 1) != (c != viewer) {
			t.Errorf("%d forms to add", forms)
		}
	}
	for n, kind := range map[int]string{1: "image/jpeg", 3: "application/pdf"} {
		r := visit(k, http.MethodGet, fmt.Sprintf("/lke/pkm/eviden/%d?period=2026-s1", n), viewer)
		if r.StatusCode != 200 || r.Header.Get("Content-Type") != kind || !strings.HasPrefix(r.Header.Get("Content-Disposition"), "attachment") || r.Header.Get("X-Content-Type-Options") != "nosniff" ||
			!strings.Contains(r.Header.Get("Content-Security-Policy"), "sandbox") || strings.Contains(r.Text, "116.83") || r.Header.Get("Cache-Control") != "no-store" || r.Header.Get("Cross-Origin-Resource-Policy") != "same-origin" {
			t.Errorf("file %d: %d %v", n, r.StatusCode, r.Header)
		}
		if n == 3 && r.Text != plainPDF {
			t.Errorf("the file is %q", r.Text)
		}
	}
	// Who withdraws: who added it, and evaluators.
	if r := show(t, k, evaluator, "", "", "row", "I.b", "title", "Catatan TPI", "link", "https://tpi.example"); r.StatusCode != 303 {
		t.Fatal(r.StatusCode)
	}
	for who, want := range map[*http.Cookie]string{manager: "1 2 3", evaluator: "1 2 3 4", viewer: ""} {
		var mine []string
		page := visit(k, http.MethodGet, proofs, who).HTML()
		for n := range 4 {
			if page.Find(fmt.Sprintf(`form[action^="/lke/pkm/eviden/%d/tarik"]`, n+1)).Length() > 0 {
				mine = append(mine, fmt.Sprint(n+1))
			}
		}
		if got := strings.Join(mine, " "); got != want {
			t.Errorf("the page offers to withdraw %q, want %q", got, want)
		}
		for n, row := range map[int]string{1: "publication", 2: "follow_up", 3: "pengungkit.sdm", 4: "I.b"} {
			if page.Find(fmt.Sprintf(`li[id="eviden-%d"]`, n)).Length() != 1 || page.Find(fmt.Sprintf(`section[id="baris-%s"] li[id="eviden-%d"]`, row, n)).Length() != 1 {
				t.Errorf("entry %d stands not once, at its row %s", n, row)
			}
		}
	}
	for _, x := range []struct {
		who    *http.Cookie
		n      int
		reason string
		want   int
	}{{manager, 4, "salah unit", 403}, {viewer, 1, "salah unit", 403}, {manager, 1, "x", 422}, {manager, 9, "salah unit", 404}, {manager, 1, "wajah terlihat", 303}, {evaluator, 3, "salah unit", 303}} {
		if r := takeBack(k, x.who, x.n, x.reason); r.StatusCode != x.want {
			t.Errorf("%d, %s: %d, want %d", x.n, x.reason, r.StatusCode, x.want)
		}
	}
	for who, want := range map[*http.Cookie]int{manager: 404, viewer: 404, evaluator: 200} {
		if r := visit(k, http.MethodGet, "/lke/pkm/eviden/1?period=2026-s1", who); r.StatusCode != want {
			t.Errorf("a withdrawn file: %d, want %d", r.StatusCode, want)
		}
		if links := visit(k, http.MethodGet, proofs, who).HTML().Find("#eviden-1 a[download]").Length(); (links == 1) != (want == 200) {
			t.Errorf("%d links lead to a withdrawn file, which is %d", links, want)
		}
	}
	var told []string
	if err := k.Store.AuditLog(t.Context(), func(e audit.Entry) error {
		if strings.HasSuffix(e.Action, "evidence") {
			told = append(told, e.Action)
		}
		return nil
	}); err != nil || strings.Join(told, " ") != "add_evidence add_evidence add_evidence add_evidence withdraw_evidence withdraw_evidence" {
		t.Errorf("the audit tells of %v, err = %v", told, err)
	}
}

// The file of a withdrawn entry is handed out as long as it is kept, and not until somebody
// came to sweep it away.
func TestAWithdrawnFileIsHandedOutForThirtyDays(t *testing.T) {
	t.Parallel()
	k, wait := timed(t)
	evaluator := k.SignIn(access.Evaluator)
	if r := show(t, k, evaluator, "SK.pdf", plainPDF, "row", "follow_up", "title", "SK Tim"); r.StatusCode != 303 {
		t.Fatal(r.StatusCode)
	}
	if r := takeBack(k, evaluator, 1, "salah unit"); r.StatusCode != 303 {
		t.Fatal(r.StatusCode)
	}
	for _, x := range []struct {
		after time.Duration
		want  int
	}{{0, 200}, {evidence.KeptWithdrawn - time.Minute, 200}, {time.Minute, 404}} {
		wait(x.after)
		evaluator = k.SignIn(access.Evaluator)
		if r := visit(k, http.MethodGet, "/lke/pkm/eviden/1?period=2026-s1", evaluator); r.StatusCode != x.want {
			t.Errorf("after %s more: %d, want %d", x.after, r.StatusCode, x.want)
		}
	}
}

func TestEvidenceOfAnotherAgencyIsNotThereAndAForeignFormIsRefused(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	owner, other := k.SignIn(access.Manager, "dinkes"), k.SignIn(access.Manager, "dukcapil")
	if r := show(t, k, owner, "SK.pdf", plainPDF, "row", "follow_up", "title", "SK Tim"); r.StatusCode != 303 {
		t.Fatal(r.StatusCode)
	}
	for _, path := range []string{proofs, "/lke/pkm/eviden/1?period=2026-s1"} {
		if r := visit(k, http.MethodGet, path, other); r.StatusCode != 404 || strings.Contains(r.Text, "SK Tim") {
			t.Errorf("%s: %d", path, r.StatusCode)
		}
		if r := k.Get(path); r.StatusCode == 200 {
			t.Errorf("%s without signing in: %d", path, r.StatusCode)
		}
	}
	if r := show(t, k, other, "a.pdf", plainPDF, "row", "follow_up", "title", "Masuk"); r.StatusCode != 404 {
		t.Errorf("somebody else added: %d", r.StatusCode)
	}
	if r := takeBack(k, other, 1, "tidak suka"); r.StatusCode != 404 {
		t.Errorf("somebody else withdrew: %d", r.StatusCode)
	}
	body, kind := evidenceForm(t, "a.pdf", plainPDF, "row", "follow_up", "title", "Tanpa token")
	if r := postBody(k, proofs, body, kind, owner); r.StatusCode != 403 {
		t.Errorf("a form without its token: %d", r.StatusCode)
	}
	list, err := evidence.List(t.Context(), k.Store, evidence.Place{Period: "2026-s1", Unit: k.Register.Directory().UnitKey("pkm")})
	if err != nil || len(list) != 1 || !list[0].Holds() {
		t.Errorf("there are %+v, err = %v", list, err)
	}
}

// Who may only look at a unit adds nothing to it and withdraws nothing of it, though they do
// both elsewhere.
func TestWhoAddsEvidenceElsewhereAddsNoneWhereTheyOnlyRead(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	_, c := k.Granted(access.Grant{Role: access.Manager, Scope: access.Agency("dukcapil")}, access.Grant{Role: access.Viewer, Scope: access.City()})
	if r := visit(k, http.MethodGet, proofs, c); r.StatusCode != 200 || r.HTML().Find("form[enctype]").Length() != 0 {
		t.Fatalf("reading: %d", r.StatusCode)
	}
	if r := show(t, k, c, "", "", "row", "follow_up", "title", "Kursi baru", "link", "https://kota.example/kursi"); r.StatusCode != 403 {
		t.Errorf("adding: %d", r.StatusCode)
	}
	if list, err := evidence.List(t.Context(), k.Store, evidence.Place{Period: "2026-s1", Unit: k.Register.Directory().UnitKey("pkm")}); err != nil || len(list) != 0 {
		t.Errorf("there are %+v, err = %v", list, err)
	}
}

func TestAFileThatWouldHurtIsRefusedAtItsFieldAndWhatWasTypedStays(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	c := k.SignIn(access.Manager, "dinkes")
	for name, file := range map[string][2]string{
		"a page":                        {"a.html", "<script>"},
		"a page as a document":          {"a.pdf", "<html>%PDF-1.7 %%EOF"},
		"a program as a photo":          {"a.jpg", "MZ\x90"},
		"a photo as a drawing":          {"a.png", photoWith(t, "")},
		"a document that is no archive": {"a.docx", "PK\x03\x04 x"},
		"nothing":                       {"a.pdf", ""},
	} {
		r := show(t, k, c, file[0], file[1], "row", "pengungkit.sdm", "title", "Surat <tugas>", "note", "catatan saya")
		page := r.HTML()
		if r.StatusCode != 422 || page.Find("#file").AttrOr("aria-invalid", "") != "true" || page.Find("#e-file").Length() != 1 ||
			page.Find("#title").AttrOr("value", "") != "Surat <tugas>" || page.Find("#note").AttrOr("value", "") != "catatan saya" || page.Find("#row option[selected]").AttrOr("value", "") != "pengungkit.sdm" {
			t.Errorf("%s: %d, %s", name, r.StatusCode, alerts(r))
		}
	}
	if r := show(t, k, c, "", "", "row", "publication", "title", "x", "link", "javascript:alert(1)"); r.StatusCode != 422 || r.HTML().Find("#alert li").Length() != 5 {
		t.Errorf("%d: %s", r.StatusCode, alerts(r))
	}
	if list, err := evidence.List(t.Context(), k.Store, evidence.Place{Period: "2026-s1", Unit: k.Register.Directory().UnitKey("pkm")}); err != nil || len(list) != 0 {
		t.Errorf("there are %+v, err = %v", list, err)
	}
}

// Who goes back and sends the form with something else is not told that it was recorded: what
// they typed stays, and sending it once more stores it.
func TestAFormThatIsSentAgainWithSomethingElseStoresItOnTheNextTry(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	c := k.SignIn(access.Manager, "dinkes")
	formOf := func(r *testkit.Reply) string {
		return r.HTML().Find(`form.entries input[name="form"]`).AttrOr("value", "")
	}
	id := formOf(visit(k, http.MethodGet, proofs, c))
	send := func(id, title string) *testkit.Reply {
		return show(t, k, c, "", "", "form", id, "row", "follow_up", "title", title, "link", "https://kota.example/"+strings.ReplaceAll(title, " ", "-"))
	}
	for range 2 {
		if r := send(id, "Kursi baru"); r.StatusCode != 303 || !strings.Contains(r.Header.Get("Location"), "berubah=1") {
			t.Fatalf("the same form: %d %s", r.StatusCode, r.Header.Get("Location"))
		}
	}
	r := send(id, "Meja baru")
	page := r.HTML()
	if next := formOf(r); r.StatusCode != 422 || !strings.Contains(alerts(r), "sudah tersimpan dengan isi lain") || page.Find("#title").AttrOr("value", "") != "Meja baru" || next == id || next == "" ||
		page.Find("#"+strings.TrimPrefix(page.Find("#alert a").AttrOr("href", "#?"), "#")).Length() != 1 {
		t.Fatalf("another one: %d, %q: %s", r.StatusCode, next, alerts(r))
	}
	if r := send(formOf(r), "Meja baru"); r.StatusCode != 303 || !strings.Contains(r.Header.Get("Location"), "berubah=2") {
		t.Errorf("once more: %d %s", r.StatusCode, r.Header.Get("Location"))
	}
}

// In a demonstration, where anybody may enter, nobody's files are kept or handed out: links
// alone are taken, the page says so, and no large body is read.
func TestADemonstrationTakesLinksAlone(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	c := k.SignIn(access.Manager, "dinkes")
	k.Register.Directory().City().Demo = true
	page := visit(k, http.MethodGet, proofs, c).HTML()
	if page.Find("#file").Length() != 0 || !strings.Contains(words(page.Find("form.entries")), "hanya tautan") || page.Find("#link").Length() != 1 {
		t.Errorf("the form asks for a file: %s", words(page.Find("form.entries")))
	}
	if r := show(t, k, c, "SK.pdf", plainPDF, "row", "follow_up", "title", "SK Tim"); r.StatusCode != 422 || !strings.Contains(alerts(r), "hanya tautan") {
		t.Errorf("a file: %d %s", r.StatusCode, alerts(r))
	}
	if r := show(t, k, c, "", "", "row", "follow_up", "title", "SK Tim", "link", "https://kota.example/sk"); r.StatusCode != 303 {
		t.Errorf("a link: %d %s", r.StatusCode, alerts(r))
	}
	token := tokenOf(visit(k, http.MethodGet, "/lke", c))
	addr := listen(t, k)
	body, kind := evidenceForm(t, "a.pdf", "%PDF-1.7\n"+strings.Repeat("x", web.BodyLimit)+"%%EOF\n", "row", "follow_up", "title", "Besar", web.FormField, token)
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://"+addr+proofs, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", kind)
	r.AddCookie(&http.Cookie{Name: c.Name, Value: c.Value})
	got, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	_ = got.Body.Close()
	if got.StatusCode != http.StatusRequestEntityTooLarge {
		t.Errorf("a large body: %d", got.StatusCode)
	}
}
