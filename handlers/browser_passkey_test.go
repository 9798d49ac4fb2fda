package handlers_test

import (
	"context"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/webauthn"
	"github.com/chromedp/chromedp"

	"persepsi/internal/testkit"
)

// device gives a tab a device with passkeys, and returns what locks and unlocks it.
func (p *tab) device() (unlock func(bool)) {
	p.t.Helper()
	var id webauthn.AuthenticatorID
	p.do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		if _, err := cdp.Call(ctx, t, webauthn.Enable, webauthn.EnableParams{}); err != nil {
			return err
		}
		made, err := cdp.Call(ctx, t, webauthn.AddVirtualAuthenticator, webauthn.AddVirtualAuthenticatorParams{Options: &webauthn.VirtualAuthenticatorOptions{
			Protocol: webauthn.AuthenticatorProtocolCtap2, Transport: webauthn.AuthenticatorTransportInternal,
			HasResidentKey: true, HasUserVerification: true, IsUserVerified: true, AutomaticPresenceSimulation: true,
		}})
		id = made.AuthenticatorID
		return err
	}))
	return func(open bool) {
		p.t.Helper()
		p.do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
			_, err := cdp.Call(ctx, t, webauthn.SetUserVerified, webauthn.SetUserVerifiedParams{AuthenticatorID: id, IsUserVerified: open})
			return err
		}))
	}
}

// A person makes a passkey on their phone and comes in by it, without a password; the
// page's own policy stops nothing of that.
func TestAPasskeyIsMadeAndOpensTheDoor(t *testing.T) {
	t.Parallel()
	b := newBrowser(t)
	l := loopback(t)
	base := "http://localhost" + l.Addr().String()[strings.LastIndex(l.Addr().String(), ":"):]
	k := testkit.New(t, testkit.City, func(d *testkit.Deps) { d.PublicURL = base })
	serveOn(t, k, l)
	member(t, k, "siti@kota.example", evaluatorOf(""))
	audit, err := os.ReadFile("testdata/audit.js")
	if err != nil {
		t.Fatal(err)
	}
	p := b.open(t, phone(), base)
	p.watchPolicy()
	unlock := p.device()
	check := func(what string) {
		t.Helper()
		for _, fault := range ask[[]string](p, string(audit)+"(360, true)") {
			t.Errorf("%s: %s", what, fault)
		}
		for _, fault := range p.stopped() {
			t.Errorf("%s: the policy stopped %s", what, fault)
		}
	}
	p.visit("/masuk")
	check("the door")
	p.write("#email", "siti@kota.example")
	p.write("#password", sandi)
	p.loads(p.on("form[action^='/masuk?'] button"))
	p.visit("/akun")
	p.loads(p.on("a[href^='/akun/passkey']"))
	check("no passkey yet")
	p.write("#name", "Ponsel dinas")
	p.write("#old", "salah")
	p.do(p.on("form.passkey button"))
	p.until("the page to say that it did not work", `!document.querySelector("form.passkey .fault").hidden`)
	ask[string](p, `document.querySelector("#old").value = ""`)
	p.write("#old", sandi)
	if status := p.loads(p.on("form.passkey button")); status != http.StatusOK || p.text(".sessions b") != "Ponsel dinas" {
		t.Fatalf("making one: %d, %q", status, p.text("main"))
	}
	check("a passkey")

	p.loads(p.on("form[action^='/keluar'] button"))
	p.visit("/masuk?ke=/lke?sort=ipak")
	unlock(false) // somebody else has the phone
	p.do(p.on("form.passkey button"))
	p.until("the door to say that it did not work", `!document.querySelector("form.passkey .fault").hidden`)
	check("a locked phone")
	unlock(true)
	if status := p.loads(p.on("form.passkey button")); status != http.StatusOK || !strings.HasSuffix(ask[string](p, "location.href"), "/lke?sort=ipak") {
		t.Errorf("by the passkey: %d at %s", status, ask[string](p, "location.href"))
	}

	// It is taken away again; then nothing of the phone opens the door.
	p.visit("/akun/passkey")
	p.loads(p.on("button[name=lepas]"))
	p.loads(p.on("form[action^='/keluar'] button"))
	if status := p.loads(p.on("form.passkey button")); status != http.StatusUnauthorized || !p.sees(".alert") {
		t.Errorf("by a passkey that was taken away: %d", status)
	}
	check("a passkey that does not fit")
}
