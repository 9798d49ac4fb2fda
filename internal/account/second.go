package account

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"slices"
	"strings"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/hotp"
	"github.com/pquerna/otp/totp"

	"persepsi/internal/access"
	"persepsi/internal/audit"
	"persepsi/survey"
)

const (
	// totpStep is how long an app shows a code.
	totpStep = 30 * time.Second
	// totpSkew is how many steps a phone's clock may be off, either way.
	totpSkew = 1
	// recoveryCodes is how many codes a person gets that stand in once for the app.
	recoveryCodes = 10
)

// secondPace is for wrong codes of one account: a right password came before each.
var secondPace = pace{5, time.Minute}

// BeginTOTP returns a new secret in base32, and the otpauth address that a symbol holds
// for an app. It is asked for at no sign-in before ConfirmTOTP, which has to follow within
// access.SetUpFor. Invalid names old: the
// password is not theirs; Conflict: the person has an app already.
func (a *Service) BeginTOTP(ctx context.Context, person, password, city string) (secret, address string, err error) {
	if _, err := a.knows(ctx, person, password, "the app was not taken"); err != nil {
		return "", "", err
	}
	_, err = a.change(ctx, person, func(p *access.Person) ([]audit.Entry, error) {
		if p.TwoFactors() {
			return nil, survey.Errorf(survey.Conflict, "there is an app already; remove it first")
		}
		key, err := appKey(city, p.Email, "")
		if err != nil {
			return nil, err
		}
		secret, address = key.Secret(), key.URL()
		p.TOTP = &access.TOTP{Secret: secret, Begun: a.moment()}
		return nil, nil
	})
	return secret, address, err
}

// ConfirmTOTP takes the first code that the app shows, asks for codes from now on, and
// returns the recovery codes, which are shown once, and a session in place of the one
// that the browser had: the person's other ones wait for a code now. Invalid names totp.
func (a *Service) ConfirmTOTP(ctx context.Context, person, code string, b Browser) (recovery []string, in SignInResult, err error) {
	p, err := a.change(ctx, person, func(p *access.Person) ([]audit.Entry, error) {
		switch {
		case p.SettingUp(a.now()) == nil:
			return nil, survey.Errorf(survey.Conflict, "no app is being set up, or it took too long")
		case !a.shows(p.TOTP, code):
			return nil, survey.Faulty("the app was not taken", []survey.Fault{{Field: "totp", Code: "wrong", Message: "is not what the app shows now"}})
		}
		p.TOTP.Confirmed = a.moment()
		recovery, p.Recovery = newRecovery()
		return []audit.Entry{a.entry(by(p), audit.AddTOTP, p)}, nil
	})
	if err != nil {
		return nil, SignInResult{}, err
	}
	in, err = a.open(ctx, p, b, true)
	return recovery, in, err
}

// RemoveTOTP takes the app and its recovery codes away, by one of their codes, ends all
// sessions of the person, which may have had it as second factor, and opens one that has
// none. Unauthorized: the code is wrong; RateLimited: too many were.
func (a *Service) RemoveTOTP(ctx context.Context, person, code string, b Browser) (SignInResult, error) {
	p, err := a.bySecond(ctx, person, code, b, func(p *access.Person) []audit.Entry {
		p.TOTP, p.Recovery = nil, nil
		return []audit.Entry{a.entry(by(p), audit.RemoveTOTP, p)}
	})
	if err != nil {
		return SignInResult{}, err
	}
	if err := a.store.EndSessions(ctx, person, access.Digest{}); err != nil {
		return SignInResult{}, err
	}
	return a.open(ctx, p, b, false)
}

// DropTOTP takes the app and its recovery codes away of somebody who lost both, and ends
// their sessions: who does that vouches for them. NotFound: nobody has the address.
func (a *Service) DropTOTP(ctx context.Context, who, email string) error {
	p, err := a.byEmail(ctx, email)
	if err != nil {
		return err
	}
	if p, err = a.change(ctx, p.ID, func(p *access.Person) ([]audit.Entry, error) {
		p.TOTP, p.Recovery = nil, nil
		return []audit.Entry{a.entry(who, audit.RemoveTOTP, p)}, nil
	}); err != nil {
		return err
	}
	return a.store.EndSessions(ctx, p.ID, access.Digest{})
}

// second takes a person's code as their second factor; each code is taken once.
// Unauthorized: it is wrong; RateLimited: too many were.
func (a *Service) second(ctx context.Context, person, code string, b Browser) (*access.Person, error) {
	return a.bySecond(ctx, person, code, b, func(*access.Person) []audit.Entry { return nil })
}

// bySecond changes a person by fn where a code is right. What the code was is not told
// to the audit, but that a recovery code was used is.
// Wrong codes are counted by account, and for browsers that signed in wholly before each by
// itself: who learned the password can't keep the owner out.
func (a *Service) bySecond(ctx context.Context, person, code string, b Browser, fn func(*access.Person) []audit.Entry) (*access.Person, error) {
	owner, err := a.store.PersonByID(ctx, person)
	if err != nil {
		return nil, err
	}
	counted := use{"second " + person, secondPace}
	if owner != nil {
		counted.key += " " + knownDevice(b.Marks, owner)
	}
	if wait := a.wrong.take(counted); wait > 0 {
		return nil, a.heldBack(ctx, owner, "codes", wait)
	}
	p, err := a.change(ctx, person, func(p *access.Person) ([]audit.Entry, error) {
		if p.TwoFactors() && a.shows(p.TOTP, code) {
			return fn(p), nil
		}
		i := slices.Index(p.Recovery, recoveryDigest(code))
		if !p.TwoFactors() || i < 0 {
			return nil, survey.Errorf(survey.Unauthorized, "the code is wrong, or was used already")
		}
		p.Recovery = slices.Delete(slices.Clone(p.Recovery), i, i+1)
		return append([]audit.Entry{a.entry(by(p), audit.UseRecovery, p)}, fn(p)...), nil
	})
	if survey.CodeOf(err) != survey.Unauthorized {
		a.wrong.giveBack(counted)
	}
	return p, err
}

// shows reports whether an app shows a code about now that was not taken before, and
// notes that it is taken.
func (a *Service) shows(t *access.TOTP, code string) bool {
	code = strings.Join(strings.Fields(code), "") // apps show 123 456
	step := a.now().Unix() / int64(totpStep/time.Second)
	for s := step - totpSkew; s <= step+totpSkew; s++ {
		if s > t.Step && hotp.Validate(code, uint64(s), t.Secret) { //nolint:gosec // steps since 1970 are positive
			t.Step = s
			return true
		}
	}
	return false
}

// newRecovery returns codes such as ABCD-EFGH-IJKL-MNOP, each of 80 bits, and their
// digests.
func newRecovery() (codes []string, digests []access.Digest) {
	for range recoveryCodes {
		text := rand.Text()[:16] // base32
		codes = append(codes, text[:4]+"-"+text[4:8]+"-"+text[8:12]+"-"+text[12:])
		digests = append(digests, recoveryDigest(text))
	}
	return codes, digests
}

// recoveryDigest returns the digest of a recovery code however it is typed.
func recoveryDigest(code string) access.Digest {
	code = strings.ToUpper(strings.Map(func(r rune) rune {
		if r == '-' || r == ' ' {
			return -1
		}
		return r
	}, code))
	return sha256.Sum256([]byte("recovery " + code))
}

// by is how the audit names a person who changes their own account.
func by(p *access.Person) string { return p.Name + " (" + p.Email + ")" }

// half reports whether a session waits for its person's second factor.
func half(p *access.Person, s *access.Session) bool { return p.TwoFactors() && !s.Second }

// Half reports whether a token's session waits for a second factor.
func (a *Service) Half(ctx context.Context, token string) (bool, error) {
	s, err := a.Session(ctx, token)
	if err != nil || s == nil {
		return false, err
	}
	p, err := a.openPerson(ctx, s.Person)
	return p != nil && half(p, s), err
}

// Factors is what a person proves who they are by.
type Factors struct {
	Password bool      // there is one
	Since    time.Time // since when an app is asked for; zero: it is not
	Recovery int       // recovery codes that were not used yet
	// Secret and Address are of an app that is being set up; empty: none is.
	Secret, Address string
}

// Factors returns what a person proves who they are by. NotFound: there is no such person.
func (a *Service) Factors(ctx context.Context, person, city string) (Factors, error) {
	p, err := a.store.PersonByID(ctx, person)
	switch {
	case err != nil:
		return Factors{}, err
	case p == nil:
		return Factors{}, survey.Errorf(survey.NotFound, "there is no person %q", survey.Printable(person))
	case p.TwoFactors():
		return Factors{Password: p.Password != "", Since: p.TOTP.Confirmed, Recovery: len(p.Recovery)}, nil
	case p.SettingUp(a.now()) == nil:
		return Factors{Password: p.Password != ""}, nil
	}
	key, err := appKey(city, p.Email, p.TOTP.Secret)
	if err != nil {
		return Factors{}, err
	}
	return Factors{Password: p.Password != "", Secret: p.TOTP.Secret, Address: key.URL()}, nil
}

// appKey returns what an app is set up by; without a secret it makes one.
func appKey(city, email, secret string) (*otp.Key, error) {
	opts := totp.GenerateOpts{Issuer: strings.ReplaceAll(city, ":", " "), AccountName: email} // a colon would end the city's name
	if secret != "" {
		raw, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(secret)
		if err != nil {
			return nil, err
		}
		opts.Secret = raw
	}
	return totp.Generate(opts)
}

// SecondFactor lets a session in whose person gave the right password and now a code,
// and opens another one in its place. Errors: those of second; Unauthorized where the
// session is over.
func (a *Service) SecondFactor(ctx context.Context, token, code string, b Browser) (SignInResult, error) {
	s, err := a.Session(ctx, token)
	if err != nil {
		return SignInResult{}, err
	}
	if s == nil {
		return SignInResult{}, survey.Errorf(survey.Unauthorized, "this sign-in took too long; begin again")
	}
	p, err := a.openPerson(ctx, s.Person)
	if err != nil {
		return SignInResult{}, err
	}
	if p == nil {
		return SignInResult{}, survey.Errorf(survey.Unauthorized, "this sign-in took too long; begin again")
	}
	if p, err = a.second(ctx, p.ID, code, b); err != nil {
		return SignInResult{}, err
	}
	b.Session = token
	return a.open(ctx, p, b, true)
}
