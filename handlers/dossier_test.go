package handlers_test

import (
	"archive/zip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"persepsi/internal/access"
	"persepsi/internal/audit"
	"persepsi/internal/dossier"
	"persepsi/internal/testkit"
)

const dossierPath = "/meja/unit/dukcapil-loket/paket-bukti.zip?period=2026-s1&lang=id"

// unpacked returns the files of a package that was downloaded, and its manifest.
func unpacked(t *testing.T, r *testkit.Reply) (map[string]string, *dossier.Manifest) {
	t.Helper()
	if r.StatusCode != http.StatusOK {
		t.Fatalf("%d: %s", r.StatusCode, r.Text)
	}
	pack, err := zip.NewReader(strings.NewReader(r.Text), int64(len(r.Text)))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for _, f := range pack.File {
		in, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(in)
		if err != nil {
			t.Fatal(err)
		}
		files[f.Name] = string(text)
	}
	m := &dossier.Manifest{}
	if err := json.Unmarshal([]byte(files["manifest.json"]), m); err != nil {
		t.Fatal(err)
	}
	return files, m
}

// dossiersTold returns what the audit tells of packages.
func dossiersTold(t *testing.T, k *testkit.Kit) (out []audit.Entry) {
	t.Helper()
	if err := k.Store.AuditLog(t.Context(), func(e audit.Entry) error {
		if e.Action == audit.Dossier {
			out = append(out, e)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return out
}

func TestAPackageOfEvidenceIsDownloadedForWhoAsks(t *testing.T) {
	t.Parallel()
	k, _ := months(t)
	for i, tc := range []struct {
		role access.Role
		rows bool
	}{{access.Manager, false}, {access.Admin, false}, {access.Evaluator, true}} {
		_, cookie := k.Granted(access.Grant{Role: tc.role, Scope: access.Agency("dukcapil")})
		r := visit(k, http.MethodGet, dossierPath, cookie)
		files, m := unpacked(t, r)
		if _, rows := files["13-jawaban.csv"]; rows != tc.rows || strings.Contains(files["09-hasil.json"], `"sum":`) != tc.rows {
			t.Errorf("%s: rows of answers: %t", tc.role, rows)
		}
		state, audience := "released", dossier.Managers
		if tc.rows {
			state, audience = "live", dossier.Evaluators
		}
		if m.UnitFigures == nil || m.State != state || m.Audience != audience || m.Program != "test" {
			t.Errorf("%s: the manifest says %+v", tc.role, m)
		}
		if len(m.Files) != len(files)-1 {
			t.Errorf("%s: the manifest lists %d files of %d", tc.role, len(m.Files), len(files))
		}
		for _, f := range m.Files {
			if sum := sha256.Sum256([]byte(files[f.Name])); hex.EncodeToString(sum[:]) != f.SHA256 {
				t.Errorf("%s: %s has another checksum", tc.role, f.Name)
			}
		}
		h := r.Header
		if h.Get("Cache-Control") != "no-store" || h.Get("Content-Type") != "application/zip" || h.Get("Content-Disposition") != "attachment; filename=bukti-dukcapil-loket-2026-s1.zip" || r.ContentLength != int64(len(r.Text)) {
			t.Errorf("%s: headers %v", tc.role, h)
		}
		told := dossiersTold(t, k)
		sum := sha256.Sum256([]byte(files["manifest.json"]))
		if len(told) != i+1 || told[i].Subject != "2026-s1/dukcapil-loket" || !strings.Contains(told[i].Actor, "@") || !strings.Contains(told[i].Detail, hex.EncodeToString(sum[:])) || strings.Contains(told[i].Detail, "with rows") != tc.rows {
			t.Errorf("%s: the audit tells %+v", tc.role, told)
		}
		if r := visit(k, http.MethodHead, dossierPath, cookie); r.StatusCode != http.StatusOK || len(dossiersTold(t, k)) != i+1 {
			t.Errorf("%s: HEAD: %d, and the audit tells of a package that nobody got", tc.role, r.StatusCode)
		}
		for _, page := range []string{reportPath, "/lke/dukcapil-loket?period=2026-s1"} {
			note := visit(k, http.MethodGet, page, cookie).HTML().Find("#paket-bukti")
			if got := note.Find("a").AttrOr("href", ""); note.Length() != 1 || !strings.HasPrefix(got, "/meja/unit/dukcapil-loket/paket-bukti.zip?") || strings.Contains(note.Text(), "Untuk penilai") != tc.rows {
				t.Errorf("%s: %s leads to %q: %s", tc.role, page, got, note.Text())
			}
		}
	}
}

func TestAPackageOfEvidenceIsNotForOthers(t *testing.T) {
	t.Parallel()
	k, _ := months(t)
	if r := k.Get(dossierPath); !toDoor(r, dossierPath) {
		t.Errorf("without a session: %d", r.StatusCode)
	}
	dinkes, officer, viewer := k.SignIn(access.Manager, "dinkes"), k.SignIn(access.Officer, "dukcapil"), k.SignIn(access.Viewer)
	evaluator := k.SignIn(access.Evaluator)
	_, mixed := k.Granted(access.Grant{Role: access.Manager, Scope: access.Agency("dinkes")}, access.Grant{Role: access.Viewer, Scope: access.City()})
	for _, tc := range []struct {
		who    string
		cookie *http.Cookie
		path   string
		want   int
	}{
		{"a manager of another agency", dinkes, dossierPath, http.StatusNotFound},
		{"a manager of another agency, by a name that there is not", dinkes, strings.Replace(dossierPath, "dukcapil-loket", "tidak-ada", 1), http.StatusNotFound},
		{"an officer", officer, dossierPath, http.StatusForbidden},
		{"a viewer", viewer, dossierPath, http.StatusForbidden},
		{"a viewer who is a manager elsewhere", mixed, dossierPath, http.StatusForbidden},
		{"an evaluator, of a period that there is not", evaluator, strings.Replace(dossierPath, "2026-s1", "2031-s1", 1), http.StatusNotFound},
		{"an evaluator, of a period to come", evaluator, strings.Replace(dossierPath, "2026-s1", "2026-s2", 1), http.StatusConflict},
	} {
		if r := visit(k, http.MethodGet, tc.path, tc.cookie); r.StatusCode != tc.want || strings.HasPrefix(r.Text, "PK") || r.Header.Get("Content-Disposition") != "" {
			t.Errorf("%s: %d, want %d", tc.who, r.StatusCode, tc.want)
		}
	}
	for _, page := range []string{reportPath, "/lke/dukcapil-loket?period=2026-s1"} {
		if visit(k, http.MethodGet, page, viewer).HTML().Find("#paket-bukti").Length() != 0 {
			t.Errorf("%s shows a viewer a link", page)
		}
	}
	if told := dossiersTold(t, k); len(told) != 0 {
		t.Errorf("the audit tells %+v", told)
	}
}

// slowAudit is an audit whose writing a test has in hand.
type slowAudit struct {
	audit.Store
	write func() error
}

// Audit writes when the test says so.
func (a *slowAudit) Audit(ctx context.Context, entries ...audit.Entry) error {
	if err := a.write(); err != nil {
		return err
	}
	return a.Store.Audit(ctx, entries...)
}

func TestAPackageThatTheAuditCannotTellOfIsNotSent(t *testing.T) {
	if testing.Short() {
		t.Skip("makes eight packages, by itself: short runs try it with those of agencies")
	}
	temp := t.TempDir()
	t.Setenv("TMPDIR", temp)
	k, _ := months(t)
	evaluator := k.SignIn(access.Evaluator)
	k.Dossiers.Audit = &slowAudit{k.Store, func() error { return errors.New("the disk is full") }}
	for range 6 { // more than there are places
		if r := visit(k, http.MethodGet, dossierPath, evaluator); r.StatusCode != http.StatusInternalServerError || strings.Contains(r.Text, "PK\x03\x04") || r.Header.Get("Content-Disposition") != "" {
			t.Fatalf("%d, %q", r.StatusCode, r.Header.Get("Content-Disposition"))
		}
	}
	k.Dossiers.Audit = k.Store
	unpacked(t, visit(k, http.MethodGet, dossierPath, evaluator))
	if left, err := os.ReadDir(temp); err != nil || len(left) > 0 {
		t.Errorf("%d files are left, %v", len(left), err)
	}
	t.Setenv("TMPDIR", filepath.Join(temp, "gone"))
	if r := visit(k, http.MethodGet, dossierPath, evaluator); r.StatusCode != http.StatusInternalServerError {
		t.Errorf("without a place for the file: %d", r.StatusCode)
	}
}

func TestOnlySomePackagesAreMadeAtOnce(t *testing.T) {
	t.Parallel()
	k, _ := months(t)
	evaluator := k.SignIn(access.Evaluator)
	entered, free := make(chan bool, 4), make(chan bool)
	k.Dossiers.Audit = &slowAudit{k.Store, func() error {
		entered <- true
		<-free
		return nil
	}}
	replies := make(chan *testkit.Reply, 4)
	for range 4 {
		go func() { replies <- visit(k, http.MethodGet, dossierPath, evaluator) }()
	}
	for range 4 {
		<-entered
	}
	if r := visit(k, http.MethodGet, dossierPath, evaluator); r.StatusCode != http.StatusServiceUnavailable || r.Header.Get("Retry-After") != "10" {
		t.Errorf("one more: %d, to be tried again after %q", r.StatusCode, r.Header.Get("Retry-After"))
	}
	close(free)
	for range 4 {
		unpacked(t, <-replies)
	}
	unpacked(t, visit(k, http.MethodGet, dossierPath, evaluator))
}
