package handlers_test

import (
	"errors"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"persepsi/handlers/web"
	"persepsi/internal/access"
	"persepsi/internal/storetest"
	"persepsi/internal/testkit"
)

// Whichever call of the store fails, no page of accounts says that all is well: nobody is let in,
// and nothing is told as done or as not there.
func TestNoPageOfAccountsHidesThatTheStoreIsAway(t *testing.T) {
	t.Parallel()
	store := &storetest.Accounts{Back: true, Err: errors.New("the disk is gone"), Left: 1 << 30}
	k := asDemo(t, testkit.New(t, testkit.City), func(d *testkit.Deps) { d.SecondFactor = []access.Role{access.Evaluator} })
	opened(t, k)
	store.Store = k.Store
	k = k.With(func(d *testkit.Deps) { d.Accounts, d.PersonStore = testkit.Accounts(store, testkit.Noon), store })
	in := func(email string, grants ...access.Grant) *visitor {
		member(t, k, email, grants...)
		v := newVisitor(k)
		v.send(t, "/masuk", "/masuk", url.Values{"email": {email}, "password": {sandi}})
		return v
	}
	siti, budi := in("siti@kota.example", evaluatorOf("")), in("budi@kota.example")
	enrol(t, siti)
	half, nobody := newVisitor(k), newVisitor(k)
	right := url.Values{"email": {"siti@kota.example"}, "password": {sandi}}
	half.send(t, "/masuk", "/masuk", right)
	if r := budi.send(t, "/akun/aplikasi", "/akun/aplikasi", url.Values{"do": {"mulai"}, "old": {sandi}}); r.StatusCode != http.StatusSeeOther {
		t.Fatal(r.StatusCode)
	}
	_, token, err := testkit.Accounts(k.Store, testkit.Noon).Reset(t.Context(), "command line", "budi@kota.example")
	if err != nil {
		t.Fatal(err)
	}
	short := url.Values{"password": {"x"}, "password2": {"x"}}
	for _, tc := range []struct {
		v        *visitor
		path, at string // where the form stands; empty: a page is read
		form     url.Values
		want     int // once the store is there
	}{
		{nobody, "/masuk", "", nil, 200},
		{half, "/masuk/kode", "", nil, 200},
		{budi, "/akun", "", nil, 200},
		{budi, "/akun/aplikasi", "", nil, 200},
		{budi, "/akun/aplikasi.svg", "", nil, 200},
		{budi, "/akun/passkey", "", nil, 200},
		{nobody, "/mulai/" + token, "", nil, 200},
		{nobody, "/masuk", "/masuk", right, 303},
		{nobody, "/masuk", "/masuk", url.Values{"email": {"siti@kota.example"}, "password": {sandi}, "totp": {"000000"}}, 303},
		{nobody, "/masuk", "/masuk", url.Values{"role": {"viewer"}}, 303},
		{nobody, "/masuk", "/masuk", url.Values{"email": {"siti@kota.example"}, "password": {"salah"}}, 401},
		{half, "/masuk/kode", "/masuk/kode", url.Values{"totp": {"000000"}}, 401},
		{nobody, "/masuk/passkey", "/masuk", url.Values{}, 200},
		{nobody, "/masuk/passkey", "/masuk", url.Values{"reply": {"{}"}}, 401},
		{nobody, "/mulai/" + token, "/mulai/" + token, short, 422},
		{budi, "/akun", "/akun", url.Values{"sesi": {"lain"}}, 303},
		{budi, "/akun", "/akun", url.Values{"sesi": {"tak-ada"}}, 303},
		{budi, "/akun", "/akun", url.Values{"old": {"salah"}, "password": {"x"}}, 422},
		{budi, "/akun/aplikasi", "/akun/aplikasi", url.Values{"do": {"mulai"}, "old": {sandi}}, 303},
		{budi, "/akun/aplikasi", "/akun/aplikasi", url.Values{"do": {"pasang"}, "totp": {"000000"}}, 422},
		{budi, "/akun/passkey", "/akun/passkey", url.Values{}, 422},
		{budi, "/akun/passkey", "/akun/passkey", url.Values{"old": {sandi}}, 200},
		{budi, "/akun/passkey", "/akun/passkey", url.Values{"reply": {"{}"}, "name": {"Ponsel"}}, 401},
		{budi, "/akun/passkey", "/akun/passkey", url.Values{"lepas": {"AAAA"}}, 303},
		{nobody, "/keluar", "/akun", url.Values{}, 303},
	} {
		store.Left = 1 << 30
		form := maps.Clone(tc.form)
		v := &visitor{k: k, cookies: maps.Clone(tc.v.cookies)}
		if tc.path == "/keluar" {
			v = &visitor{k: k, cookies: maps.Clone(budi.cookies)}
		}
		method := http.MethodGet
		if tc.at != "" {
			method = http.MethodPost
			form.Set(web.FormField, tokenOf(v.get(tc.at)))
		}
		for calls := 0; ; calls++ {
			store.Left = calls
			r := httptest.NewRequest(method, tc.path, strings.NewReader(form.Encode()))
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			for _, c := range v.cookies {
				r.AddCookie(&http.Cookie{Name: c.Name, Value: c.Value})
			}
			got := k.Do(r)
			if store.Left >= 0 {
				if got.StatusCode != tc.want || calls == 0 {
					t.Errorf("%s %v: %d after %d calls, want %d", tc.path, tc.form, got.StatusCode, calls, tc.want)
				}
				break
			}
			if got.StatusCode != http.StatusInternalServerError || given(got, sessionCookie) != nil {
				t.Errorf("%s %v: %d where call %d fails", tc.path, tc.form, got.StatusCode, calls+1)
			}
		}
	}
}
