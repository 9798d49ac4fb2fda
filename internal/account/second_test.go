package account_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"persepsi/internal/access"
	"persepsi/internal/account"
	"persepsi/survey"
)

// shown is what an app shows some time from now.
func (d *desk) shown(secret string, later time.Duration) string {
	d.t.Helper()
	code, err := totp.GenerateCode(secret, d.now().Add(later))
	if err != nil {
		d.t.Fatal(err)
	}
	return code
}

// withApp is a desk where Siti has an app.
func withApp(t *testing.T) (d *desk, secret string, recovery []string) {
	t.Helper()
	d = newDesk(t)
	secret, address, err := d.BeginTOTP(t.Context(), d.siti.ID, good, "Kota: Contoh")
	if err != nil || !strings.HasPrefix(address, "otpauth://totp/Kota") || !strings.Contains(address, secret) || strings.Contains(address, "Kota:") || strings.Contains(address, "Kota%3A") {
		t.Fatalf("address %q, err = %v", address, err)
	}
	before := d.half()
	recovery, in, err := d.ConfirmTOTP(t.Context(), d.siti.ID, d.shown(secret, 0), account.Browser{Session: before.Token})
	if err != nil || len(recovery) != 10 || in.Half || d.session(before.Token) != nil {
		t.Fatalf("%d recovery codes, half %v, err = %v", len(recovery), in.Half, err)
	}
	if s := d.session(in.Token); s == nil || !s.Second {
		t.Fatalf("who set it up goes on with %+v", s)
	}
	d.passed.Add(int64(10 * time.Minute)) // other codes
	return d, secret, recovery
}

// half signs Siti in by her password alone.
func (d *desk) half() account.SignInResult {
	d.t.Helper()
	in, err := d.SignIn(d.t.Context(), account.Attempt{Email: d.siti.Email, Password: good})
	if err != nil {
		d.t.Fatal(err)
	}
	return in
}

func (d *desk) session(token string) *access.Session {
	d.t.Helper()
	s, err := d.Session(d.t.Context(), token)
	if err != nil {
		d.t.Fatal(err)
	}
	return s
}

func TestACodeOfTheAppMakesASessionWhole(t *testing.T) {
	t.Parallel()
	d, secret, _ := withApp(t)
	in := d.half()
	if s := d.session(in.Token); s == nil || s.Second || !in.Half {
		t.Fatalf("after the password: %+v, half %v", s, in.Half)
	}
	if waits, err := d.Half(t.Context(), in.Token); err != nil || !waits {
		t.Errorf("the session waits %v, err = %v", waits, err)
	}
	code := d.shown(secret, 0)
	whole, err := d.SecondFactor(t.Context(), in.Token, code[:3]+" "+code[3:], account.Browser{Name: "Firefox"})
	if err != nil {
		t.Fatal(err)
	}
	if s := d.session(whole.Token); s == nil || !s.Second || s.Person != d.siti.ID || whole.Half {
		t.Errorf("after the code: %+v, half %v", s, whole.Half)
	}
	if waits, err := d.Half(t.Context(), whole.Token); err != nil || waits {
		t.Errorf("the whole session waits %v, err = %v", waits, err)
	}
	if d.session(in.Token) != nil || whole.Token == in.Token {
		t.Error("the half session goes on")
	}
	if _, err := d.SecondFactor(t.Context(), in.Token, d.shown(secret, 0), account.Browser{}); survey.CodeOf(err) != survey.Unauthorized {
		t.Errorf("a session that is over: %v", err)
	}
	if _, err := d.SecondFactor(t.Context(), d.half().Token, code, account.Browser{}); survey.CodeOf(err) != survey.Unauthorized {
		t.Errorf("the same code again: %v", err)
	}
	d.passed.Add(int64(time.Minute))
	in = d.half()
	closed := d.stored(d.siti.Email)
	closed.Disabled, closed.Version = noon, closed.Version+1
	if err := d.db.RecordPerson(t.Context(), closed); err != nil {
		t.Fatal(err)
	}
	if _, err := d.SecondFactor(t.Context(), in.Token, d.shown(secret, 0), account.Browser{}); survey.CodeOf(err) != survey.Unauthorized {
		t.Errorf("an account that was closed meanwhile: %v", err)
	}
}

func TestWhichCodesAreTaken(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name  string
		code  func(d *desk, secret string, recovery []string) string
		right bool
	}{
		{"now", func(d *desk, s string, _ []string) string { return d.shown(s, 0) }, true},
		{"by a clock that goes before ours", func(d *desk, s string, _ []string) string { return d.shown(s, 30*time.Second) }, true},
		{"by one that goes after", func(d *desk, s string, _ []string) string { return d.shown(s, -30*time.Second) }, true},
		{"of two steps before", func(d *desk, s string, _ []string) string { return d.shown(s, -time.Minute) }, false},
		{"of two steps after", func(d *desk, s string, _ []string) string { return d.shown(s, time.Minute) }, false},
		{"of another secret", func(d *desk, _ string, _ []string) string { return d.shown("JBSWY3DPEHPK3PXP", 0) }, false},
		{"a recovery code", func(_ *desk, _ string, r []string) string { return r[3] }, true},
		{"a recovery code as people type", func(_ *desk, _ string, r []string) string {
			return " " + strings.ToLower(strings.ReplaceAll(r[3], "-", " "))
		}, true},
		{"half of one", func(_ *desk, _ string, r []string) string { return r[3][:9] }, false},
		{"nothing", func(*desk, string, []string) string { return "" }, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			d, secret, recovery := withApp(t)
			code := tc.code(d, secret, recovery)
			_, err := d.SecondFactor(t.Context(), d.half().Token, code, account.Browser{})
			if (err == nil) != tc.right || err != nil && survey.CodeOf(err) != survey.Unauthorized {
				t.Fatalf("err = %v, want right %v", err, tc.right)
			}
			if !tc.right {
				return
			}
			if _, err := d.SecondFactor(t.Context(), d.half().Token, code, account.Browser{}); survey.CodeOf(err) != survey.Unauthorized {
				t.Errorf("once more: %v", err)
			}
		})
	}
}

func TestWrongCodesAreCountedAndRightOnesAreNot(t *testing.T) {
	t.Parallel()
	d, secret, recovery := withApp(t)
	for _, code := range recovery[:7] {
		if _, err := d.SecondFactor(t.Context(), d.half().Token, code, account.Browser{}); err != nil {
			t.Fatal(err)
		}
	}
	for range 5 {
		if _, err := d.SecondFactor(t.Context(), d.half().Token, "000 000", account.Browser{}); survey.CodeOf(err) != survey.Unauthorized {
			t.Fatal(err)
		}
	}
	if _, err := d.SecondFactor(t.Context(), d.half().Token, d.shown(secret, 0), account.Browser{}); survey.CodeOf(err) != survey.RateLimited {
		t.Errorf("after five wrong ones: %v", err)
	}
	if got := told(t, d.db); !strings.HasSuffix(got[len(got)-1], ": hold_back") {
		t.Errorf("the audit ends with %q", got[len(got)-1])
	}
	before := len(told(t, d.db))
	if _, err := d.SecondFactor(t.Context(), d.half().Token, "000 000", account.Browser{}); survey.CodeOf(err) != survey.RateLimited || len(told(t, d.db)) != before {
		t.Errorf("once more: %v, and the audit is told again", err)
	}
	d.passed.Add(int64(time.Minute))
	if _, err := d.SecondFactor(t.Context(), d.half().Token, d.shown(secret, 0), account.Browser{}); err != nil {
		t.Errorf("a minute later: %v", err)
	}
}

func TestASessionThatLacksItsSecondFactorIsOverSoon(t *testing.T) {
	t.Parallel()
	d, secret, _ := withApp(t)
	in := d.half()
	d.passed.Add(int64(access.CeremonyFor))
	if waits, err := d.Half(t.Context(), in.Token); err != nil || waits {
		t.Errorf("it still waits: %v, err = %v", waits, err)
	}
	if _, err := d.SecondFactor(t.Context(), in.Token, d.shown(secret, 0), account.Browser{}); survey.CodeOf(err) != survey.Unauthorized {
		t.Errorf("the right code, too late: %v", err)
	}
	whole, err := d.SecondFactor(t.Context(), d.half().Token, d.shown(secret, 0), account.Browser{})
	if err != nil {
		t.Fatal(err)
	}
	d.passed.Add(int64(access.CeremonyFor))
	if d.session(whole.Token) == nil {
		t.Error("a whole session is over too")
	}
}

func TestAnAppThatIsNotConfirmedInTimeWasNeverBegun(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	secret, _, err := d.BeginTOTP(t.Context(), d.siti.ID, good, "Kota")
	if err != nil {
		t.Fatal(err)
	}
	d.passed.Add(int64(access.SetUpFor - time.Second))
	if has, err := d.Factors(t.Context(), d.siti.ID, "Kota"); err != nil || has.Secret != secret {
		t.Errorf("just before: %+v, err = %v", has, err)
	}
	d.passed.Add(int64(time.Second))
	if has, err := d.Factors(t.Context(), d.siti.ID, "Kota"); err != nil || has != (account.Factors{Password: true}) {
		t.Errorf("afterwards: %+v, err = %v", has, err)
	}
	if _, _, err := d.ConfirmTOTP(t.Context(), d.siti.ID, d.shown(secret, 0), account.Browser{}); survey.CodeOf(err) != survey.Conflict {
		t.Errorf("the right code, too late: %v", err)
	}
	if secret, _, err = d.BeginTOTP(t.Context(), d.siti.ID, good, "Kota"); err != nil {
		t.Fatal(err)
	}
	if _, _, err := d.ConfirmTOTP(t.Context(), d.siti.ID, d.shown(secret, 0), account.Browser{}); err != nil {
		t.Errorf("begun anew: %v", err)
	}
}

// Whoever learned the password and guesses codes does not keep the owner out.
func TestAKnownBrowserHasACountOfWrongCodesOfItsOwn(t *testing.T) {
	t.Parallel()
	d, secret, _ := withApp(t)
	own, err := d.SecondFactor(t.Context(), d.half().Token, d.shown(secret, 0), account.Browser{})
	if err != nil || own.Marks == "" {
		t.Fatalf("marks %q, err = %v", own.Marks, err)
	}
	d.passed.Add(int64(time.Minute))
	for range 6 {
		thief := d.half()
		if thief.Marks != "" {
			t.Fatal("a password alone makes a browser known")
		}
		_, err = d.SecondFactor(t.Context(), thief.Token, "000000", account.Browser{Marks: thief.Marks})
	}
	if survey.CodeOf(err) != survey.RateLimited {
		t.Fatalf("six wrong codes: %v", err)
	}
	if _, err := d.SecondFactor(t.Context(), d.half().Token, d.shown(secret, 0), account.Browser{Marks: own.Marks}); err != nil {
		t.Errorf("the owner's browser: %v", err)
	}
}

func TestAnAppIsSetUpByItsCodeAndRemovedByOne(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	if _, _, err := d.ConfirmTOTP(t.Context(), d.siti.ID, "000000", account.Browser{}); survey.CodeOf(err) != survey.Conflict {
		t.Errorf("none is set up: %v", err)
	}
	if _, _, err := d.BeginTOTP(t.Context(), d.siti.ID, "salah", "Kota"); !slices.Equal(faultsOf(err), []string{"old old"}) || d.stored(d.siti.Email).TOTP != nil {
		t.Errorf("by somebody who does not know the password: %v", err)
	}
	old, _, err := d.BeginTOTP(t.Context(), d.siti.ID, good, "Kota")
	if err != nil {
		t.Fatal(err)
	}
	secret, address, err := d.BeginTOTP(t.Context(), d.siti.ID, good, "Kota")
	if err != nil || secret == old {
		t.Fatalf("begun anew: err = %v", err)
	}
	if has, err := d.Factors(t.Context(), d.siti.ID, "Kota"); err != nil || has != (account.Factors{Password: true, Secret: secret, Address: address}) {
		t.Errorf("being set up: %+v, err = %v, want %s", has, err, address)
	}
	if s := d.session(d.half().Token); s == nil {
		t.Error("who only began has lost their account")
	}
	if _, err := d.RemoveTOTP(t.Context(), d.siti.ID, d.shown(secret, 0), account.Browser{}); survey.CodeOf(err) != survey.Unauthorized {
		t.Errorf("what is not confirmed is removed: %v", err)
	}
	if _, _, err := d.ConfirmTOTP(t.Context(), d.siti.ID, d.shown(old, 0), account.Browser{}); survey.CodeOf(err) != survey.Invalid {
		t.Errorf("the code of the old secret: %v", err)
	}
	if _, _, err := d.ConfirmTOTP(t.Context(), d.siti.ID, d.shown(secret, 0), account.Browser{}); err != nil {
		t.Fatal(err)
	}
	if has, err := d.Factors(t.Context(), d.siti.ID, "Kota"); err != nil || has != (account.Factors{Password: true, Since: d.now(), Recovery: 10}) {
		t.Errorf("set up: %+v, err = %v", has, err)
	}
	if _, _, err := d.BeginTOTP(t.Context(), d.siti.ID, good, "Kota"); survey.CodeOf(err) != survey.Conflict {
		t.Errorf("a second app: %v", err)
	}
	if _, _, err := d.ConfirmTOTP(t.Context(), d.siti.ID, d.shown(secret, 30*time.Second), account.Browser{}); survey.CodeOf(err) != survey.Conflict {
		t.Errorf("confirmed again: %v", err)
	}
	d.passed.Add(int64(time.Minute))
	other, err := d.SecondFactor(t.Context(), d.half().Token, d.shown(secret, -30*time.Second), account.Browser{})
	if err != nil || !other.Second {
		t.Fatalf("second %v, err = %v", other.Second, err)
	}
	in, err := d.RemoveTOTP(t.Context(), d.siti.ID, d.shown(secret, 0), account.Browser{})
	if err != nil || in.Half || in.Second || d.session(other.Token) != nil {
		t.Fatalf("half %v, second %v, err = %v, or another session goes on", in.Half, in.Second, err)
	}
	if s := d.session(in.Token); s == nil || s.Second {
		t.Errorf("who removed it goes on with %+v", s)
	}
	if p := d.stored(d.siti.Email); p.TOTP != nil || p.Recovery != nil {
		t.Errorf("left are %+v, %v", p.TOTP, p.Recovery)
	}
	if has, err := d.Factors(t.Context(), d.siti.ID, "Kota"); err != nil || has != (account.Factors{Password: true}) {
		t.Errorf("removed: %+v, err = %v", has, err)
	}
	if _, err := d.Factors(t.Context(), "nobody", "Kota"); survey.CodeOf(err) != survey.NotFound {
		t.Errorf("of nobody: %v", err)
	}
	got := told(t, d.db)
	if tail := got[len(got)-2:]; !slices.Equal(tail, []string{"Siti Rahma (siti@kota.example): add_totp", "Siti Rahma (siti@kota.example): remove_totp"}) {
		t.Errorf("the audit tells %v", tail)
	}
}

func TestSomebodyElseTakesALostAppAway(t *testing.T) {
	t.Parallel()
	d, secret, _ := withApp(t)
	whole, err := d.SecondFactor(t.Context(), d.half().Token, d.shown(secret, 0), account.Browser{})
	if err != nil {
		t.Fatal(err)
	}
	if err := d.DropTOTP(t.Context(), "command line", "nobody@kota.example"); survey.CodeOf(err) != survey.NotFound {
		t.Errorf("of nobody: %v", err)
	}
	if err := d.DropTOTP(t.Context(), "command line", d.siti.Email); err != nil {
		t.Fatal(err)
	}
	if p := d.stored(d.siti.Email); p.TOTP != nil || p.Recovery != nil || d.session(whole.Token) != nil || d.half().Half {
		t.Errorf("left are %+v, %v, or a session", p.TOTP, p.Recovery)
	}
	if got := told(t, d.db); got[len(got)-1] != "command line: remove_totp" {
		t.Errorf("the audit tells %v", got)
	}
}

func TestTheAuditTellsThatARecoveryCodeWasUsedAndNotWhich(t *testing.T) {
	t.Parallel()
	d, _, recovery := withApp(t)
	if _, err := d.SecondFactor(t.Context(), d.half().Token, recovery[0], account.Browser{}); err != nil {
		t.Fatal(err)
	}
	text := strings.Join(told(t, d.db), "\n")
	if !strings.HasSuffix(text, ": use_recovery") || strings.Contains(text, recovery[0]) {
		t.Errorf("the audit tells\n%s", text)
	}
}
