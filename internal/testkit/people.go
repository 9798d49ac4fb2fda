package testkit

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"time"

	"persepsi/handlers/web"
	"persepsi/internal/access"
	"persepsi/internal/account"
)

// Accounts keeps the accounts of a store, with passwords that cost little.
func Accounts(store account.Store, now func() time.Time) *account.Service {
	return account.New(store, now, account.HashedBy(account.Argon2id{Memory: 64, Passes: 1}))
}

// SignIn adds a person with a role on agencies, or on the city where none is named, and
// returns the cookie of their session.
func (k *Kit) SignIn(role access.Role, agencies ...string) *http.Cookie {
	k.t.Helper()
	_, cookie := k.Person(role, agencies...)
	return cookie
}

// Person is SignIn that returns the person too.
func (k *Kit) Person(role access.Role, agencies ...string) (access.Person, *http.Cookie) {
	k.t.Helper()
	grants := []access.Grant{{Role: role, Scope: access.City()}}
	for i, code := range slices.DeleteFunc(agencies, func(code string) bool { return code == "" }) {
		grants = append(grants[:i], access.Grant{Role: role, Scope: access.Agency(code)})
	}
	return k.Granted(grants...)
}

// Granted is Person for somebody with any grants; the first role names them.
func (k *Kit) Granted(grants ...access.Grant) (access.Person, *http.Cookie) {
	k.t.Helper()
	people, err := k.Store.People(context.Background())
	check(k.t, err)
	role := string(grants[0].Role)
	email := role
	for n := 2; slices.ContainsFunc(people, func(p access.Person) bool { return p.Email == email+"@kota.example" }); n++ {
		email = fmt.Sprintf("%s-%d", role, n)
	}
	p, err := access.NewPerson(email+"@kota.example", "Orang "+role, grants, Noon())
	check(k.t, err)
	check(k.t, k.Store.RecordPerson(context.Background(), p))
	return p, k.Session(p.ID)
}

// Session opens a session of a person and returns its cookie.
func (k *Kit) Session(person string) *http.Cookie {
	k.t.Helper()
	s, token := access.NewSession(person, "Firefox, Linux", false, k.deps.Now())
	check(k.t, k.Store.AddSession(context.Background(), s))
	return &http.Cookie{Name: web.SessionCookie, Value: token}
}

// Key makes an API key and returns its secret.
func (k *Kit) Key(role access.Role, agency string) string {
	k.t.Helper()
	_, secret := k.MakeKey(role, agency, time.Time{})
	return secret
}

// MakeKey makes an API key that expires, and returns it and its secret. The
// application may have looked at the keys just now: where it must know of the
// new one, its clock has to move.
func (k *Kit) MakeKey(role access.Role, agency string, expires time.Time) (access.Key, string) {
	k.t.Helper()
	on := access.City()
	if agency != "" {
		on = access.Agency(agency)
	}
	key, secret, err := access.NewKey("kunci "+string(role), []access.Grant{{Role: role, Scope: on}}, Noon())
	check(k.t, err)
	key.Expires = expires
	check(k.t, k.Store.RecordKey(context.Background(), key))
	return key, secret
}
