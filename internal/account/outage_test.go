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

func TestWhereTheStoreIsAwayNobodyIsLetInAndNothingIsSaidToBeDone(t *testing.T) {
	t.Parallel()
	type doing struct {
		*account.Service
		d                   *desk
		id, secret, waiting string // of Siti, who has an app; her half session
	}
	none := account.Browser{}
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
				if calls > 20 {
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
