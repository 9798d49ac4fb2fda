package account_test

import (
	"cmp"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"persepsi/internal/access"
	"persepsi/internal/account"
	"persepsi/internal/sqlite"
	"persepsi/survey"
)

const good = "tiga burung gereja"

// counting is a cheap hasher that counts what it is asked.
type counting struct {
	account.Argon2id
	checked, running, most atomic.Int64
	held                   chan struct{} // if not nil, each check waits for it
	begun                  chan struct{} // if not nil, each check says so here before
	fails                  error         // of each check and each new hash
}

func (c *counting) Hash(password string) (string, error) {
	hash, err := c.Argon2id.Hash(password)
	return hash, cmp.Or(c.fails, err)
}

func (c *counting) Matches(password, hash string) (bool, error) {
	c.checked.Add(1)
	n := c.running.Add(1)
	defer c.running.Add(-1)
	for old := c.most.Load(); n > old && !c.most.CompareAndSwap(old, n); old = c.most.Load() {
	}
	if c.begun != nil {
		c.begun <- struct{}{}
	}
	if c.held != nil {
		<-c.held
	}
	right, err := c.Argon2id.Matches(password, hash)
	return right, cmp.Or(c.fails, err)
}

// desk is a service with a clock, a person who has a password, one who has none and
// one whose account is closed.
type desk struct {
	*account.Service
	db     *sqlite.DB
	hasher *counting
	passed atomic.Int64
	siti   access.Person
	t      *testing.T
}

func (d *desk) now() time.Time { return noon.Add(time.Duration(d.passed.Load())) }

func newDesk(t *testing.T) *desk {
	t.Helper()
	db := store(t)
	d := &desk{db: db, hasher: &counting{Argon2id: account.Argon2id{Memory: 64, Passes: 1}}, t: t}
	d.Service = account.New(db, d.now, account.HashedBy(d.hasher))
	d.siti = d.person("siti@kota.example", good)
	d.person("tutup@kota.example", good)
	closed := d.stored("tutup@kota.example")
	closed.Disabled, closed.Version = noon, closed.Version+1
	if err := db.RecordPerson(t.Context(), closed); err != nil {
		t.Fatal(err)
	}
	if _, _, err := d.Invite(t.Context(), "command line", "baru@kota.example", "Orang Baru", nil); err != nil {
		t.Fatal(err)
	}
	return d
}

// person invites somebody, who sets a password.
func (d *desk) person(email, password string) access.Person {
	d.t.Helper()
	_, token, err := d.Invite(d.t.Context(), "command line", email, "Siti Rahma", nil)
	if err != nil {
		d.t.Fatal(err)
	}
	in, err := d.SetPassword(d.t.Context(), token, account.NewPassword{Password: password, Again: password}, account.Browser{})
	if err != nil {
		d.t.Fatal(err)
	}
	return in.Person
}

func (d *desk) stored(email string) access.Person {
	d.t.Helper()
	people, err := d.db.People(d.t.Context())
	if err != nil {
		d.t.Fatal(err)
	}
	i := slices.IndexFunc(people, func(p access.Person) bool { return p.Email == email })
	return people[i]
}

// try signs in from an address, by a browser with marks.
func (d *desk) try(email, password, from, marks string) (account.SignInResult, error) {
	return d.SignIn(d.t.Context(), account.Attempt{Email: email, Password: password, From: netip.MustParseAddr(from), Browser: account.Browser{Marks: marks}})
}

func TestWhoCanNotSignInLearnsNothingOfTheAccount(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	said := map[string]bool{}
	for name, try := range map[string][2]string{
		"an unknown account": {"nobody@kota.example", good}, "a wrong password": {"siti@kota.example", "x"}, "a closed account": {"tutup@kota.example", good},
		"one without a password": {"baru@kota.example", good}, "no password for it": {"baru@kota.example", ""}, "no address": {"siti", good}, "nothing": {"", ""},
	} {
		before := d.hasher.checked.Load()
		_, err := d.try(try[0], try[1], "192.0.2.1", "")
		if survey.CodeOf(err) != survey.Unauthorized {
			t.Errorf("%s: %v", name, err)
		}
		if n := d.hasher.checked.Load() - before; n != 1 {
			t.Errorf("%s: %d hashes were computed", name, n)
		}
		said[err.Error()] = true
	}
	if len(said) != 1 {
		t.Errorf("they read differently: %v", said)
	}
	in, err := d.try(" Siti@Kota.Example ", good, "192.0.2.1", "")
	if err != nil || in.Person.ID != d.siti.ID {
		t.Fatalf("the right password: %v", err)
	}
	if s, err := d.Session(t.Context(), in.Token); err != nil || s == nil || s.Person != d.siti.ID {
		t.Errorf("the session is %+v, %v", s, err)
	}
}

func TestSigningInEndsTheSessionThatTheBrowserHad(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	planted, err := d.try("siti@kota.example", good, "192.0.2.1", "")
	if err != nil {
		t.Fatal(err)
	}
	second, err := d.SignIn(t.Context(), account.Attempt{Email: "siti@kota.example", Password: good, Browser: account.Browser{Session: planted.Token}})
	if err != nil || second.Token == planted.Token {
		t.Fatalf("the token stays, or %v", err)
	}
	for token, open := range map[string]bool{planted.Token: false, second.Token: true, strings.Repeat("A", 43): false, "": false} {
		if s, err := d.Session(t.Context(), token); err != nil || (s != nil) != open {
			t.Errorf("%q is open: %v, %v", token, s != nil, err)
		}
	}
}

func TestNobodyLocksTheOwnerOut(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	own, err := d.try("siti@kota.example", good, "192.0.2.1", "")
	if err != nil {
		t.Fatal(err)
	}
	wrong := func(from, marks string) survey.Code {
		_, err := d.try("siti@kota.example", "salah", from, marks)
		return survey.CodeOf(err)
	}
	for i := range 10 {
		if got := wrong("198.51.100.1", ""); got != survey.Unauthorized {
			t.Fatalf("wrong password %d: %s", i+1, got)
		}
	}
	if _, err := d.try("siti@kota.example", good, "198.51.100.1", ""); survey.CodeOf(err) != survey.RateLimited {
		t.Errorf("even the right one, after ten wrong ones from there: %v", err)
	}
	if got := wrong("198.51.100.2", ""); got != survey.Unauthorized {
		t.Errorf("from another address: %s", got)
	}
	for i := range 39 { // from a net of addresses
		wrong(fmt.Sprintf("203.0.113.%d", i+1), "")
	}
	before := d.hasher.checked.Load()
	if got := wrong("203.0.113.77", ""); got != survey.RateLimited || d.hasher.checked.Load() != before {
		t.Errorf("the 51st: %s", got)
	}
	// Whoever signed in before goes on, from wherever.
	if _, err := d.try("siti@kota.example", good, "198.51.100.1", own.Marks); err != nil {
		t.Errorf("the owner is locked out: %v", err)
	}
	// A mark of another account, or one that is made up, is none.
	other := d.person("budi@kota.example", good)
	budi, err := d.try(other.Email, good, "192.0.2.9", "")
	if err != nil {
		t.Fatal(err)
	}
	forged := "A" + own.Marks[1:]
	if forged == own.Marks {
		forged = "B" + own.Marks[1:]
	}
	for _, marks := range []string{budi.Marks, strings.Repeat("A", 43), forged, "x", ""} {
		if got := wrong("203.0.113.78", marks); got != survey.RateLimited {
			t.Errorf("marks %q: %s", marks, got)
		}
	}
	// A known browser that guesses is held back too.
	for range 10 {
		wrong("192.0.2.1", own.Marks)
	}
	// Only now the audit is told: before nobody had proved anything.
	if got := told(t, d.db); slices.ContainsFunc(got, isHold) {
		t.Errorf("the audit tells of strangers: %v", got)
	}
	defer func() {
		if got := told(t, d.db); !slices.ContainsFunc(got, isHold) {
			t.Errorf("the audit does not tell of the known browser: %v", got)
		}
	}()
	if got := wrong("192.0.2.1", own.Marks); got != survey.RateLimited {
		t.Errorf("a known browser guesses on: %s", got)
	}
	d.passed.Add(int64(time.Minute))
	if _, err := d.try("siti@kota.example", good, "192.0.2.1", own.Marks); err != nil {
		t.Errorf("after the time: %v", err)
	}
	// A browser is known to several accounts; a new password ends its marks.
	both, err := d.try(other.Email, good, "192.0.2.1", own.Marks)
	if err != nil || len(strings.Split(both.Marks, ".")) != 2 {
		t.Errorf("marks of two: %q, %v", both.Marks, err)
	}
	if strings.Contains(both.Marks, d.siti.ID) || strings.Contains(both.Marks, "siti") {
		t.Error("the marks tell of a person")
	}
}

func TestRightPasswordsAreNotCounted(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	for i := range 25 {
		if _, err := d.try("siti@kota.example", good, "192.0.2.1", ""); err != nil {
			t.Fatalf("sign-in %d: %v", i+1, err)
		}
	}
}

func isHold(line string) bool { return strings.HasSuffix(line, ": hold_back") }

func TestOneAddressCanNotTryAPasswordOnEveryAccount(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	last := survey.Code("")
	for i := range 101 {
		_, err := d.try(fmt.Sprintf("p%d@kota.example", i), good, "198.51.100.7", "")
		last = survey.CodeOf(err)
	}
	if last != survey.RateLimited {
		t.Errorf("account 101: %s", last)
	}
}

// A flood costs two hashes' memory at once, and those who are known don't wait for it.
func TestAFloodComputesFewHashesAtOnce(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	own, err := d.try("siti@kota.example", good, "192.0.2.1", "")
	if err != nil {
		t.Fatal(err)
	}
	const flood = 30
	d.hasher.held, d.hasher.begun = make(chan struct{}), make(chan struct{}, flood+1)
	codes := make(chan survey.Code, flood)
	for i := range flood {
		go func() {
			_, err := d.try(fmt.Sprintf("p%d@kota.example", i), good, fmt.Sprintf("203.0.113.%d", i+1), "")
			codes <- survey.CodeOf(err)
		}()
	}
	for range flood - 17 { // one computes and sixteen wait
		if got := <-codes; got != survey.RateLimited {
			t.Fatalf("one too many: %s", got)
		}
	}
	in := make(chan error, 1)
	go func() {
		_, err := d.try("siti@kota.example", good, "192.0.2.1", own.Marks)
		in <- err
	}()
	for range 2 { // one of the flood, and the owner
		select {
		case err := <-in:
			close(d.hasher.held)
			t.Fatalf("the owner is held back: %v", err)
		case <-d.hasher.begun:
		}
	}
	close(d.hasher.held)
	if err := <-in; err != nil {
		t.Errorf("the owner: %v", err)
	}
	for range 17 {
		if got := <-codes; got != survey.Unauthorized {
			t.Errorf("one who waited: %s", got)
		}
	}
	if n := d.hasher.most.Load(); n != 2 {
		t.Errorf("%d at once", n)
	}
}

func TestAPasswordThatCouldNotBeCheckedOpensNothingAndIsNotCountedAsWrong(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	_, token, err := d.Reset(t.Context(), by, d.siti.Email)
	if err != nil {
		t.Fatal(err)
	}
	password := account.NewPassword{Password: "angin dari selatan", Again: "angin dari selatan"}
	d.hasher.fails = errBroken
	for range 11 { // more than wrong ones are borne
		for name, do := range map[string]func() (account.SignInResult, error){
			"a sign-in": func() (account.SignInResult, error) { return d.try(d.siti.Email, good, "192.0.2.1", "") },
			"of nobody": func() (account.SignInResult, error) { return d.try("nobody@kota.example", good, "192.0.2.1", "") },
			"by a link": func() (account.SignInResult, error) {
				return d.SetPassword(t.Context(), token, password, account.Browser{})
			},
			"another one": func() (account.SignInResult, error) {
				return d.ChangePassword(t.Context(), d.siti.ID, good, password, account.Browser{})
			},
		} {
			if in, err := do(); !errors.Is(err, errBroken) || in.Token != "" {
				t.Fatalf("%s: err = %v", name, err)
			}
		}
	}
	d.hasher.fails = nil
	if _, err := d.try(d.siti.Email, good, "192.0.2.1", ""); err != nil {
		t.Errorf("a sign-in: %v", err)
	}
	if _, err := d.ChangePassword(t.Context(), d.siti.ID, good, password, account.Browser{}); err != nil {
		t.Errorf("another password: %v", err)
	}
}

func TestADemonstrationsPeopleAloneEnterWithoutAProof(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	demo := access.DemoPerson("Peninjau", access.Viewer, access.City(), noon)
	closed, proved := demo, demo
	closed.ID, closed.Email, closed.Disabled = demo.ID+"2", "tutup2@kota.example", noon
	proved.ID, proved.Email, proved.Password = demo.ID+"3", "sandi@kota.example", d.stored(d.siti.Email).Password
	for _, p := range []access.Person{demo, closed, proved} {
		if err := d.db.RecordPerson(t.Context(), p); err != nil {
			t.Fatal(err)
		}
	}
	invited := d.stored("baru@kota.example") // who has no password
	for id, want := range map[string]bool{demo.ID: true, closed.ID: false, proved.ID: false, d.siti.ID: false, invited.ID: false, "nobody": false, "": false} {
		in, err := d.EnterDemo(t.Context(), id, account.Browser{})
		if want && (err != nil || in.Person.ID != id || in.Second) || !want && (survey.CodeOf(err) != survey.Unauthorized || in.Token != "") {
			t.Errorf("%q: %+v, err = %v", id, in, err)
		}
	}
}
