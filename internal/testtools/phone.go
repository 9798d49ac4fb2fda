package testtools

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"net/url"
	"testing"

	"github.com/descope/virtualwebauthn"
)

// Phone is a device with one passkey, in a browser that shows the pages of a site.
type Phone struct {
	Site   virtualwebauthn.RelyingParty
	Device virtualwebauthn.Authenticator
	Key    virtualwebauthn.Credential
}

// NewPhone returns a phone that shows the pages of an address.
func NewPhone(t testing.TB, address string) *Phone {
	t.Helper()
	u, err := url.Parse(address)
	check(t, err)
	return &Phone{
		Site:   virtualwebauthn.RelyingParty{Name: "Kota", ID: u.Hostname(), Origin: address},
		Device: virtualwebauthn.NewAuthenticator(), Key: NewCredential(t),
	}
}

// NewCredential makes a passkey whose key has coordinates of 32 bytes: the library writes
// those that begin with a zero, one in 128, shorter than they must be.
func NewCredential(t testing.TB) virtualwebauthn.Credential {
	t.Helper()
	for {
		key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		check(t, err)
		public, err := key.PublicKey.Bytes() // 4, x and y
		check(t, err)
		if public[1] == 0 || public[33] == 0 {
			continue
		}
		data, err := x509.MarshalPKCS8PrivateKey(key)
		check(t, err)
		return virtualwebauthn.NewCredentialWithImportedKey(virtualwebauthn.KeyTypeEC2, data)
	}
}

// Make returns what the browser replies where a passkey is made for a person.
func (p *Phone) Make(t testing.TB, options []byte, person string) []byte {
	t.Helper()
	o, err := virtualwebauthn.ParseAttestationOptions(string(options))
	check(t, err)
	reply := virtualwebauthn.CreateAttestationResponse(p.Site, p.Device, p.Key, *o)
	p.Device.Options.UserHandle = []byte(person)
	p.Device.AddCredential(p.Key)
	return []byte(reply)
}

// Sign returns what the browser replies where its owner signs in by it.
func (p *Phone) Sign(t testing.TB, options []byte) []byte {
	t.Helper()
	o, err := virtualwebauthn.ParseAssertionOptions(string(options))
	check(t, err)
	p.Key.Counter++
	return []byte(virtualwebauthn.CreateAssertionResponse(p.Site, p.Device, p.Key, *o))
}
