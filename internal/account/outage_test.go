package account_test

import (
	"context"
	"errors"
	"reflect"
	"testing"
	"time"

	"persepsi/internal/access"
	"persepsi/internal/account"
	"persepsi/internal/audit"
	"persepsi/internal/sqlite"
)

// leaving is a store that goes away after some calls, for good or for one call.
type leaving struct {
	*sqlite.DB
	left  int
	comes bool // back
}

func (l *leaving) gone() error {
	if l.left--; l.left == -1 || l.left < 0 && !l.comes {
		return errBroken
	}
	return nil
}

func (l *leaving) People(ctx context.Context) ([]access.Person, error) {
	if err := l.gone(); err != nil {
		return nil, err
	}
	return l.DB.People(ctx)
}

func (l *leaving) PersonByID(ctx context.Context, id string) (*access.Person, error) {
	if err := l.gone(); err != nil {
		return nil, err
	}
	return l.DB.PersonByID(ctx, id)
}

func (l *leaving) PersonByEmail(ctx context.Context, email string) (*access.Person, error) {
	if err := l.gone(); err != nil {
		return nil, err
	}
	return l.DB.PersonByEmail(ctx, email)
}

func (l *leaving) RecordPerson(ctx context.Context, p access.Person, said ...audit.Entry) error {
	if err := l.gone(); err != nil {
		return err
	}
	return l.DB.RecordPerson(ctx, p, said...)
}

func (l *leaving) AddSession(ctx context.Context, s access.Session) error {
	if err := l.gone(); err != nil {
		return err
	}
	return l.DB.AddSession(ctx, s)
}

func (l *leaving) SessionByHash(ctx context.Context, hash access.Digest) (*access.Session, error) {
	if err := l.gone(); err != nil {
		return nil, err
	}
	return l.DB.SessionByHash(ctx, hash)
}

func (l *leaving) EndSessions(ctx context.Context, person string, keep access.Digest) error {
	if err := l.gone(); err != nil {
		return err
	}
	return l.DB.EndSessions(ctx, person, keep)
}

func (l *leaving) SessionsOf(ctx context.Context, person string) ([]access.Session, error) {
	if err := l.gone(); err != nil {
		return nil, err
	}
	return l.DB.SessionsOf(ctx, person)
}

func (l *leaving) SeeSession(ctx context.Context, hash access.Digest, seen time.Time) error {
	if err := l.gone(); err != nil {
		return err
	}
	return l.DB.SeeSession(ctx, hash, seen)
}

func (l *leaving) EndSession(ctx context.Context, hash access.Digest) error {
	if err := l.gone(); err != nil {
		return err
	}
	return l.DB.EndSession(ctx, hash)
}

func (l *leaving) Audit(ctx context.Context, said ...audit.Entry) error {
	if err := l.gone(); err != nil {
		return err
	}
	return l.DB.Audit(ctx, said...)
}

func TestWhereTheStoreIsAwayNobodyIsLetInAndNothingIsSaidToBeDone(t *testing.T) {
	t.Parallel()
	type doing struct {
		*account.Service
		d                   *desk
		id, secret, waiting string // of Siti, who has an app; her half session
	}
	none, fresh := account.Browser{}, account.NewPassword{Password: "angin dari selatan", Again: "angin dari selatan"}
	for name, do := range map[string]func(ctx context.Context, o doing) (any, error){
		"to begin an app": func(ctx context.Context, o doing) (any, error) {
			_, _, err := o.BeginTOTP(ctx, o.d.person("budi@kota.example", good).ID, good, "Kota")
			return nil, err
		},
		"to confirm an app": func(ctx context.Context, o doing) (any, error) {
			budi := o.d.person("budi@kota.example", good)
			secret, _, err := o.d.BeginTOTP(ctx, budi.ID, good, "Kota")
			if err != nil {
				return nil, err
			}
			_, in, err := o.ConfirmTOTP(ctx, budi.ID, o.d.shown(secret, 0), none)
			return in, err
		},
		"to remove an app": func(ctx context.Context, o doing) (any, error) {
			return o.RemoveTOTP(ctx, o.id, o.d.shown(o.secret, 0), none)
		},
		"to take a lost app away": func(ctx context.Context, o doing) (any, error) {
			return nil, o.DropTOTP(ctx, by, o.d.siti.Email)
		},
		"to give a code": func(ctx context.Context, o doing) (any, error) {
			return o.SecondFactor(ctx, o.waiting, o.d.shown(o.secret, 0), none)
		},
		"to ask whether a session waits": func(ctx context.Context, o doing) (any, error) {
			return o.Half(ctx, o.waiting)
		},
		"to see one's factors": func(ctx context.Context, o doing) (any, error) {
			return o.Factors(ctx, o.id, "Kota")
		},
		"to sign in": func(ctx context.Context, o doing) (any, error) {
			return o.SignIn(ctx, account.Attempt{Email: o.d.siti.Email, Password: good, Browser: account.Browser{Session: o.waiting}})
		},
		"to enter a demonstration": func(ctx context.Context, o doing) (any, error) {
			p := access.DemoPerson("Peninjau", access.Viewer, access.City(), noon)
			if err := o.d.db.RecordPerson(ctx, p); err != nil {
				return nil, err
			}
			return o.EnterDemo(ctx, p.ID, none)
		},
		"to go on with a session": func(ctx context.Context, o doing) (any, error) {
			o.d.passed.Add(int64(time.Minute))
			_, err := o.Session(ctx, o.waiting)
			return nil, err
		},
		"to end a session": func(ctx context.Context, o doing) (any, error) {
			s := access.Session{Hash: access.HashToken(o.waiting)}
			return nil, o.EndSession(ctx, access.Actor{Person: o.id}, s.ID())
		},
		"to end the other sessions": func(ctx context.Context, o doing) (any, error) {
			return nil, o.EndOthers(ctx, access.Actor{Person: o.id}, o.waiting)
		},
		"to set a password by a link": func(ctx context.Context, o doing) (any, error) {
			_, token, err := o.d.Reset(ctx, by, o.d.siti.Email)
			if err != nil {
				return nil, err
			}
			return o.SetPassword(ctx, token, fresh, none)
		},
		"to change a password": func(ctx context.Context, o doing) (any, error) {
			return o.ChangePassword(ctx, o.id, good, fresh, account.Browser{Session: o.waiting})
		},
		"to make a passkey": func(ctx context.Context, o doing) (any, error) {
			options, token, err := o.OfferPasskey(ctx, passkeys(o.d.t), o.id, good)
			if err != nil {
				return nil, err
			}
			return nil, o.TakePasskey(ctx, passkeys(o.d.t), o.id, "Ponsel", token, newPhone().make(o.d.t, options, o.id))
		},
		"to sign in by a passkey": func(ctx context.Context, o doing) (any, error) {
			k, phone := passkeys(o.d.t), newPhone()
			options, ceremony, err := o.d.BeginPasskey(ctx, k, o.id)
			if err == nil {
				err = o.d.AddPasskey(ctx, k, o.id, "Ponsel", ceremony, phone.make(o.d.t, options, o.id))
			}
			if err != nil {
				return nil, err
			}
			options, token, err := o.AskPasskey(ctx, k)
			if err != nil {
				return nil, err
			}
			return o.SignInByPasskey(ctx, k, token, phone.sign(o.d.t, options), none)
		},
		"to come from the city's sign-in": func(ctx context.Context, o doing) (any, error) {
			return o.Enter(ctx, account.Outsider{Subject: "p 1", Email: o.d.siti.Email, Verified: true}, none)
		},
		"to come from there anew": func(ctx context.Context, o doing) (any, error) {
			return o.Enter(ctx, account.Outsider{Subject: "p 1", Email: "tono@kota.example", Verified: true, Name: "Tono", Claimed: true, Grants: []access.Grant{manager}}, none)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			calls := 0
			for again := false; ; again = !again {
				d, secret, _ := withApp(t)
				o := doing{d: d, id: d.siti.ID, secret: secret, waiting: d.half().Token}
				store := &leaving{d.db, calls, again}
				o.Service = account.New(store, d.now, account.HashedBy(d.hasher))
				got, err := do(t.Context(), o)
				if err == nil && store.left >= 0 {
					break
				}
				if !errors.Is(err, errBroken) || got != nil && !reflect.ValueOf(got).IsZero() {
					t.Errorf("after %d calls: %v, err = %v", calls, got, err)
				}
				if again {
					calls++
				}
				if calls > 30 {
					t.Fatal("it never ends")
				}
			}
			if calls == 0 {
				t.Error("the store is not asked")
			}
		})
	}
}

func TestACodeThatCouldNotBeCheckedIsNotCountedAsWrong(t *testing.T) {
	t.Parallel()
	d, secret, _ := withApp(t)
	store := &leaving{DB: d.db}
	service := account.New(store, d.now, account.HashedBy(d.hasher))
	waiting := d.half().Token
	for range 8 { // more than wrong ones are borne
		store.left = 3 // the session, its person and the owner; the change fails
		if _, err := service.SecondFactor(t.Context(), waiting, d.shown(secret, 0), account.Browser{}); !errors.Is(err, errBroken) {
			t.Fatalf("err = %v", err)
		}
	}
	store.left = 100
	d.passed.Add(int64(time.Second))
	if _, err := service.SecondFactor(t.Context(), waiting, d.shown(secret, 0), account.Browser{}); err != nil {
		t.Errorf("the store is back: %v", err)
	}
}
