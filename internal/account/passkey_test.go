package account_test

import (
	"strings"
	"testing"
	"time"

	"persepsi/internal/access"
	"persepsi/internal/account"
	"persepsi/internal/sqlite"
	"persepsi/internal/testtools"
	"persepsi/survey"
)

const passkeyAddress = "https://survei.kota.example"

func passkeys(t *testing.T) *account.Passkeys {
	t.Helper()
	k, err := account.NewPasskeys(passkeyAddress, "Kota")
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// enrolled is a service with Siti, whose phone has a passkey.
func enrolled(t *testing.T) (*account.Service, *sqlite.DB, *account.Passkeys, access.Person, *testtools.Phone) {
	t.Helper()
	o, db := accounts(t)
	k, siti := passkeys(t), testtools.NewPhone(t, passkeyAddress)
	p, _, err := o.Invite(t.Context(), "command line", "siti@kota.example", "Siti", nil)
	if err != nil {
		t.Fatal(err)
	}
	options, ceremony, err := o.BeginPasskey(t.Context(), k, p.ID)
	if err != nil {
		t.Fatal(err)
	}
	if err := o.AddPasskey(t.Context(), k, p.ID, " Ponsel  Siti ", ceremony, siti.Make(t, options, p.ID)); err != nil {
		t.Fatal(err)
	}
	return o, db, k, p, siti
}

func TestAPasskeyLetsItsOwnerIn(t *testing.T) {
	t.Parallel()
	o, db, k, p, phone := enrolled(t)
	for range 2 {
		options, ceremony, err := k.BeginEntry()
		if err != nil {
			t.Fatal(err)
		}
		in, err := o.EnterByPasskey(t.Context(), k, ceremony, phone.Sign(t, options))
		if err != nil || in.ID != p.ID {
			t.Fatalf("%+v, err = %v", in, err)
		}
	}
	people, err := db.People(t.Context())
	if err != nil || len(people[0].Passkeys) != 1 || people[0].Passkeys[0].Name != "Ponsel Siti" || !people[0].Passkeys[0].Used.Equal(noon) || len(people[0].Links) != 0 {
		t.Errorf("stored: %+v, err = %v", people[0], err)
	}
	want := "command line: add_person|Siti (siti@kota.example): add_passkey, passkey >Ponsel Siti"
	if got := strings.Join(told(t, db), "|"); got != want {
		t.Errorf("the audit tells %s, want %s", got, want)
	}
}

func TestWhatIsNotThePasskeyOfThisCeremonyOpensNothing(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name string
		do   func(t *testing.T, o *account.Service, db *sqlite.DB, k *account.Passkeys, phone *testtools.Phone) ([]byte, []byte)
	}{
		{"a reply to another ceremony", func(t *testing.T, _ *account.Service, _ *sqlite.DB, k *account.Passkeys, phone *testtools.Phone) ([]byte, []byte) {
			_, ceremony, err := k.BeginEntry()
			if err != nil {
				t.Fatal(err)
			}
			options, _, err := k.BeginEntry()
			if err != nil {
				t.Fatal(err)
			}
			return ceremony, phone.Sign(t, options)
		}},
		{"a page of another address", func(t *testing.T, _ *account.Service, _ *sqlite.DB, k *account.Passkeys, phone *testtools.Phone) ([]byte, []byte) {
			phone.Site.Origin = "https://survei.kota.example.evil"
			options, ceremony, err := k.BeginEntry()
			if err != nil {
				t.Fatal(err)
			}
			return ceremony, phone.Sign(t, options)
		}},
		{"another key", func(t *testing.T, _ *account.Service, _ *sqlite.DB, k *account.Passkeys, phone *testtools.Phone) ([]byte, []byte) {
			id := phone.Key.ID
			phone.Key = testtools.NewCredential(t)
			phone.Key.ID = id
			options, ceremony, err := k.BeginEntry()
			if err != nil {
				t.Fatal(err)
			}
			return ceremony, phone.Sign(t, options)
		}},
		{"a phone that nobody unlocked", func(t *testing.T, _ *account.Service, _ *sqlite.DB, k *account.Passkeys, phone *testtools.Phone) ([]byte, []byte) {
			phone.Device.Options.UserNotVerified = true
			options, ceremony, err := k.BeginEntry()
			if err != nil {
				t.Fatal(err)
			}
			return ceremony, phone.Sign(t, options)
		}},
		{"an owner who is not there", func(t *testing.T, _ *account.Service, _ *sqlite.DB, k *account.Passkeys, phone *testtools.Phone) ([]byte, []byte) {
			phone.Device.Options.UserHandle = []byte("nobody")
			options, ceremony, err := k.BeginEntry()
			if err != nil {
				t.Fatal(err)
			}
			return ceremony, phone.Sign(t, options)
		}},
		{"a closed account", func(t *testing.T, _ *account.Service, db *sqlite.DB, k *account.Passkeys, phone *testtools.Phone) ([]byte, []byte) {
			people, err := db.People(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			closed := people[0]
			closed.Disabled, closed.Version = noon, closed.Version+1
			if err := db.RecordPerson(t.Context(), closed); err != nil {
				t.Fatal(err)
			}
			options, ceremony, err := k.BeginEntry()
			if err != nil {
				t.Fatal(err)
			}
			return ceremony, phone.Sign(t, options)
		}},
		{"a counter that went backwards", func(t *testing.T, o *account.Service, _ *sqlite.DB, k *account.Passkeys, phone *testtools.Phone) ([]byte, []byte) {
			phone.Key.Counter = 7
			options, ceremony, err := k.BeginEntry()
			if err != nil {
				t.Fatal(err)
			}
			if _, err := o.EnterByPasskey(t.Context(), k, ceremony, phone.Sign(t, options)); err != nil {
				t.Fatal(err)
			}
			phone.Key.Counter = 2
			if options, ceremony, err = k.BeginEntry(); err != nil {
				t.Fatal(err)
			}
			return ceremony, phone.Sign(t, options)
		}},
		{"something else", func(t *testing.T, _ *account.Service, _ *sqlite.DB, k *account.Passkeys, _ *testtools.Phone) ([]byte, []byte) {
			_, ceremony, err := k.BeginEntry()
			if err != nil {
				t.Fatal(err)
			}
			return ceremony, []byte(`{"id":"x"}`)
		}},
		{"no ceremony", func(t *testing.T, _ *account.Service, _ *sqlite.DB, k *account.Passkeys, phone *testtools.Phone) ([]byte, []byte) {
			options, _, err := k.BeginEntry()
			if err != nil {
				t.Fatal(err)
			}
			return nil, phone.Sign(t, options)
		}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			o, db, k, _, phone := enrolled(t)
			ceremony, reply := tc.do(t, o, db, k, phone)
			if in, err := o.EnterByPasskey(t.Context(), k, ceremony, reply); survey.CodeOf(err) != survey.Unauthorized || in != nil {
				t.Errorf("%+v, err = %v, want Unauthorized", in, err)
			}
		})
	}
}

func TestAPasskeyIsMadeByItsOwnerAndOnce(t *testing.T) {
	t.Parallel()
	o, _, k, p, first := enrolled(t)
	budi, _, err := o.Invite(t.Context(), "command line", "budi@kota.example", "Budi", nil)
	if err != nil {
		t.Fatal(err)
	}
	options, ceremony, err := o.BeginPasskey(t.Context(), k, p.ID)
	if err != nil {
		t.Fatal(err)
	}
	reply := first.Make(t, options, p.ID)
	if err := o.AddPasskey(t.Context(), k, budi.ID, "Ponsel", ceremony, reply); survey.CodeOf(err) != survey.Unauthorized {
		t.Errorf("Siti's ceremony for Budi: %v", err)
	}
	if err := o.AddPasskey(t.Context(), k, p.ID, "Ponsel", ceremony, reply); survey.CodeOf(err) != survey.Conflict {
		t.Errorf("the same passkey again: %v", err)
	}
	for _, broken := range [][2]string{{"", string(reply)}, {string(ceremony), "{}"}} {
		if err := o.AddPasskey(t.Context(), k, p.ID, "Ponsel", []byte(broken[0]), []byte(broken[1])); survey.CodeOf(err) != survey.Unauthorized {
			t.Errorf("a reply of %d bytes to a ceremony of %d: %v", len(broken[1]), len(broken[0]), err)
		}
	}
	for _, name := range []string{"", "  ", strings.Repeat("a", 61), "a\x1b"} {
		if err := o.AddPasskey(t.Context(), k, p.ID, name, ceremony, reply); survey.CodeOf(err) != survey.Invalid {
			t.Errorf("the name %q: %v", name, err)
		}
	}
	if _, _, err := o.BeginPasskey(t.Context(), k, "nobody"); survey.CodeOf(err) != survey.NotFound {
		t.Errorf("a passkey for nobody: %v", err)
	}
	if err := o.RemovePasskey(t.Context(), p.ID, first.Key.ID); survey.CodeOf(err) != survey.Conflict {
		t.Errorf("the only way in is removed: %v", err)
	}
	second := testtools.NewPhone(t, passkeyAddress)
	if options, ceremony, err = o.BeginPasskey(t.Context(), k, p.ID); err != nil {
		t.Fatal(err)
	}
	if err := o.AddPasskey(t.Context(), k, p.ID, strings.Repeat("é", 60), ceremony, second.Make(t, options, p.ID)); err != nil {
		t.Fatal(err)
	}
	if err := o.RemovePasskey(t.Context(), p.ID, first.Key.ID); err != nil {
		t.Errorf("one of two: %v", err)
	}
	if err := o.RemovePasskey(t.Context(), p.ID, first.Key.ID); survey.CodeOf(err) != survey.NotFound {
		t.Errorf("one that is gone: %v", err)
	}
	if err := o.RemovePasskey(t.Context(), "nobody", first.Key.ID); survey.CodeOf(err) != survey.NotFound {
		t.Errorf("one of nobody: %v", err)
	}
}

func TestACeremonyIsGoodForOneReplyAndNothingElseIsOne(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	k, phone := passkeys(t), testtools.NewPhone(t, passkeyAddress)
	options, token, err := d.OfferPasskey(t.Context(), k, d.siti.ID, good)
	if err != nil {
		t.Fatal(err)
	}
	if err := d.TakePasskey(t.Context(), k, d.siti.ID, "P", token, phone.Make(t, options, d.siti.ID)); err != nil {
		t.Fatal(err)
	}
	ask := func(later time.Duration) (token string, reply []byte) {
		options, token, err := d.AskPasskey(t.Context(), k)
		if err != nil {
			t.Fatal(err)
		}
		d.passed.Add(int64(later))
		return token, phone.Sign(t, options)
	}
	token, reply := ask(access.CeremonyFor - time.Second)
	in, err := d.SignInByPasskey(t.Context(), k, token, reply, account.Browser{})
	if err != nil || in.Person.ID != d.siti.ID || !in.Second || in.Half {
		t.Fatalf("%+v, err = %v", in, err)
	}
	late, tooLate := ask(access.CeremonyFor)
	_, fresh := ask(0)
	for name, tc := range map[string]struct {
		token string
		reply []byte
	}{"sent twice": {token, reply}, "too late": {late, tooLate}, "a session": {in.Token, fresh}, "none": {"", fresh}} {
		if got, err := d.SignInByPasskey(t.Context(), k, tc.token, tc.reply, account.Browser{}); survey.CodeOf(err) != survey.Unauthorized || got.Token != "" {
			t.Errorf("%s: err = %v, want Unauthorized", name, err)
		}
	}
	if d.session(in.Token) == nil {
		t.Error("what is no ceremony was ended as one")
	}
}

func TestPasskeysAreForAnAddressWithANameAndTLS(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]bool{
		"https://survei.kota.example": true, "https://survei.kota.example:8443": true, "http://localhost:8080": true,
		"http://survei.kota.example": false, "https://10.0.0.1": false, "http://127.0.0.1:8080": false, "": false, "survei": false,
	} {
		if k, err := account.NewPasskeys(address, "Kota"); (err == nil) != want || (k != nil) != want {
			t.Errorf("%q: %v, want %v", address, err, want)
		}
	}
}
