package account_test

import (
	"context"
	"errors"
	"reflect"
	"testing"
	"time"

	"persepsi/internal/access"
	"persepsi/internal/account"
	"persepsi/internal/storetest"
	"persepsi/internal/testtools"
)

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
			return nil, o.TakePasskey(ctx, passkeys(o.d.t), o.id, "Ponsel", token, testtools.NewPhone(o.d.t, passkeyAddress).Make(o.d.t, options, o.id))
		},
		"to sign in by a passkey": func(ctx context.Context, o doing) (any, error) {
			k, phone := passkeys(o.d.t), testtools.NewPhone(o.d.t, passkeyAddress)
			options, ceremony, err := o.d.BeginPasskey(ctx, k, o.id)
			if err == nil {
				err = o.d.AddPasskey(ctx, k, o.id, "Ponsel", ceremony, phone.Make(o.d.t, options, o.id))
			}
			if err != nil {
				return nil, err
			}
			options, token, err := o.AskPasskey(ctx, k)
			if err != nil {
				return nil, err
			}
			return o.SignInByPasskey(ctx, k, token, phone.Sign(o.d.t, options), none)
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
				store := &storetest.Accounts{Store: d.db, Left: calls, Back: again, Err: errBroken}
				o.Service = account.New(store, d.now, account.HashedBy(d.hasher))
				got, err := do(t.Context(), o)
				if err == nil && store.Left >= 0 {
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
	store := &storetest.Accounts{Store: d.db, Err: errBroken}
	service := account.New(store, d.now, account.HashedBy(d.hasher))
	waiting := d.half().Token
	for range 8 { // more than wrong ones are borne
		store.Left = 3 // the session, its person and the owner; the change fails
		if _, err := service.SecondFactor(t.Context(), waiting, d.shown(secret, 0), account.Browser{}); !errors.Is(err, errBroken) {
			t.Fatalf("err = %v", err)
		}
	}
	store.Left = 100
	d.passed.Add(int64(time.Second))
	if _, err := service.SecondFactor(t.Context(), waiting, d.shown(secret, 0), account.Browser{}); err != nil {
		t.Errorf("the store is back: %v", err)
	}
}
