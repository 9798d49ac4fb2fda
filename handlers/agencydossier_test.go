package handlers_test

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"persepsi/handlers/web"
	"persepsi/internal/access"
	"persepsi/internal/testkit"
)

const agencyDossier = "/meja/pekerjaan/paket-bukti?opd=dukcapil"

// askDossier asks for the evidence package of an agency as the form does.
func askDossier(k *testkit.Kit, path, period string, cookie *http.Cookie) *testkit.Reply {
	token := tokenOf(visit(k, http.MethodGet, path, cookie))
	return submit(k, path, url.Values{web.FormField: {token}, "period": {period}}, cookie)
}

func TestThePackageOfAnAgencyIsMadeForWhoPressesTheButton(t *testing.T) {
	t.Parallel()
	k, _ := months(t)
	for i, tc := range []struct {
		role access.Role
		rows bool
	}{{access.Manager, false}, {access.Evaluator, true}} {
		person, cookie := k.Granted(access.Grant{Role: tc.role, Scope: access.Agency("dukcapil")}, access.Grant{Role: access.Officer, Scope: access.Agency("dukcapil")})
		for _, page := range []string{"/meja/opd/dukcapil?period=2026-s1", "/meja/pekerjaan/baru?opd=dukcapil&period=2026-s1"} {
			if to := visit(k, http.MethodGet, page, cookie).HTML().Find("a[href^='" + agencyDossier + "&period=2026-s1']"); to.Length() != 1 || text(to) != "Buat paket bukti" {
				t.Errorf("%s: %s does not offer it", tc.role, page)
			}
		}
		form := visit(k, http.MethodGet, agencyDossier+"&period=2026-s1", cookie).HTML()
		if got := form.Find("option[selected]").AttrOr("value", ""); got != "2026-s1" || strings.Contains(text(form.Find("main")), "baris jawaban tanpa komentar") != tc.rows {
			t.Errorf("%s: the form is of %q: %s", tc.role, got, text(form.Find("main")))
		}
		if r := askDossier(k, agencyDossier, "2026-s1", cookie); r.StatusCode != http.StatusSeeOther {
			t.Fatalf("%s: asking: %d: %s", tc.role, r.StatusCode, r.Text)
		}
		workNow(t, k)
		if told := dossiersTold(t, k); len(told) != i {
			t.Errorf("%s: the audit tells of a package that nobody has: %+v", tc.role, told)
		}
		list := visit(k, http.MethodGet, "/meja/pekerjaan", cookie)
		if got := text(list.HTML().Find("section.card")); !strings.Contains(got, "Paket bukti, Dinas Kependudukan dan Pencatatan Sipil, Semester I 2026") || !strings.Contains(got, "Selesai, 1 unit") {
			t.Errorf("%s: the list says %q", tc.role, got)
		}
		to := list.HTML().Find("section.card a").AttrOr("href", "")
		if r := visit(k, http.MethodHead, to, cookie); r.StatusCode != http.StatusOK || len(dossiersTold(t, k)) != i {
			t.Errorf("%s: HEAD: %d, and the audit tells of a package that nobody got", tc.role, r.StatusCode)
		}
		k.Dossiers.Audit = &slowAudit{k.Store, func() error { return errors.New("the disk is full") }}
		for range 6 { // more than there are places
			if r := visit(k, http.MethodGet, to, cookie); r.StatusCode != http.StatusInternalServerError || strings.Contains(r.Text, "PK\x03\x04") || r.Header.Get("Content-Disposition") != "" {
				t.Fatalf("%s: what the audit cannot tell of is sent: %d", tc.role, r.StatusCode)
			}
		}
		k.Dossiers.Audit = k.Store
		r := visit(k, http.MethodGet, to, cookie)
		files, m := unpacked(t, r)
		if _, rows := files["01-dukcapil-loket/13-jawaban.csv"]; rows != tc.rows || len(m.Units) != 1 || len(m.Files) != len(files)-1 {
			t.Errorf("%s: rows of answers: %t; %d files listed of %d", tc.role, rows, len(m.Files), len(files))
		}
		for _, f := range m.Files {
			if sum := sha256.Sum256([]byte(files[f.Name])); hex.EncodeToString(sum[:]) != f.SHA256 {
				t.Errorf("%s: %s has another checksum", tc.role, f.Name)
			}
		}
		if h := r.Header; h.Get("Cache-Control") != "no-store" || h.Get("Content-Type") != "application/zip" || h.Get("Content-Disposition") != "attachment; filename=bukti-dukcapil-2026-s1.zip" || r.ContentLength != int64(len(r.Text)) {
			t.Errorf("%s: headers %v", tc.role, h)
		}
		told := dossiersTold(t, k)
		sum := sha256.Sum256([]byte(files["manifest.json"]))
		if len(told) != i+1 || told[i].Subject != "2026-s1/dukcapil" || told[i].Actor != person.Actor(testkit.Noon(), nil).By() || !strings.Contains(told[i].Detail, hex.EncodeToString(sum[:])) ||
			strings.Contains(told[i].Detail, "with rows") != tc.rows || !slices.Equal(told[i].Units, []string{"dukcapil-loket"}) {
			t.Errorf("%s: the audit tells %+v", tc.role, told)
		}
		if r := visit(k, http.MethodGet, to, k.SignIn(access.Evaluator)); r.StatusCode != http.StatusNotFound {
			t.Errorf("%s: another one takes it: %d", tc.role, r.StatusCode)
		}
		// Whose role is taken away has the desk still, but not what it made.
		person.Version, person.Grants = 2, person.Grants[1:]
		if err := k.Store.RecordPerson(t.Context(), person); err != nil {
			t.Fatal(err)
		}
		if r := visit(k.With(), http.MethodGet, to, cookie); r.StatusCode != http.StatusNotFound {
			t.Errorf("%s: who may not take it any more does: %d", tc.role, r.StatusCode)
		}
	}
}

func TestThePackageOfAnAgencyIsNotForOthers(t *testing.T) {
	t.Parallel()
	k, _ := months(t)
	if r := k.Get(agencyDossier); !toDoor(r, agencyDossier) {
		t.Errorf("without a session: %d", r.StatusCode)
	}
	manager, evaluator := k.SignIn(access.Manager, "dukcapil"), k.SignIn(access.Evaluator)
	_, ofUnit := k.Granted(access.Grant{Role: access.Manager, Scope: access.Unit("dukcapil", "dukcapil-loket")})
	officer := k.SignIn(access.Officer, "dukcapil")
	_, mixed := k.Granted(access.Grant{Role: access.Manager, Scope: access.Agency("dinkes")}, access.Grant{Role: access.Viewer, Scope: access.City()})
	for _, tc := range []struct {
		who    string
		cookie *http.Cookie
		path   string
		want   int
	}{
		{"a manager of another agency", k.SignIn(access.Manager, "dinkes"), agencyDossier, http.StatusNotFound},
		{"a manager of a unit", ofUnit, agencyDossier, http.StatusNotFound},
		{"a manager, of an agency that there is not", manager, "/meja/pekerjaan/paket-bukti?opd=tidak-ada", http.StatusNotFound},
		{"an evaluator, of the city", evaluator, "/meja/pekerjaan/paket-bukti", http.StatusNotFound},
		{"an officer", officer, agencyDossier, http.StatusForbidden},
		{"a viewer who is a manager elsewhere", mixed, agencyDossier, http.StatusForbidden},
	} {
		token := tokenOf(visit(k, http.MethodGet, "/lke", tc.cookie))
		form := submit(k, tc.path, url.Values{web.FormField: {token}, "period": {"2026-s1"}}, tc.cookie)
		if page := visit(k, http.MethodGet, tc.path, tc.cookie); page.StatusCode != tc.want || form.StatusCode != tc.want {
			t.Errorf("%s: %d, and asking %d, want %d", tc.who, page.StatusCode, form.StatusCode, tc.want)
		}
	}
	for _, page := range []string{"/meja/opd/dukcapil?period=2026-s1", "/meja/pekerjaan/baru?opd=dukcapil"} {
		for who, want := range map[*http.Cookie]int{manager: 1, officer: 0} { // of whom the same page is asked for
			if got := visit(k, http.MethodGet, page, who).HTML().Find("a[href*='/paket-bukti?']").Length(); got != want {
				t.Errorf("%s has %d links, want %d", page, got, want)
			}
		}
	}
	for _, period := range []string{"2031-s1", "2026-s2", ""} {
		if r := askDossier(k, agencyDossier, period, manager); r.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(text(r.HTML().Find("[role=alert]")), "Tidak ada paket bukti untuk periode itu") {
			t.Errorf("of period %q: %d", period, r.StatusCode)
		}
	}
	if all, err := k.Store.Jobs(t.Context()); err != nil || len(all) != 0 {
		t.Errorf("jobs %+v, %v", all, err)
	}
}

// Where anybody may enter as a manager, packages of agencies are asked for as seldom as units'.
func TestADemonstrationMakesNoMorePackagesOfAgenciesThanItLetsPeopleIn(t *testing.T) {
	t.Parallel()
	for _, demo := range []bool{false, true} {
		k := testkit.New(t, testkit.City, func(d *testkit.Deps) {
			one := web.Pace{Burst: 1, PerSecond: 0.001}
			d.Limits = web.Limits{Device: one, Address: one, Share: one, Point: one}
		})
		cookie := k.SignIn(access.Manager, "dukcapil")
		k.Register.Directory().City().Demo = demo
		first, second := askDossier(k, agencyDossier, "2026-s1", cookie), askDossier(k, agencyDossier, "2026-s1", cookie)
		workNow(t, k)
		to := visit(k, http.MethodGet, "/meja/pekerjaan", cookie).HTML().Find("section.card a").AttrOr("href", "")
		if r := visit(k, http.MethodGet, to, cookie); (r.StatusCode == http.StatusTooManyRequests) != demo || to == "" {
			t.Errorf("a demonstration: %t; taking %q: %d", demo, to, r.StatusCode)
		}
		if first.StatusCode != http.StatusSeeOther || (second.StatusCode == http.StatusTooManyRequests) != demo {
			t.Errorf("a demonstration: %t; asking: %d, then %d", demo, first.StatusCode, second.StatusCode)
		}
	}
}
