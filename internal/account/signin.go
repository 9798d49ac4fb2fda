package account

import (
	"context"
	"errors"
	"net/netip"
	"slices"
	"time"

	"persepsi/internal/access"
	"persepsi/internal/audit"
	"persepsi/survey"
)

// Attempt is what somebody who signs in sends.
type Attempt struct {
	Email, Password string
	// From is where it came from.
	From netip.Addr
	Browser
}

// Browser is what a browser brings along.
type Browser struct {
	Name    string // what it says it is, in a few words
	Marks   string // of the accounts that it signed in to: see SignInResult
	Session string // the token of the session that it has; empty: none
}

// SignInResult is who signed in, and what their browser is to keep.
type SignInResult struct {
	Person access.Person
	Token  string // of the session
	// Half says that the session opens nothing yet: their account has a second factor.
	Half   bool
	Second bool // a second factor was given
	Marks  string
}

// SignIn opens a session by e-mail and password, and ends the one that the browser
// had. Unauthorized: an unknown account, a wrong password, a closed account, one
// without a password; these read the same and take the same time. RateLimited: too
// many were wrong.
func (a *Service) SignIn(ctx context.Context, try Attempt) (SignInResult, error) {
	address, err := access.CleanEmail(try.Email)
	if err != nil {
		address = "" // nobody's
	}
	p, err := a.store.PersonByEmail(ctx, address)
	if err != nil {
		return SignInResult{}, err
	}
	mark := ""
	if p != nil {
		mark = knownDevice(try.Marks, p)
	}
	gate, uses := a.strangers, []use{
		{"pair " + address + " " + try.From.String(), pairPace}, {"account " + address, accountPace}, {"address " + try.From.String(), addressPace},
	}
	if mark != "" {
		gate, uses = a.known, []use{{"device " + address + " " + mark, devicePace}}
	}
	if wait := a.wrong.take(uses...); wait > 0 {
		if mark != "" {
			return SignInResult{}, a.heldBack(ctx, p, "passwords", wait)
		}
		// Not told to the audit: anybody may cause it, and the time that telling takes
		// would say whose addresses have accounts.
		return SignInResult{}, tooMany("passwords", wait)
	}
	right := false
	if err := gate.pass(func() error {
		right, err = a.proves(p, try.Password)
		return err
	}); err != nil {
		a.wrong.giveBack(uses...)
		return SignInResult{}, err
	}
	if !right {
		return SignInResult{}, survey.Errorf(survey.Unauthorized, "the e-mail address or the password is wrong")
	}
	a.wrong.giveBack(uses...)
	return a.open(ctx, p, try.Browser, false)
}

func tooMany(what string, wait time.Duration) error {
	return &survey.Error{Code: survey.RateLimited, Message: "too many wrong " + what + "; try again later", RetryAfter: wait}
}

// toldPace is how often the audit is told that somebody was held back at an account.
var toldPace = pace{1, 24 * time.Hour}

// heldBack refuses somebody who had one proof of an account, its password, an open session
// or a browser that signed in to it, and was wrong too often at another: that is told to
// the audit.
func (a *Service) heldBack(ctx context.Context, p *access.Person, what string, wait time.Duration) error {
	if p != nil && a.wrong.take(use{"told " + p.ID + " " + what, toldPace}) == 0 {
		said := a.entry("somebody", audit.HoldBack, p)
		said.Reason = "too many wrong " + what
		if err := a.store.Audit(ctx, said); err != nil {
			return err
		}
	}
	return tooMany(what, wait)
}

// proves reports whether a password opens a person's account; nil is nobody. A hash is
// computed whoever it is.
func (a *Service) proves(p *access.Person, password string) (bool, error) {
	hash, there := "", p != nil && p.Open() && p.Password != ""
	if there {
		hash = p.Password
	} else {
		var err error
		if hash, err = a.nobodys(); err != nil {
			return false, err
		}
	}
	right, err := a.hasher.Matches(clean(password), hash)
	return right && there, err
}

// EnterDemo opens a session of one of a demonstration's people, who have no password, and
// ends the one that the browser had. That the city is a demonstration is for whoever
// calls it to know. Unauthorized: there is no such person.
func (a *Service) EnterDemo(ctx context.Context, person string, b Browser) (SignInResult, error) {
	p, err := a.openPerson(ctx, person)
	if err != nil {
		return SignInResult{}, err
	}
	if p == nil || !access.IsDemo(p.ID) || p.Proves() {
		return SignInResult{}, survey.Errorf(survey.Unauthorized, "the demonstration has no such person")
	}
	return a.open(ctx, p, b, false)
}

// open opens a session of a person and ends the one that their browser had: nobody who
// planted that one learns the new one.
func (a *Service) open(ctx context.Context, p *access.Person, b Browser, second bool) (SignInResult, error) {
	session, token := access.NewSession(p.ID, b.Name, second, a.moment())
	if half(p, &session) {
		session.Expires = session.At.Add(access.CeremonyFor)
	}
	if err := a.store.AddSession(ctx, session); err != nil {
		return SignInResult{}, err
	}
	if err := a.SignOut(ctx, b.Session); err != nil {
		return SignInResult{}, err
	}
	// Whoever sets another password ends all sessions, and may have done so just
	// before this one was stored.
	now, err := a.store.PersonByID(ctx, p.ID)
	if err == nil && (now == nil || now.Password != p.Password) {
		err = survey.Errorf(survey.Unauthorized, "the e-mail address or the password is wrong")
	}
	if err != nil {
		return SignInResult{}, errors.Join(err, a.store.EndSession(ctx, session.Hash))
	}
	if err := a.crowd(ctx, &session); err != nil {
		return SignInResult{}, errors.Join(err, a.store.EndSession(ctx, session.Hash))
	}
	out := SignInResult{Person: *p, Token: token, Half: half(p, &session), Second: second, Marks: b.Marks}
	if !out.Half { // who has the password alone is no known browser yet
		out.Marks = markDevice(b.Marks, p)
	}
	return out, nil
}

// SignOut ends the session of a token; one that isn't there is no error.
func (a *Service) SignOut(ctx context.Context, token string) error {
	if !access.IsToken(token) {
		return nil
	}
	return a.store.EndSession(ctx, access.HashToken(token))
}

// maxSessions is how many browsers a person may be signed in with at once.
const maxSessions = 20

// crowd ends the oldest sessions of a person who has too many with a new one. A
// demonstration's people are everybody's.
func (a *Service) crowd(ctx context.Context, fresh *access.Session) error {
	if access.IsDemo(fresh.Person) {
		return nil
	}
	list, err := a.store.SessionsOf(ctx, fresh.Person)
	others := slices.DeleteFunc(list, func(s access.Session) bool { return s.Hash == fresh.Hash })
	for _, s := range others[min(len(others), maxSessions-1):] {
		err = errors.Join(err, a.store.EndSession(ctx, s.Hash))
	}
	return err
}
