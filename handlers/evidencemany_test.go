package handlers_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"persepsi/handlers/evaluation"
	"persepsi/handlers/web"
	"persepsi/internal/access"
	"persepsi/internal/evidence"
	"persepsi/internal/testkit"
)

// Where the files of the whole city take what they may, a unit is told so at its field.
func TestAUnitIsToldThatTheCityHasNoMoreRoomForFiles(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City, func(d *testkit.Deps) { d.MostEvidence = evidence.MostPiece })
	c := k.SignIn(access.Manager, "dinkes")
	if r := show(t, k, c, "SK.pdf", plainPDF, "row", "follow_up", "title", "SK Tim"); r.StatusCode != 303 {
		t.Fatal(r.StatusCode)
	}
	if r := show(t, k, c, "SK2.pdf", plainPDF+"2\n%%EOF\n", "row", "follow_up", "title", "SK Tim 2"); r.StatusCode != 422 || !strings.Contains(alerts(r), "seluruh kota sudah penuh") || r.HTML().Find("#e-file").Length() != 1 {
		t.Errorf("a file too many: %d %s", r.StatusCode, alerts(r))
	}
}

func TestOfAHundredUploadsAtOnceNoneIsHalfThere(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	c := k.SignIn(access.Manager, "dinkes")
	token := tokenOf(visit(k, http.MethodGet, "/lke", c))
	var all sync.WaitGroup
	var mu sync.Mutex
	stored := 0
	for i := range 100 {
		all.Go(func() {
			data := fmt.Sprintf("%%PDF-1.7\n%d%s\n%%%%EOF\n", i, strings.Repeat("x", 20_000))
			body, kind := evidenceForm(t, "a.pdf", data, "row", "follow_up", "title", fmt.Sprint("Berkas ", i), web.FormField, token)
			r := httptest.NewRequest(http.MethodPost, proofs, bytes.NewReader(body))
			r.Header.Set("Content-Type", kind)
			r.AddCookie(&http.Cookie{Name: c.Name, Value: c.Value})
			got := k.Do(r)
			mu.Lock()
			defer mu.Unlock()
			switch got.StatusCode {
			case 303:
				stored++
			case 422:
			default:
				t.Errorf("%d", got.StatusCode)
			}
		})
	}
	all.Wait()
	list, err := evidence.List(t.Context(), k.Store, evidence.Place{Period: "2026-s1", Unit: k.Register.Directory().UnitKey("pkm")})
	if err != nil || len(list) != evidence.MostFiles || stored != evidence.MostFiles {
		t.Errorf("there are %d, %d were told that they are, err = %v", len(list), stored, err)
	}
}

func TestTheLargestFileArrivesOverTheWireAndAnythingBeyondIsToldByAPage(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	c := k.SignIn(access.Manager, "dinkes")
	token := tokenOf(visit(k, http.MethodGet, "/lke", c))
	addr := listen(t, k)
	ask := func(method, path, kind string, body []byte) (int, string, string) {
		r, err := http.NewRequestWithContext(t.Context(), method, "http://"+addr+path, bytes.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", kind)
		r.AddCookie(&http.Cookie{Name: c.Name, Value: c.Value})
		client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
		got, err := client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer got.Body.Close()
		text, err := io.ReadAll(got.Body)
		if err != nil {
			t.Fatal(err)
		}
		return got.StatusCode, got.Header.Get("Location"), string(text)
	}
	data := "%PDF-1.7\n" + strings.Repeat("x", evidence.MostFile-15) + "%%EOF\n"
	body, kind := evidenceForm(t, "a.pdf", data, "row", "follow_up", "title", "Berkas terbesar", web.FormField, token)
	if status, to, _ := ask(http.MethodPost, proofs, kind, body); status != 303 || !strings.Contains(to, "berubah=1") {
		t.Fatalf("the largest file: %d %s", status, to)
	}
	if status, _, text := ask(http.MethodGet, "/lke/pkm/eviden/1?period=2026-s1", "", nil); status != 200 || text != data {
		t.Errorf("it comes back as %d with %d bytes", status, len(text))
	}
	body, kind = evidenceForm(t, "a.pdf", "%PDF-1.7\n"+strings.Repeat("y", evidence.MostFile-14)+"%%EOF\n", "row", "follow_up", "title", "Satu bita lebih", web.FormField, token)
	if status, _, text := ask(http.MethodPost, proofs, kind, body); status != 422 || !strings.Contains(text, "Berkasnya lebih besar dari 8 MB") {
		t.Errorf("a byte more: %d", status)
	}
	body, kind = evidenceForm(t, "a.pdf", strings.Repeat("y", evaluation.EvidenceLimit), "row", "follow_up", web.FormField, token)
	if status, _, text := ask(http.MethodPost, proofs, kind, body); status != 413 || !strings.Contains(text, "lebih besar dari 8 MB") {
		t.Errorf("a body beyond the limit: %d %.200s", status, text)
	}
}
