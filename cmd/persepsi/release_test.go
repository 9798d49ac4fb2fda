package main_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"
)

// A server releases figures while answers come in, and a recount holds them
// against the answers: an answer that somebody changed afterwards is noticed.
func TestWhatIsReleasedIsHeldAgainstTheAnswers(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	today := time.Now()
	kota := city(t, fmt.Sprintf(`
city: {name: Kota Contoh, least: 5}
agencies: [{code: dinas, name: Dinas, units: [{code: loket, name: Loket, services: [{code: umum, name: Umum}]}]}]
periods: [{code: p, name: P, from: %s, to: %s, instrument: skm-9}]`, today.AddDate(0, 0, -60).Format(time.DateOnly), today.AddDate(0, 0, 60).Format(time.DateOnly)))
	rows := "persyaratan,prosedur,waktu,biaya,produk,kompetensi,perilaku,pengaduan,sarana\n" + strings.Repeat("4,3,4,2,3,4,4,3,3\n", 12)
	paper := filepath.Join(t.TempDir(), "kertas.csv")
	if err := os.WriteFile(paper, []byte(rows), 0o600); err != nil {
		t.Fatal(err)
	}
	runOK(t, "apply", "--data", data, kota)
	runOK(t, "import", "--data", data, "--period", "p", "--unit", "loket", paper)
	v := start(t, "--data", data, "--release-every", "0")
	verified := regexp.MustCompile(`(?m)^1 releases verified against their answers$`)
	poll(t, "the figures are released", func() bool {
		code, out, errs := run(t, "recount", "--data", data)
		if code != 0 {
			t.Fatalf("recount: %d %s", code, errs)
		}
		return verified.MatchString(out)
	})
	v.signal(syscall.SIGTERM)
	v.wait()
	if _, out, _ := run(t, "recount", "--data", data, "--period", "p"); !verified.MatchString(out) {
		t.Errorf("after the service: %s", out)
	}

	db := filepath.Join(data, "persepsi.db")
	pages, err := os.ReadFile(db)
	if err != nil {
		t.Fatal(err)
	}
	forged := bytes.ReplaceAll(pages, []byte("434234433"), []byte("434434433"))
	if bytes.Equal(forged, pages) {
		t.Fatal("there is no answer in the file")
	}
	if err := os.WriteFile(db, forged, 0o600); err != nil {
		t.Fatal(err)
	}
	code, _, errs := run(t, "recount", "--data", data)
	if code != 1 || !strings.Contains(errs, "publishes other figures than its answers") {
		t.Errorf("an answer was changed: %d %q", code, errs)
	}
}

func TestTheTimeBetweenReleasesIsBounded(t *testing.T) {
	t.Parallel()
	for _, every := range []string{"-1h", "59s", "745h", "kapan-kapan"} {
		code, _, errs := run(t, "serve", "--data", t.TempDir(), "--addr", "127.0.0.1:0", "--release-every="+every)
		if code == 0 || !strings.Contains(errs, "--release-every") {
			t.Errorf("--release-every %s: %d %q", every, code, errs)
		}
	}
}
