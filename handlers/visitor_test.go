package handlers_test

import (
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"persepsi/handlers/web"
	"persepsi/internal/access"
	"persepsi/internal/testkit"
)

const sandi = "tiga burung gereja"

// visitor is a browser: it keeps cookies and sends forms as they are on its pages.
type visitor struct {
	k       *testkit.Kit
	from    string
	cookies map[string]*http.Cookie
}

// fromDoor is a form that a browser sends which has the door open.
func fromDoor(t *testing.T, values url.Values) *http.Request {
	t.Helper()
	all := url.Values{}
	maps.Copy(all, values)
	r := testkit.FromDoor(t, "http://example.com/masuk", all)
	r.RequestURI = "/masuk"
	return r
}

func newVisitor(k *testkit.Kit) *visitor {
	return &visitor{k: k, cookies: map[string]*http.Cookie{}}
}

func (v *visitor) do(method, path string, form url.Values) *testkit.Reply {
	r := httptest.NewRequest(method, path, strings.NewReader(form.Encode()))
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	r.Header.Set("User-Agent", "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Mobile Safari/537.36")
	if v.from != "" {
		r.Header.Set("X-Forwarded-For", v.from)
	}
	for _, c := range v.cookies {
		r.AddCookie(&http.Cookie{Name: c.Name, Value: c.Value})
	}
	reply := v.k.Do(r)
	for _, c := range reply.Cookies() {
		if v.cookies[c.Name] = c; c.MaxAge < 0 {
			delete(v.cookies, c.Name)
		}
	}
	return reply
}

func (v *visitor) get(path string) *testkit.Reply { return v.do(http.MethodGet, path, nil) }

// send fills in the form of a page whose action begins so, and sends it.
func (v *visitor) send(t *testing.T, path, action string, values url.Values) *testkit.Reply {
	t.Helper()
	form := v.get(path).HTML().Find("form[method=post][action^='" + action + "']").First()
	if form.Length() == 0 {
		t.Fatalf("%s has no form to %s", path, action)
	}
	all := maps.Clone(values)
	for _, name := range []string{web.FormField, web.Next} {
		if field := form.Find("input[name=" + name + "]"); field.Length() > 0 && all[name] == nil {
			all.Set(name, field.AttrOr("value", ""))
		}
	}
	return v.do(http.MethodPost, form.AttrOr("action", ""), all)
}

// member adds a person with a password, and returns them.
func member(t *testing.T, k *testkit.Kit, email string, grants ...access.Grant) access.Person {
	t.Helper()
	accounts := testkit.Accounts(k.Store, testkit.Noon)
	p, token, err := accounts.Invite(t.Context(), "command line", email, "Siti Rahma", grants)
	if err != nil {
		t.Fatal(err)
	}
	r := newVisitor(k).send(t, "/mulai/"+token, "/mulai/", url.Values{"password": {sandi}, "password2": {sandi}})
	if r.StatusCode != http.StatusSeeOther {
		t.Fatalf("%d: %s", r.StatusCode, r.HTML().Find(".fault").Text())
	}
	return p
}

func evaluatorOf(code string) access.Grant {
	if code == "" {
		return access.Grant{Role: access.Evaluator, Scope: access.City()}
	}
	return access.Grant{Role: access.Evaluator, Scope: access.Agency(code)}
}

// shut closes an account.
func shut(t *testing.T, k *testkit.Kit, id string) {
	t.Helper()
	changePerson(t, k, id, func(p *access.Person) { p.Disabled = testkit.Noon() })
}

func changePerson(t *testing.T, k *testkit.Kit, id string, change func(*access.Person)) {
	t.Helper()
	people, err := k.Store.People(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	p := people[slices.IndexFunc(people, func(p access.Person) bool { return p.ID == id })]
	change(&p)
	p.Version++
	if err := k.Store.RecordPerson(t.Context(), p); err != nil {
		t.Fatal(err)
	}
}
