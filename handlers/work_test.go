package handlers_test

import (
	"archive/zip"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"persepsi/handlers"
	"persepsi/handlers/web"
	"persepsi/internal/access"
	"persepsi/internal/audit"
	"persepsi/internal/jobs"
	"persepsi/internal/reporting"
	"persepsi/internal/testkit"
)

// workNow does all long work that waits.
func workNow(t *testing.T, k *testkit.Kit) {
	t.Helper()
	w := jobs.NewWorker(k.Store, func() bool { return false }, slog.New(slog.DiscardHandler), testkit.Noon, k.Work.Reports.Kind())
	if err := w.Work(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// askAll asks for all reports as the form does.
func askAll(k *testkit.Kit, path, format string, cookie *http.Cookie) *testkit.Reply {
	token := tokenOf(visit(k, http.MethodGet, path, cookie))
	return submit(k, path, url.Values{web.FormField: {token}, "period": {"2026-s1"}, "jenis": {"skm"}, "format": {format}}, cookie)
}

// unpackedAll opens a package: its names in their order, and what each holds.
func unpackedAll(t *testing.T, data string) (names []string, files map[string]string) {
	t.Helper()
	r, err := zip.NewReader(strings.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	files = map[string]string{}
	for _, f := range r.File {
		in, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(in)
		if err != nil {
			t.Fatal(err)
		}
		names, files[f.Name] = append(names, f.Name), string(b)
	}
	return names, files
}

func TestAllReportsOfAnAgencyAreThoseThatEachUnitHas(t *testing.T) {
	t.Parallel()
	k, _ := months(t)
	manager := k.SignIn(access.Manager, "dukcapil")
	if r := askAll(k, "/meja/pekerjaan/baru?opd=dukcapil", "pdf", manager); r.StatusCode != http.StatusSeeOther {
		t.Fatalf("asking: %d: %s", r.StatusCode, r.Text)
	}
	list := visit(k, http.MethodGet, "/meja/pekerjaan", manager)
	if got := text(list.HTML().Find("section.card")); !strings.Contains(got, "Semua laporan SKM") || !strings.Contains(got, "Menunggu giliran") || list.HTML().Find("meta[http-equiv=refresh]").Length() != 1 {
		t.Errorf("while it waits the page says %q", got)
	}
	workNow(t, k)
	list = visit(k, http.MethodGet, "/meja/pekerjaan", manager)
	to := list.HTML().Find("section.card a").AttrOr("href", "")
	if got := text(list.HTML().Find("section.card")); !strings.Contains(got, "Selesai") || !strings.Contains(got, "Dapat diunduh sampai") || list.HTML().Find("meta[http-equiv=refresh]").Length() != 0 {
		t.Fatalf("then it says %q", got)
	}
	r := visit(k, http.MethodGet, to, manager)
	if r.StatusCode != http.StatusOK || r.Header.Get("Content-Type") != "application/zip" || r.Header.Get("Cache-Control") != "no-store" {
		t.Fatalf("the package: %d, %v", r.StatusCode, r.Header)
	}
	names, files := unpackedAll(t, r.Text)
	one := visit(k, http.MethodGet, strings.Replace(reportPath, "laporan?", "laporan.pdf?", 1), manager)
	if names[0] != "daftar.txt" || files["laporan-skm-dukcapil-loket-2026-s1.pdf"] != one.Text {
		t.Errorf("it has %q; the report of a unit is another one", names)
	}
	said := files["daftar.txt"]
	for _, agency := range k.Register.Directory().Catalogue().Agencies {
		for _, unit := range agency.Units {
			told := strings.Contains(said, unit.Name+"\n")
			if told != (agency.Code == "dukcapil") {
				t.Errorf("the list tells of %s: %v", unit.Code, told)
			}
			if file := "laporan-skm-" + unit.Code + "-2026-s1.pdf"; agency.Code == "dukcapil" && !slices.Contains(names, file) && !strings.Contains(said, "Tidak ada laporan") {
				t.Errorf("%s has neither a report nor a reason", unit.Code)
			}
		}
	}
}

func TestLongWorkIsOfWhoAskedAndMayStillReadIt(t *testing.T) {
	t.Parallel()
	k, _ := months(t)
	person, cookie := k.Granted(access.Grant{Role: access.Evaluator, Scope: access.City()}, access.Grant{Role: access.Viewer, Scope: access.City()})
	if r := askAll(k, "/meja/pekerjaan/baru", "docx", cookie); r.StatusCode != http.StatusSeeOther {
		t.Fatalf("asking: %d", r.StatusCode)
	}
	workNow(t, k)
	to := visit(k, http.MethodGet, "/meja/pekerjaan", cookie).HTML().Find("section.card a").AttrOr("href", "")
	if to == "" || visit(k, http.MethodGet, to, cookie).StatusCode != http.StatusOK {
		t.Fatalf("the package at %q isn't there", to)
	}
	id := strings.TrimSuffix(strings.TrimPrefix(to, "/meja/pekerjaan/"), ".zip")
	for name, other := range map[string]*http.Cookie{"another agency's": k.SignIn(access.Manager, "dinkes"), "an administrator": k.SignIn(access.Admin)} {
		if r := visit(k, http.MethodGet, to, other); r.StatusCode != http.StatusNotFound {
			t.Errorf("%s reads it: %d", name, r.StatusCode)
		}
		page := visit(k, http.MethodGet, "/meja/pekerjaan", other)
		if strings.Contains(page.Text, id) {
			t.Errorf("%s finds it in their list", name)
		}
		if r := submit(k, "/meja/pekerjaan/hapus", url.Values{web.FormField: {tokenOf(visit(k, http.MethodGet, "/meja/pekerjaan/baru?opd=dinkes", other))}, "id": {id}}, other); r.StatusCode != http.StatusNotFound {
			t.Errorf("%s removes it: %d", name, r.StatusCode)
		}
	}
	for _, path := range []string{"/meja/pekerjaan/baru", "/meja/pekerjaan/baru?opd=dukcapil"} {
		if r := visit(k, http.MethodGet, path, k.SignIn(access.Manager, "dinkes")); r.StatusCode != http.StatusNotFound {
			t.Errorf("a manager of another agency is offered %s: %d", path, r.StatusCode)
		}
	}
	viewer := []access.Grant{{Role: access.Viewer, Scope: access.City()}}
	of, err := k.Work.Reports.Read(jobs.Job{What: []byte(`{"as":[{"role":"evaluator","on":"city"}]}`)})
	if err != nil || of.Still(access.Actor{Name: "x", Grants: viewer}) || !of.Still(person.Actor(testkit.Noon(), nil)) {
		t.Errorf("what is made for an evaluator may be read by a viewer, err = %v", err)
	}
	if (&reporting.All{As: viewer}).Still(access.Actor{}) || (&reporting.All{}).Still(access.Actor{Name: "x", Grants: viewer}) {
		t.Error("nobody reads what is made for a viewer, or somebody what was made for nobody")
	}
	if r := askAll(k, "/meja/pekerjaan/baru", "exe", cookie); r.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(text(r.HTML().Find("[role=alert]")), "tidak ada") {
		t.Errorf("a format that there is not: %d", r.StatusCode)
	}
	for _, format := range []string{"pdf", "docx"} {
		askAll(k, "/meja/pekerjaan/baru", format, cookie)
		askAll(k, "/meja/pekerjaan/baru?opd=dukcapil", format, cookie)
	}
	if r := askAll(k, "/meja/pekerjaan/baru?opd=dinkes", "pdf", cookie); r.StatusCode != http.StatusConflict || !strings.Contains(text(r.HTML().Find("[role=alert]")), "Terlalu banyak") {
		t.Errorf("one too many: %d", r.StatusCode)
	}
	// Whose role is taken away has the desk still, but not what evaluators see, made or to be made.
	person.Version, person.Grants = 2, viewer
	if err := k.Store.RecordPerson(t.Context(), person); err != nil {
		t.Fatal(err)
	}
	k = k.With() // which asks anew who they are
	if r := visit(k, http.MethodGet, to, cookie); r.StatusCode != http.StatusNotFound {
		t.Errorf("what was made for an evaluator is read by a viewer: %d", r.StatusCode)
	}
	workNow(t, k)
	list := visit(k, http.MethodGet, "/meja/pekerjaan", cookie)
	if got := text(list.HTML().Find("section.card")); strings.Count(got, "Anda tidak lagi berwenang") != 4 || list.HTML().Find("section.card a").Length() != 0 {
		t.Errorf("the list says %q", got)
	}
	if r := submit(k, "/meja/pekerjaan/hapus", url.Values{web.FormField: {tokenOf(list)}, "id": {id}}, cookie); r.StatusCode != http.StatusSeeOther {
		t.Errorf("removing: %d", r.StatusCode)
	}
	if r := visit(k, http.MethodGet, "/meja/pekerjaan", cookie); strings.Contains(r.Text, id) {
		t.Error("what was removed is listed")
	}
}

func TestTheAuditTellsOfAPackageBeforeAnybodyHasIt(t *testing.T) {
	t.Parallel()
	k, _ := months(t)
	person, cookie := k.Granted(access.Grant{Role: access.Evaluator, Scope: access.City()}, access.Grant{Role: access.Viewer, Scope: access.City()})
	askAll(k, "/meja/pekerjaan/baru?opd=dukcapil", "pdf", cookie)
	told := func() (out []audit.Entry) {
		t.Helper()
		if err := k.Store.AuditLog(t.Context(), func(e audit.Entry) error {
			if e.Action == audit.AllReports {
				out = append(out, e)
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		return out
	}
	all, err := k.Work.Jobs.Of(t.Context(), person.ID)
	if err != nil || len(all) != 1 {
		t.Fatalf("jobs %v, err = %v", all, err)
	}
	for range 2 { // as where a job is taken up again
		if _, err := k.Work.Reports.Kind().Steps(t.Context(), all[0]); err != nil {
			t.Fatal(err)
		}
	}
	got := told()
	if len(got) != 1 || got[0].Actor != person.Actor(testkit.Noon(), nil).By() || got[0].Subject != "2026-s1/dukcapil" || !slices.Contains(got[0].Units, "dukcapil-loket") ||
		!slices.Equal(got[0].Periods, []string{"2026-s1"}) || !strings.Contains(got[0].Detail, "all skm reports as pdf, of all answers") {
		t.Errorf("before a report is made the audit tells %+v", got)
	}
	workNow(t, k)
	if again := told(); len(again) != 1 {
		t.Errorf("then it tells %+v", again)
	}
	// A session whose role waits for a second factor gets nothing of what that role made.
	to := "/meja/pekerjaan/" + all[0].ID + ".zip"
	if r := visit(k, http.MethodGet, to, cookie); r.StatusCode != http.StatusOK {
		t.Errorf("the package: %d", r.StatusCode)
	}
	held := k.With(func(d *handlers.Deps) { d.SecondFactor = []access.Role{access.Evaluator} })
	if r := visit(held, http.MethodGet, to, cookie); r.StatusCode != http.StatusNotFound {
		t.Errorf("without the second factor: %d", r.StatusCode)
	}
}
