package account

import (
	"cmp"
	"context"
	"slices"

	"persepsi/internal/access"
	"persepsi/internal/audit"
	"persepsi/survey"
)

// ByLink returns the person and the link that a token opens. To look uses nothing up.
// NotFound: there is no such link, or it was used; Closed: it has expired.
func (a *Service) ByLink(ctx context.Context, token string) (*access.Person, *access.Link, error) {
	if !access.IsToken(token) {
		return nil, nil, errNoLink()
	}
	hash := access.HashToken(token)
	ofToken := func(l access.Link) bool { return l.Hash == hash }
	p, err := a.find(ctx, func(p *access.Person) bool { return slices.ContainsFunc(p.Links, ofToken) })
	if err != nil {
		return nil, nil, err
	}
	if p == nil || !p.Open() {
		return nil, nil, errNoLink()
	}
	link := p.OpenLink(token, a.now())
	if link == nil {
		return nil, nil, survey.Errorf(survey.Closed, "this link has expired; ask for a new one")
	}
	if link.Purpose == access.FirstAdmin { // which stood on a terminal, and is for nobody once there is one
		people, err := a.store.People(ctx)
		if err != nil || a.governed(people) {
			return nil, nil, cmp.Or(err, errNoLink())
		}
	}
	return p, link, nil
}

func errNoLink() error {
	return survey.Errorf(survey.NotFound, "this link is not known, or was used already; ask for a new one")
}

// NewPassword is what the form behind a link sends.
type NewPassword struct {
	Password, Again string
	// Email and Name are taken of the city's first administrator alone; empty: they
	// stay as they are.
	Email, Name string
}

// SetPassword sets the password of the person whose link a token opens, closes all
// their links, ends all their sessions, tells the audit, and opens a session of this
// browser. Errors: those of ByLink; Invalid names password, password2, email or name,
// and then the link is still good.
func (a *Service) SetPassword(ctx context.Context, token string, form NewPassword, b Browser) (SignInResult, error) {
	p, link, err := a.ByLink(ctx, token)
	if err != nil {
		return SignInResult{}, err
	}
	email, name, faults := p.Email, p.Name, []survey.Fault(nil)
	if link.Purpose == access.FirstAdmin {
		if email, name, faults, err = a.firstAdmin(ctx, p, form); err != nil {
			return SignInResult{}, err
		}
	}
	faults = append(faults, judge(form.Password, form.Again, &access.Person{Email: email, Name: name})...)
	if len(faults) > 0 {
		return SignInResult{}, survey.Faulty("the password could not be set", faults)
	}
	hash, err := a.hash(form.Password)
	if err != nil {
		return SignInResult{}, err
	}
	p, err = a.change(ctx, p.ID, func(p *access.Person) ([]audit.Entry, error) {
		open := p.OpenLink(token, a.now())
		if open == nil || !p.Open() { // somebody used it at the same moment
			return nil, errNoLink()
		}
		if open.Purpose == access.FirstAdmin {
			p.Email, p.Name = email, name
		}
		p.Password, p.Links = hash, nil
		said := a.entry(p.Actor(a.now(), nil).By(), audit.SetPassword, p)
		said.Reason = string(open.Purpose)
		return []audit.Entry{said}, nil
	})
	if err != nil {
		return SignInResult{}, err
	}
	if err := a.store.EndSessions(ctx, p.ID, access.Digest{}); err != nil {
		return SignInResult{}, err
	}
	return a.open(ctx, p, b, false)
}

// firstAdmin returns the address and name that the first administrator gave, and what
// is wrong with them.
func (a *Service) firstAdmin(ctx context.Context, p *access.Person, form NewPassword) (email, name string, faults []survey.Fault, err error) {
	email, name = p.Email, p.Name
	if form.Email != "" {
		clean, bad := access.CleanEmail(form.Email)
		if bad != nil {
			faults = append(faults, survey.Fault{Field: "email", Code: FaultEmail, Message: "is no e-mail address"})
		}
		email = clean
		other, err := a.store.PersonByEmail(ctx, email)
		if err != nil {
			return "", "", nil, err
		}
		if other != nil && other.ID != p.ID {
			faults = append(faults, survey.Fault{Field: "email", Code: FaultTaken, Message: "is another person's already"})
		}
	}
	if form.Name != "" {
		named, bad := access.NewPerson("a@b", form.Name, nil, a.now())
		if bad != nil {
			faults = append(faults, survey.Fault{Field: "name", Code: FaultName, Message: "has 1 to 120 characters"})
		}
		name = named.Name
	}
	return email, name, faults, nil
}

// hash returns the hash of a password, when its turn comes.
func (a *Service) hash(password string) (hash string, err error) {
	err = a.known.pass(func() error {
		hash, err = a.hasher.Hash(clean(password))
		return err
	})
	return hash, err
}

// ChangePassword sets another password for a signed-in person who knows the old one,
// ends all their sessions and links, whoever has them, tells the audit, and opens another
// session of this browser. Invalid names old, password or password2; RateLimited: too many
// old ones were wrong.
func (a *Service) ChangePassword(ctx context.Context, person, old string, form NewPassword, b Browser) (SignInResult, error) {
	const refused = "the password could not be changed"
	p, err := a.knows(ctx, person, old, refused)
	if err != nil {
		return SignInResult{}, err
	}
	faults := judge(form.Password, form.Again, p)
	if len(faults) == 0 && clean(old) == clean(form.Password) {
		faults = []survey.Fault{{Field: "password", Code: FaultSame, Message: "is the old password"}}
	}
	if len(faults) > 0 {
		return SignInResult{}, survey.Faulty(refused, faults)
	}
	before := p.Password
	hash, err := a.hash(form.Password)
	if err != nil {
		return SignInResult{}, err
	}
	p, err = a.change(ctx, person, func(p *access.Person) ([]audit.Entry, error) {
		if p.Password != before || !p.Open() { // the old one that was asked for is no longer it
			return nil, wrongOld(refused)
		}
		p.Password, p.Links = hash, nil
		return []audit.Entry{a.entry(p.Actor(a.now(), nil).By(), audit.SetPassword, p)}, nil
	})
	if err != nil {
		return SignInResult{}, err
	}
	here, err := a.Session(ctx, b.Session)
	if err != nil {
		return SignInResult{}, err
	}
	if err := a.store.EndSessions(ctx, person, access.Digest{}); err != nil {
		return SignInResult{}, err
	}
	return a.open(ctx, p, b, here != nil && here.Person == person && here.Second)
}

func wrongOld(refused string) error {
	return survey.Faulty(refused, []survey.Fault{{Field: "old", Code: FaultOld, Message: "is not the password of now"}})
}

// knows returns a person who typed the password that they have, again: what follows would
// let whoever found an open screen stay. Somebody without a password is asked for none.
// Invalid names old; RateLimited: too many were wrong.
func (a *Service) knows(ctx context.Context, person, password, refused string) (*access.Person, error) {
	p, err := a.openPerson(ctx, person)
	if err != nil {
		return nil, err
	}
	if p == nil {
		return nil, survey.Errorf(survey.NotFound, "there is no person %q", survey.Printable(person))
	}
	uses := use{"change " + person, devicePace}
	if wait := a.wrong.take(uses); wait > 0 {
		return nil, a.heldBack(ctx, p, "passwords", wait)
	}
	right := false
	if err := a.known.pass(func() error {
		right, err = a.proves(p, password)
		return err
	}); err != nil {
		a.wrong.giveBack(uses)
		return nil, err
	}
	if !right && p.Password != "" {
		return nil, wrongOld(refused)
	}
	a.wrong.giveBack(uses)
	return p, nil
}
