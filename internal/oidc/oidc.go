// Package oidc asks the city's own sign-in (an OpenID Connect provider) who somebody
// is: authorization code with PKCE and nonce. What the answer lets them do is decided
// elsewhere.
package oidc

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
	"golang.org/x/sync/singleflight"

	"persepsi/survey"
)

// Config is how the city's provider is reached and read.
type Config struct {
	Issuer       string // the provider's address, as it names itself
	ClientID     string
	ClientSecret string // empty for a public client, which PKCE alone protects
	// RoleClaim and AgencyClaim are the names of the claims that hold roles and codes
	// of agencies; empty: roles are granted here.
	RoleClaim, AgencyClaim string
}

// within is how long one question to the provider may take.
const within = 5 * time.Second

// Check returns the fault of a configuration, Invalid. An address without TLS is good
// on this machine alone.
func (c *Config) Check() error {
	u, err := url.Parse(c.Issuer)
	switch {
	case err != nil || u.Host == "" || u.User != nil || u.Fragment != "" || u.RawQuery != "":
		return survey.Errorf(survey.Invalid, "--oidc-issuer: must be an address such as https://sso.kota.go.id")
	case u.Scheme != "https" && (u.Scheme != "http" || !strings.HasPrefix(u.Hostname(), "127.") && u.Hostname() != "localhost"):
		return survey.Errorf(survey.Invalid, "--oidc-issuer: must begin with https://")
	case c.ClientID == "":
		return survey.Errorf(survey.Invalid, "--oidc-client-id: is required with --oidc-issuer")
	case c.AgencyClaim != "" && c.RoleClaim == "":
		return survey.Errorf(survey.Invalid, "--oidc-agency-claim: needs --oidc-role-claim")
	}
	return nil
}

// Attempt is one sign-in on its way. It is the browser's, in a cookie that no other
// site can read, and good for one answer of the provider.
type Attempt struct {
	State    string `json:"s"`
	Nonce    string `json:"n"`
	Verifier string `json:"v"` // PKCE
	Back     string `json:"b"` // the local path to go on to
}

// Identity is who the provider says somebody is.
type Identity struct {
	// Subject names them for ever: issuer and subject with a space between.
	Subject  string
	Email    string
	Verified bool // the provider has seen that the address is theirs
	Name     string
	// Roles and Agencies are what the claims hold, empty where they are missing or hold
	// something else; nil where none is configured.
	Roles, Agencies []string
}

// Provider asks a provider. It looks the provider's addresses and keys up when it is
// first needed, so that this service starts while the provider is away.
type Provider struct {
	config Config
	back   string
	client *http.Client
	now    func() time.Time

	looking singleflight.Group

	mu    sync.Mutex // held for a moment alone
	found *oidc.Provider
	away  error     // of the last look, where it failed
	asked time.Time // when that was
}

// lookAgain is how long a provider that was away is not looked for again.
const lookAgain = 5 * time.Second

// New makes a provider. back is this service's address that the provider sends browsers
// back to.
func New(config Config, back string, now func() time.Time) *Provider {
	return &Provider{config: config, back: back, client: &http.Client{Timeout: within}, now: now}
}

// away returns the error where the provider does not answer as it should.
func away(err error) error {
	return &survey.Error{Code: survey.Unavailable, Message: "the city's sign-in can't be reached now", RetryAfter: time.Minute, Cause: err}
}

// refused returns the error of an answer that can't be trusted; the cause goes to the log
// and holds no token.
func refused(cause string) error {
	return &survey.Error{Code: survey.Unauthorized, Message: "the city's sign-in did not say who this is; try again", Cause: errors.New(cause)}
}

// provider returns the provider's addresses and keys.
func (p *Provider) provider(ctx context.Context) (*oidc.Provider, error) {
	if found, err := p.known(); found != nil || err != nil {
		return found, err
	}
	v, err, _ := p.looking.Do("", func() (any, error) {
		if found, err := p.known(); found != nil || err != nil {
			return found, err
		}
		// Its keys are asked for later by the same client, not by this request.
		found, err := oidc.NewProvider(oidc.ClientContext(context.WithoutCancel(ctx), p.client), p.config.Issuer)
		p.mu.Lock()
		defer p.mu.Unlock()
		if p.asked = p.now(); err != nil {
			p.away = away(err)
			return nil, p.away
		}
		p.found = found
		return found, nil
	})
	found, _ := v.(*oidc.Provider) // nothing else is returned above
	return found, err
}

// known returns what is known of the provider; nil where it has to be looked for.
func (p *Provider) known() (*oidc.Provider, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.found == nil && p.now().Sub(p.asked) < lookAgain {
		return nil, p.away
	}
	return p.found, nil
}

func (p *Provider) oauth(found *oidc.Provider) *oauth2.Config {
	return &oauth2.Config{
		ClientID: p.config.ClientID, ClientSecret: p.config.ClientSecret, Endpoint: found.Endpoint(), RedirectURL: p.back,
		Scopes: p.scopes(),
	}
}

func (p *Provider) scopes() []string {
	out := []string{oidc.ScopeOpenID, "email", "profile"}
	if p.config.RoleClaim == "groups" {
		out = append(out, "groups")
	}
	return out
}

// Begin returns the address that a browser is sent to, and the attempt that it keeps.
// Unavailable: the provider can't be reached.
func (p *Provider) Begin(ctx context.Context, back string) (string, Attempt, error) {
	found, err := p.provider(ctx)
	if err != nil {
		return "", Attempt{}, err
	}
	a := Attempt{State: rand.Text(), Nonce: rand.Text(), Verifier: oauth2.GenerateVerifier(), Back: back}
	return p.oauth(found).AuthCodeURL(a.State, oidc.Nonce(a.Nonce), oauth2.S256ChallengeOption(a.Verifier)), a, nil
}

// Finish returns who the provider says the browser is that came back with a state and a
// code. Unauthorized: the answer is not to this attempt, or can't be believed;
// Unavailable: the provider can't be reached.
func (p *Provider) Finish(ctx context.Context, a Attempt, state, code string) (Identity, error) {
	if a.State == "" || subtle.ConstantTimeCompare([]byte(a.State), []byte(state)) != 1 {
		return Identity{}, refused("the state is another attempt's")
	}
	found, err := p.provider(ctx)
	if err != nil {
		return Identity{}, err
	}
	ctx, cancel := context.WithTimeout(oidc.ClientContext(ctx, p.client), 2*within)
	defer cancel()
	token, err := p.oauth(found).Exchange(ctx, code, oauth2.VerifierOption(a.Verifier))
	var said *oauth2.RetrieveError
	if errors.As(err, &said) {
		return Identity{}, refused(fmt.Sprintf("the provider refused the code: %s, status %d", said.ErrorCode, said.Response.StatusCode))
	}
	if err != nil {
		return Identity{}, away(err)
	}
	raw, ok := token.Extra("id_token").(string)
	if !ok {
		return Identity{}, refused("the provider sent no ID token")
	}
	id, err := found.Verifier(&oidc.Config{ClientID: p.config.ClientID, Now: p.now}).Verify(ctx, raw)
	if err != nil {
		return Identity{}, refused("the ID token: " + err.Error())
	}
	if subtle.ConstantTimeCompare([]byte(id.Nonce), []byte(a.Nonce)) != 1 {
		return Identity{}, refused("the ID token has another attempt's nonce")
	}
	return p.identity(id)
}

// identity reads the claims of an ID token.
func (p *Provider) identity(id *oidc.IDToken) (Identity, error) {
	var claims map[string]json.RawMessage
	if err := id.Claims(&claims); err != nil {
		return Identity{}, refused("the claims: " + err.Error())
	}
	text := func(names ...string) string {
		for _, name := range names {
			var s string
			if json.Unmarshal(claims[name], &s) == nil && strings.TrimSpace(s) != "" {
				return strings.TrimSpace(s)
			}
		}
		return ""
	}
	var verified bool
	_ = json.Unmarshal(claims["email_verified"], &verified) // what is no boolean verifies nothing
	if id.Subject == "" {
		return Identity{}, refused("the ID token names nobody")
	}
	out := Identity{Subject: id.Issuer + " " + id.Subject, Email: text("email"), Verified: verified, Name: text("name", "preferred_username", "email")}
	if p.config.RoleClaim != "" {
		out.Roles = values(claims[p.config.RoleClaim])
	}
	if p.config.AgencyClaim != "" {
		out.Agencies = values(claims[p.config.AgencyClaim])
	}
	return out, nil
}

// values returns the texts of a claim: of one, or of a list. It is never nil.
func values(claim json.RawMessage) []string {
	var one string
	if json.Unmarshal(claim, &one) == nil && one != "" {
		return []string{one}
	}
	many := []string{}
	if json.Unmarshal(claim, &many) != nil || many == nil {
		return []string{}
	}
	return many
}
