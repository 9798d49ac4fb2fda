package handlers_test

import (
	"archive/zip"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"persepsi/handlers/web"
	"persepsi/internal/access"
	"persepsi/internal/audit"
	"persepsi/internal/jobs"
	"persepsi/internal/manuscript"
	"persepsi/internal/projection"
	"persepsi/internal/reporting"
	"persepsi/internal/retention"
	"persepsi/internal/testkit"
	"persepsi/survey"
)

// workNow does all long work that waits.
func workNow(t *testing.T, k *testkit.Kit) {
	t.Helper()
	w := jobs.NewWorker(k.Store, func() bool { return false }, slog.New(slog.DiscardHandler), testkit.Noon, k.Work.Reports.Kind(), k.Work.Evidence.Kind())
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
	if got := text(list.HTML().Find("section.card")); !strings.Contains(got, "Semua laporan SKM") || !strings.Contains(got, "Menunggu giliran") || !strings.Contains(list.Text, "Perbarui halaman ini") {
		t.Errorf("while it waits the page says %q", got)
	}
	workNow(t, k)
	list = visit(k, http.MethodGet, "/meja/pekerjaan", manager)
	to := list.HTML().Find("section.card a").AttrOr("href", "")
	if got := text(list.HTML().Find("section.card")); !strings.Contains(got, "Selesai") || !strings.Contains(got, "Dapat diunduh sampai") || strings.Contains(list.Text, "Perbarui halaman ini") {
		t.Fatalf("then it says %q", got)
	}
	r := visit(k, http.MethodGet, to, manager)
	if r.StatusCode != http.StatusOK || r.Header.Get("Content-Type") != "application/zip" || r.Header.Get("Cache-Control") != "no-store" || r.ContentLength != int64(len(r.Text)) {
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
	if (&reporting.AllRequest{As: viewer}).Still(access.Actor{}) || (&reporting.AllRequest{}).Still(access.Actor{Name: "x", Grants: viewer}) {
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
	held := k.With(func(d *testkit.Deps) { d.SecondFactor = []access.Role{access.Evaluator} })
	if r := visit(held, http.MethodGet, to, cookie); r.StatusCode != http.StatusNotFound {
		t.Errorf("without the second factor: %d", r.StatusCode)
	}
}

// failing is a store of texts that fails for one unit.
type failing struct {
	manuscript.Store
	unit string
	with func() error
}

func (f *failing) Manuscript(ctx context.Context, of manuscript.Place, version int) (manuscript.Manuscript, error) {
	if of.Unit == f.unit {
		return manuscript.Manuscript{}, f.with()
	}
	return f.Store.Manuscript(ctx, of, version)
}

func TestAUnitWhoseReportFailsIsNamedAndTheOthersAreMade(t *testing.T) {
	t.Parallel()
	k, _ := months(t)
	cookie := k.SignIn(access.Evaluator)
	askAll(k, "/meja/pekerjaan/baru", "docx", cookie)
	var units []survey.Place
	for _, a := range k.Register.Directory().Catalogue().Agencies {
		for _, u := range a.Units {
			place, _ := k.Register.Directory().Unit(u.Code)
			units = append(units, place)
		}
	}
	of := *k.Work.Reports.Reports
	of.Written = &manuscript.Entries{Store: &failing{k.Store, units[0].Unit.Key(), func() error { return errors.New("a letter that there is not") }}}
	all := *k.Work.Reports
	all.Reports = &of
	w := jobs.NewWorker(k.Store, func() bool { return false }, slog.New(slog.DiscardHandler), testkit.Noon, all.Kind())
	if err := w.Work(t.Context()); err != nil {
		t.Fatal(err)
	}
	list := visit(k, http.MethodGet, "/meja/pekerjaan", cookie)
	if got := text(list.HTML().Find("section.card")); !strings.Contains(got, "Selesai") || !strings.Contains(got, "1 unit tidak dapat dibuatkan") {
		t.Errorf("the page says %q", got)
	}
	names, files := unpackedAll(t, visit(k, http.MethodGet, list.HTML().Find("section.card a").AttrOr("href", ""), cookie).Text)
	if got := files["daftar.txt"]; !strings.Contains(got, units[0].Unit.Name+"\n    Tidak ada laporan: ada kesalahan pada program") || strings.Count(got, "kesalahan") != 1 || !slices.Equal(names, []string{"daftar.txt", "dinkes/laporan-skm-pkm-2026-s1.docx"}) {
		t.Errorf("the list says %q, of %q", got, names)
	}
}

// What quotes comments is gone the day before those are. Between that day and the end of their
// removal nothing is made; then nothing is left that would have to go.
func TestAllReportsOfAPeriodWhoseCommentsWereRemovedAreMade(t *testing.T) {
	t.Parallel()
	k, wait := timedIn(t, strings.Replace(testkit.City, "{name: Kota Contoh}", "{name: Kota Contoh, notice: {retention_months: 1}}", 1))
	if r := k.PostJSON(responsesPath, k.Response(func(map[string]any) {})); r.StatusCode != http.StatusCreated {
		t.Fatal(r.Text)
	}
	zone := k.Register.Directory().Zone()
	kept := survey.NewDate(2026, time.July, 30)
	at := testkit.Noon()
	until := func(to time.Time) { wait(to.Sub(at)); at = to }
	ask := func(format string) *testkit.Reply {
		k.Refresh()
		return askAll(k, "/meja/pekerjaan/baru", format, k.SignIn(access.Evaluator))
	}
	until(kept.Time().Add(-25 * time.Hour))
	if r := ask("pdf"); r.StatusCode != http.StatusSeeOther {
		t.Fatalf("two days before: %d", r.StatusCode)
	}
	jobsOf, err := k.Store.Jobs(t.Context())
	if err != nil || len(jobsOf) != 1 || !jobsOf[0].Until.Equal(kept.Time().Add(-24*time.Hour)) {
		t.Fatalf("jobs %+v, err = %v", jobsOf, err)
	}
	until(kept.Time().Add(-24 * time.Hour))
	if r := ask("docx"); r.StatusCode != http.StatusConflict || !strings.Contains(text(r.HTML().Find("[role=alert]")), "sedang dihapus") {
		t.Errorf("the day before: %d: %s", r.StatusCode, text(r.HTML().Find("[role=alert]")))
	}
	until((kept + 1).In(zone).Add(time.Hour))
	e := &retention.Eraser{
		Store: k.Store, Tallies: k.Store.Projector, Releases: projection.NewReleaser(k.Store.Projector, 0, func() bool { return true }),
		Actor: "server", Log: slog.New(slog.DiscardHandler),
	}
	for range 2 {
		if err := e.Run(t.Context(), k.Register.Directory(), at); err != nil {
			t.Fatal(err)
		}
	}
	if r := ask("docx"); r.StatusCode != http.StatusSeeOther {
		t.Fatalf("after it: %d", r.StatusCode)
	}
	if err := k.Work.Jobs.Sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	w := jobs.NewWorker(k.Store, func() bool { return false }, slog.New(slog.DiscardHandler), func() time.Time { return at }, k.Work.Reports.Kind())
	if err := w.Work(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := k.Work.Jobs.Sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	jobsOf, err = k.Store.Jobs(t.Context())
	if err != nil || len(jobsOf) != 2 || jobsOf[0].Fault != "late" || jobsOf[1].State != jobs.Ready || !jobsOf[1].Until.Equal(at.Add(jobs.Kept)) {
		t.Errorf("jobs %+v, err = %v", jobsOf, err)
	}
}

// Whoever waits for long work is shown how far it is by the desk's own stream and script, which
// keep no session open and take away neither focus nor place.
func TestThePageOfLongWorkHearsOfItAndKeepsNoSessionOpen(t *testing.T) {
	t.Parallel()
	now := testkit.Noon()
	k := ready(t, func(d *testkit.Deps) { d.Now = func() time.Time { return now } })
	cookie, other := k.SignIn(access.Manager, "dukcapil"), k.SignIn(access.Manager, "dinkes")
	page := func(cookie *http.Cookie) *testkit.Reply {
		r := httptest.NewRequest(http.MethodGet, "/meja/pekerjaan", nil)
		r.Header.Set(web.RenewsHeader, "1")
		r.AddCookie(cookie)
		return k.Do(r)
	}
	seen := func() time.Time {
		s, err := k.Store.SessionByHash(context.Background(), access.HashToken(cookie.Value))
		if err != nil || s == nil {
			t.Fatal("no session", err)
		}
		return s.Seen
	}
	first := seen()
	now = now.Add(10 * time.Minute)
	main := page(cookie).HTML().Find("main")
	if page(cookie).HTML().Find("meta[http-equiv=refresh]").Length() != 0 {
		t.Error("the page is loaded anew as if somebody asked for it")
	}
	stream := main.AttrOr("data-live", "none")
	j := jobs.Job{ID: "x", Version: 1, Kind: reporting.AllKind, Person: "nobody", State: jobs.Waiting}
	people, err := k.Store.People(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range people {
		if s, err := k.Store.SessionByHash(t.Context(), access.HashToken(cookie.Value)); err == nil && s.Person == p.ID {
			j.Person = p.ID
		}
	}
	out := outside(t)
	synctest.Test(t, func(t *testing.T) {
		mine, theirs := hear(t, k, stream, cookie), hear(t, k, stream, other)
		before, elsewhere := mine.revision(), theirs.revision()
		if before != main.AttrOr("data-revision", "none") {
			t.Errorf("the stream says %q, the page shows %q", before, main.AttrOr("data-revision", "none"))
		}
		for _, done := range []int{0, 1} {
			j.Done = done
			out(func() {
				if err := k.Store.PutJob(context.Background(), j, nil); err != nil {
					t.Error(err)
				}
			})
			after := mine.revision()
			if after == before {
				t.Error("a job says nothing")
			}
			out(func() {
				if got := shownRevision(page(cookie)); got != after {
					t.Errorf("the stream says %q, the page shows %q", after, got)
				}
			})
			before = after
			j.Version++
		}
		if again := theirs.revision(); again != elsewhere {
			t.Error("another one hears of it")
		}
	})
	if !seen().Equal(first) {
		t.Errorf("the session was used at %s", seen())
	}
}
