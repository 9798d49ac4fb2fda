package account_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"persepsi/internal/access"
	"persepsi/internal/account"
	"persepsi/internal/audit"
	"persepsi/survey"
)

// faultsOf returns what is wrong, as `field code`.
func faultsOf(err error) (out []string) {
	var e *survey.Error
	if errors.As(err, &e) {
		for _, f := range e.Faults {
			out = append(out, f.Field+" "+f.Code)
		}
	}
	return out
}

func TestWhatMakesNoPassword(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	_, token, err := d.Reset(t.Context(), "command line", "siti@kota.example")
	if err != nil {
		t.Fatal(err)
	}
	for password, want := range map[string]string{
		"":                              "password short",
		"sembilan9":                     "password short",
		"sepuluhku!":                    "",
		strings.Repeat("ab ", 66) + "c": "", // 199 characters
		strings.Repeat("a1b2 ", 41):     "password long",
		"é ü ö ñ ç":                     "password short", // characters, not bytes
		"196512171988031005":            "password digits",
		"17-08-1945!!":                  "password digits",
		"password123":                   "password common",
		"P@ssw0rd2026":                  "password common",
		"indonesia1945":                 "password common",
		"sayang-kamu":                   "password common",
		"2026Dukcapil!":                 "password common",
		"aaaaaaaaaaaa":                  "password common",
		"kopikopikopi":                  "password common",
		"siti@kota.example":             "password personal",
		"SitiRahma99":                   "password personal",
		"siti123456":                    "password personal",
		"rahma-rahmat":                  "",
		"kopi susu di loket":            "",
		"burung gereja":                 "password2 differs",
	} {
		again := password
		if strings.HasSuffix(want, "differs") {
			again += "x"
		}
		_, err := d.SetPassword(t.Context(), token, account.NewPassword{Password: password, Again: again}, account.Browser{})
		if want == "" {
			if err != nil {
				t.Errorf("%q is refused: %v", password, err)
			}
			if _, token, err = d.Reset(t.Context(), "command line", "siti@kota.example"); err != nil {
				t.Fatal(err)
			}
			continue
		}
		if got := faultsOf(err); !slices.Equal(got, []string{want}) || survey.CodeOf(err) != survey.Invalid {
			t.Errorf("%q: %v, want %s", password, got, want)
		}
	}
}

func TestALinkIsUsedUpByAPasswordAlone(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	in, err := d.try("siti@kota.example", good, "192.0.2.1", "")
	if err != nil {
		t.Fatal(err)
	}
	_, first, err := d.Reset(t.Context(), "command line", "siti@kota.example")
	if err != nil {
		t.Fatal(err)
	}
	_, second, err := d.Reset(t.Context(), "command line", "siti@kota.example")
	if err != nil {
		t.Fatal(err)
	}
	const fresh = "angin dari selatan"
	set := func(token, password string) error {
		_, err := d.SetPassword(t.Context(), token, account.NewPassword{Password: password, Again: password, Email: "jahat@kota.example", Name: "Jahat"}, account.Browser{})
		return err
	}
	for range 3 { // as scanners do
		if _, l, err := d.ByLink(t.Context(), second); err != nil || l.Purpose != access.Reset {
			t.Fatal(err)
		}
		if err := set(second, ""); survey.CodeOf(err) != survey.Invalid {
			t.Fatal(err)
		}
	}
	if s, err := d.Session(t.Context(), in.Token); err != nil || s == nil {
		t.Error("to look at a link ends sessions")
	}
	if err := set(second, fresh); err != nil {
		t.Fatal(err)
	}
	for name, token := range map[string]string{"used": second, "the other one": first, "foreign": strings.Repeat("A", 43), "none": "", "a path": "../../etc"} {
		if err := set(token, fresh); survey.CodeOf(err) != survey.NotFound {
			t.Errorf("%s: %v", name, err)
		}
	}
	if s, err := d.Session(t.Context(), in.Token); err != nil || s != nil {
		t.Error("a session of before is open")
	}
	if _, err := d.try("siti@kota.example", good, "192.0.2.1", ""); survey.CodeOf(err) != survey.Unauthorized {
		t.Errorf("the old password: %v", err)
	}
	if _, err := d.try("siti@kota.example", fresh, "192.0.2.1", ""); err != nil {
		t.Errorf("the new one: %v", err)
	}
	if p := d.stored("siti@kota.example"); p.Name != "Siti Rahma" || strings.Contains(p.Password, fresh) || !strings.HasPrefix(p.Password, "$argon2id$v=19$m=64,t=1,p=1$") {
		t.Errorf("stored: %+v", p)
	}
	told := 0
	if err := d.db.AuditLog(t.Context(), func(e audit.Entry) error {
		if e.Action == audit.SetPassword && e.Subject == d.siti.ID {
			told++
			if e.Actor != "Siti Rahma (siti@kota.example)" {
				t.Errorf("it was %s", e.Actor)
			}
		}
		return nil
	}); err != nil || told != 2 {
		t.Errorf("told %d times, %v", told, err)
	}
}

func TestALinkOfAClosedAccountAndAnOldOneOpenNothing(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	_, token, err := d.Reset(t.Context(), "command line", "siti@kota.example")
	if err != nil {
		t.Fatal(err)
	}
	d.passed.Add(int64(access.ResetFor))
	if _, _, err := d.ByLink(t.Context(), token); survey.CodeOf(err) != survey.Closed {
		t.Errorf("an old one: %v", err)
	}
	d.passed.Add(-int64(time.Second))
	if _, _, err := d.ByLink(t.Context(), token); err != nil {
		t.Errorf("a second before: %v", err)
	}
	p := d.stored("siti@kota.example")
	p.Disabled, p.Version = noon, p.Version+1
	if err := d.db.RecordPerson(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	if _, _, err := d.ByLink(t.Context(), token); survey.CodeOf(err) != survey.NotFound {
		t.Errorf("of a closed account: %v", err)
	}
}

func TestTheFirstAdministratorSaysWhoTheyAre(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	admin, err := access.NewPerson("admin@localhost", "Administrator", []access.Grant{{Role: access.Admin, Scope: access.City()}}, noon)
	if err != nil {
		t.Fatal(err)
	}
	link, token := access.NewLink(access.FirstAdmin, noon)
	admin.Links = []access.Link{link}
	if err := d.db.RecordPerson(t.Context(), admin); err != nil {
		t.Fatal(err)
	}
	set := func(email, name, password string) (account.SignInResult, error) {
		return d.SetPassword(t.Context(), token, account.NewPassword{Email: email, Name: name, Password: password, Again: password}, account.Browser{})
	}
	for _, tc := range []struct{ email, name, want string }{
		{"rina", "Rina", "email email"}, {"SITI@kota.example", "Rina", "email taken"}, {"rina@kota.example", strings.Repeat("n", 121), "name name"},
	} {
		if _, err := set(tc.email, tc.name, good); !slices.Contains(faultsOf(err), tc.want) {
			t.Errorf("%v: %v", tc, err)
		}
	}
	if _, err := set("rina@kota.example", "Rina Hasan", "rina-hasan-1"); !slices.Contains(faultsOf(err), "password personal") {
		t.Errorf("the name just given as password: %v", err)
	}
	in, err := set("Rina@kota.example", " Rina  Hasan ", good)
	if err != nil || in.Person.Email != "rina@kota.example" || in.Person.Name != "Rina Hasan" || !slices.Equal(in.Person.Grants, admin.Grants) {
		t.Errorf("%+v, %v", in.Person, err)
	}
}

func TestAPasswordIsChangedByWhoKnowsTheOldOne(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	here, err := d.try("siti@kota.example", good, "192.0.2.1", "")
	if err != nil {
		t.Fatal(err)
	}
	there, err := d.try("siti@kota.example", good, "192.0.2.2", "")
	if err != nil {
		t.Fatal(err)
	}
	const fresh = "angin dari selatan"
	change := func(old, password string) (account.SignInResult, error) {
		return d.ChangePassword(t.Context(), d.siti.ID, old, account.NewPassword{Password: password, Again: password}, account.Browser{Marks: here.Marks, Session: here.Token})
	}
	for _, tc := range [][3]string{{"salah", fresh, "old old"}, {good, "pendek", "password short"}, {good, good, "password same"}} {
		if _, err := change(tc[0], tc[1]); !slices.Equal(faultsOf(err), []string{tc[2]}) {
			t.Errorf("%v: %v", tc, err)
		}
	}
	in, err := change(good, fresh)
	if err != nil || in.Marks == here.Marks {
		t.Errorf("marks stay, or %v", err)
	}
	// Whoever has a copy of this browser's cookie is out too.
	for token, open := range map[string]bool{here.Token: false, there.Token: false, in.Token: true} {
		if s, err := d.Session(t.Context(), token); err != nil || (s != nil) != open {
			t.Errorf("open %v, want %v, %v", s != nil, open, err)
		}
	}
	for range 10 {
		if _, err := change("salah", good); survey.CodeOf(err) != survey.Invalid && survey.CodeOf(err) != survey.RateLimited {
			t.Fatal(err)
		}
	}
	if _, err := change(fresh, good); survey.CodeOf(err) != survey.RateLimited {
		t.Errorf("guessing the old one goes on: %v", err)
	}
}
