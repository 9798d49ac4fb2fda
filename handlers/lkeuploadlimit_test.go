package handlers_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"

	"persepsi/handlers/evaluation"
	"persepsi/handlers/web"
	"persepsi/internal/access"
	"persepsi/internal/testkit"
)

// mostReadCost is what an upload may allocate in all, beside a few times its own size. A
// bomb of hundreds of megabytes must not come near what it unpacks to.
const mostReadCost = 32 << 20

// bombed is a workbook with a sheet of a size in its place.
func bombed(t *testing.T, book []byte, name string, size int) []byte {
	t.Helper()
	in, err := zip.NewReader(bytes.NewReader(book), int64(len(book)))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, f := range in.File {
		if f.Name != name {
			if err := w.Copy(f); err != nil {
				t.Fatal(err)
			}
		}
	}
	to, err := w.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	_, _ = to.Write([]byte(`<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>`)) // into memory
	chunk := bytes.Repeat([]byte(" "), 1<<20)
	for range size >> 20 {
		_, _ = to.Write(chunk) // into memory
	}
	_, _ = to.Write([]byte(`</sheetData></worksheet>`)) // into memory
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// TestAnUploadThatWouldHurtIsRefusedWithAPageAndBoundedMemory is not parallel: it reads what
// the whole process allocates.
func TestAnUploadThatWouldHurtIsRefusedWithAPageAndBoundedMemory(t *testing.T) {
	k := testkit.New(t, testkit.City)
	cookie := k.SignIn(access.Evaluator, "")
	book := filledBook(t, k, cookie)
	for _, tc := range []struct {
		name string
		file []byte
		want int
		says string
	}{
		{"no file", nil, 422, "Pilih berkasnya dulu"},
		{"an empty file", []byte{}, 422, "Pilih berkasnya dulu"},
		{"no workbook", []byte("satker,ipak\n"), 422, "Tidak dapat dibaca sebagai Excel"},
		{"no workbook of 3 MB", bytes.Repeat([]byte("x"), 3<<20), 422, "Tidak dapat dibaca sebagai Excel"},
		{"half a workbook", book[:len(book)/2], 422, "Tidak dapat dibaca sebagai Excel"},
		{"a zip bomb", bombed(t, book, "xl/worksheets/sheet2.xml", 300<<20), 413, "Terlalu besar"},
	} {
		body, kind := uploadForm(t, tc.file, web.FormField, tokenOf(visit(k, http.MethodGet, "/lke", cookie)))
		var r *testkit.Reply
		cost := allocated(func() { r = postBody(k, upload, body, kind, cookie) })
		if r.StatusCode != tc.want || !strings.Contains(r.Text, tc.says) || !strings.HasPrefix(r.Header.Get("Content-Type"), "text/html") {
			t.Errorf("%s: %d, want %d with %q: %.300s", tc.name, r.StatusCode, tc.want, tc.says, text(r.HTML().Find("main")))
		}
		if most := uint64(mostReadCost + 8*len(body)); cost > most {
			t.Errorf("%s of %d bytes: %d bytes allocated", tc.name, len(body), cost)
		}
	}
}

// A file takes memory for the whole body: a form of many files would take it as many times.
func TestAFormOfTwoFilesIsRefusedBeforeTheSecondTakesMemory(t *testing.T) {
	k := testkit.New(t, testkit.City)
	cookie := k.SignIn(access.Evaluator, "")
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	if err := w.WriteField(web.FormField, tokenOf(visit(k, http.MethodGet, "/lke", cookie))); err != nil {
		t.Fatal(err)
	}
	for i := range 12 {
		part, err := w.CreateFormFile("berkas", "lke.xlsx")
		if err != nil {
			t.Fatal(err)
		}
		_, _ = part.Write(bytes.Repeat([]byte("x"), 3<<20/(1+i*1000))) // into memory
	}
	_ = w.Close()
	var r *testkit.Reply
	cost := allocated(func() { r = postBody(k, upload, body.Bytes(), w.FormDataContentType(), cookie) })
	if r.StatusCode != http.StatusBadRequest {
		t.Errorf("%d, want %d: %.200s", r.StatusCode, http.StatusBadRequest, r.Text)
	}
	if most := uint64(mostReadCost + 8*body.Len()); cost > most {
		t.Errorf("%d bytes: %d bytes allocated, %d at the most", body.Len(), cost, most)
	}
}

func TestAnUploadBeyondTheLimitIsToldByAPage(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	cookie := k.SignIn(access.Evaluator, "")
	body, kind := uploadForm(t, bytes.Repeat([]byte("x"), evaluation.UploadLimit))
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://"+listen(t, k)+upload, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", kind)
	r.AddCookie(&http.Cookie{Name: cookie.Name, Value: cookie.Value})
	got, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer got.Body.Close()
	page, err := io.ReadAll(got.Body)
	if err != nil || got.StatusCode != http.StatusRequestEntityTooLarge || !strings.Contains(string(page), "lebih besar dari 4 MB") {
		t.Errorf("%d (%v): %.300s", got.StatusCode, err, page)
	}
}

func TestOnlyTheUploadOfWhoMayTakesMoreThanOtherAddresses(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	addr := listen(t, k)
	evaluator, viewer := k.SignIn(access.Evaluator, "").Value, k.SignIn(access.Viewer, "").Value
	manager := k.SignIn(access.Manager, "dinkes").Value
	body, kind := uploadForm(t, bytes.Repeat([]byte("x"), 100<<10), web.FormField, "x")
	send := func(path, cookie string, chunked bool) int {
		head := "POST " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\nCookie: " + sessionCookie + "=" + cookie + "\r\nContent-Type: " + kind + "\r\n"
		if chunked {
			return sendRaw(t, addr, fmt.Appendf(nil, "%sTransfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n", head, len(body), body))
		}
		return sendRaw(t, addr, fmt.Appendf(nil, "%sContent-Length: %d\r\n\r\n%s", head, len(body), body))
	}
	for _, tc := range []struct {
		name, path, cookie string
		chunked            bool
		want               int
	}{
		{"an evaluator", upload, evaluator, false, 403}, // it is read, and its token is wrong
		{"an evaluator again", upload, evaluator, false, 403},
		{"an evaluator in chunks", upload, evaluator, true, 413},
		{"a viewer", upload, viewer, false, 413},
		{"nobody", upload, "", false, 413},
		{"a session that isn't there", upload, strings.Repeat("A", len(evaluator)), false, 413},
		{"an evaluator elsewhere", "/lke/dukcapil-loket", evaluator, false, 413},
		{"an evaluator at the door", "/masuk", evaluator, false, 413},
		{"an evaluator at the API", "/api/v1/zi/indicators", evaluator, false, 413},
		{"an evaluator below", "/lke/unggah/x", evaluator, false, 413},
		{"an evaluator with evidence", "/lke/pkm/eviden", evaluator, false, 403},
		{"a manager with evidence", "/lke/pkm/eviden", manager, false, 403},
		{"a manager with a workbook", upload, manager, false, 413},
		{"a viewer with evidence", "/lke/pkm/eviden", viewer, false, 413},
		{"a manager below evidence", "/lke/pkm/eviden/1/tarik", manager, false, 413},
		{"a manager with evidence of no unit", "/lke//eviden", manager, false, 413},
	} {
		if got := send(tc.path, tc.cookie, tc.chunked); got != tc.want {
			t.Errorf("%s: %d, want %d", tc.name, got, tc.want)
		}
	}
	small, smallKind := uploadForm(t, []byte("x"), web.FormField, "x")
	for _, path := range []string{"/lke/dukcapil-loket", "/masuk", "/lke/unggah/", "/LKE/unggah"} {
		if r := postBody(k, path, small, smallKind, k.SignIn(access.Evaluator, "")); r.StatusCode != http.StatusUnsupportedMediaType {
			t.Errorf("a file to %s: %d", path, r.StatusCode)
		}
	}
}
