package main

import (
	"slices"
	"time"

	"persepsi/handlers/account"
	"persepsi/internal/access"
	"persepsi/internal/oidc"
	"persepsi/survey"
)

// citySignIn names the city's own sign-in, an OpenID Connect provider.
type citySignIn struct {
	Issuer       string `name:"oidc-issuer" help:"Address of the city's own sign-in (OpenID Connect)." placeholder:"URL" shown:"none"`
	ClientID     string `name:"oidc-client-id" help:"What this service is called there." placeholder:"ID" shown:"none"`
	ClientSecret string `name:"oidc-client-secret" help:"Its secret there; better in the environment." placeholder:"SECRET" shown:"none: a public client"`
	RoleClaim    string `name:"oidc-role-claim" help:"Claim that holds roles." placeholder:"NAME" shown:"none: roles are granted here"`
	AgencyClaim  string `name:"oidc-agency-claim" help:"Claim that holds the codes of the agencies that the roles are for." placeholder:"NAME" shown:"none: roles are for the city"`
}

// secondFactor names the roles that allow people nothing without a second factor.
type secondFactor struct {
	SecondFactor []string `name:"second-factor" help:"Roles that allow people nothing before they signed in with a code of an app, a passkey or the city's sign-in." placeholder:"ROLE,…" shown:"none"`
}

// roles returns them. Nobody could enter a demonstration as one of them.
func (s *secondFactor) roles(demo bool) ([]access.Role, error) {
	var out []access.Role
	for _, name := range s.SecondFactor {
		if !slices.Contains(access.Roles(), access.Role(name)) {
			return nil, survey.Errorf(survey.Invalid, "--second-factor: there is no role %q", survey.Printable(name))
		}
		out = append(out, access.Role(name))
	}
	if demo && len(out) > 0 {
		return nil, survey.Errorf(survey.Invalid, "--second-factor: a demonstration's people have none")
	}
	return out, nil
}

// provider returns what asks the city's own sign-in, nil where there is none.
func (s *citySignIn) provider(public string, now func() time.Time) (account.CitySignIn, error) {
	config := oidc.Config{Issuer: s.Issuer, ClientID: s.ClientID, ClientSecret: s.ClientSecret, RoleClaim: s.RoleClaim, AgencyClaim: s.AgencyClaim}
	if config == (oidc.Config{}) {
		return nil, nil //nolint:nilnil // there is none, and that is no error
	}
	if err := config.Check(); err != nil {
		return nil, err
	}
	if public == "" {
		return nil, survey.Errorf(survey.Invalid, "--oidc-issuer: needs --public-url, the address that people are sent back to")
	}
	return oidc.New(config, public+account.BackPath, now), nil
}
