package oidc

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"persepsi/survey"
)

// provider is one of a test.
type provider struct {
	*httptest.Server
	looked atomic.Int64 // how often its addresses were asked for
}

// providing starts a provider that answers questions for tokens by a handler, nil: not at all.
func providing(t *testing.T, token http.HandlerFunc) *provider {
	t.Helper()
	p := &provider{}
	mux := http.NewServeMux()
	p.Server = httptest.NewServer(mux)
	t.Cleanup(p.Close)
	mux.HandleFunc("/.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		p.looked.Add(1)
		_ = json.NewEncoder(w).Encode(map[string]any{
			"issuer": p.URL, "authorization_endpoint": p.URL + "/authorize", "token_endpoint": p.URL + "/token", "jwks_uri": p.URL + "/keys",
			"id_token_signing_alg_values_supported": []string{"RS256"},
		})
	})
	if token != nil {
		mux.HandleFunc("/token", token)
	}
	return p
}

func TestAProviderThatIsKnownIsNotLookedForAgain(t *testing.T) {
	t.Parallel()
	there := providing(t, nil)
	now := time.Now()
	p := New(Config{Issuer: "http://127.0.0.1:1/", ClientID: "persepsi"}, back, func() time.Time { return now })
	if _, _, err := p.Begin(t.Context(), "/"); survey.CodeOf(err) != survey.Unavailable {
		t.Fatalf("err = %v, want Unavailable", err)
	}
	p.config.Issuer = there.URL
	now = now.Add(lookAgain)
	for range 3 {
		if _, _, err := p.Begin(t.Context(), "/"); err != nil {
			t.Errorf("it was found: %v", err)
		}
	}
	if n := there.looked.Load(); n != 1 {
		t.Errorf("it was looked for %d times", n)
	}
}

func TestGroupsAreAskedForWhereRolesAreReadFromThem(t *testing.T) {
	t.Parallel()
	there := providing(t, nil)
	for claim, want := range map[string]string{"": "openid email profile", "peran": "openid email profile", "groups": "openid email profile groups"} {
		address, _, err := New(Config{Issuer: there.URL, ClientID: "persepsi", RoleClaim: claim}, back, time.Now).Begin(t.Context(), "/")
		if err != nil {
			t.Fatal(err)
		}
		u, err := url.Parse(address)
		if err != nil || u.Query().Get("scope") != want {
			t.Errorf("claim %q: %s, %v, want scope %q", claim, address, err, want)
		}
	}
}

func TestWhatTheProviderSaysInsteadOfAToken(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		token http.HandlerFunc
		code  survey.Code
		cause string
	}{
		"no ID token": {
			func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", "application/json")
				_, _ = fmt.Fprint(w, `{"access_token":"rahasia1","token_type":"Bearer"}`)
			}, survey.Unauthorized, "the provider sent no ID token",
		},
		"what is no ID token": {
			func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", "application/json")
				_, _ = fmt.Fprint(w, `{"access_token":"rahasia1","token_type":"Bearer","id_token":"rahasia1"}`)
			}, survey.Unauthorized, "the ID token: ",
		},
		"a refusal": {
			func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", "application/json")
				w.WriteHeader(http.StatusBadRequest)
				_, _ = fmt.Fprint(w, `{"error":"invalid_grant"}`)
			}, survey.Unauthorized, "the provider refused the code: invalid_grant, status 400",
		},
		"nothing": {
			func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, survey.Unavailable, "EOF",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := New(Config{Issuer: providing(t, tc.token).URL, ClientID: "persepsi"}, back, time.Now)
			_, attempt, err := p.Begin(t.Context(), "/")
			if err != nil {
				t.Fatal(err)
			}
			got, err := p.Finish(t.Context(), attempt, attempt.State, "code")
			var told *survey.Error
			if !errors.As(err, &told) || told.Code != tc.code || !strings.Contains(told.Cause.Error(), tc.cause) || strings.Contains(told.Cause.Error(), "rahasia1") || got.Subject != "" {
				t.Errorf("%+v, err = %v, want %v because of %q", got, err, tc.code, tc.cause)
			}
		})
	}
}

// Without an attempt nobody is asked: an empty state would else be equal to none.
func TestAnAnswerWithoutAnAttemptIsRefusedBeforeTheProviderIsAsked(t *testing.T) {
	t.Parallel()
	p := New(Config{Issuer: "http://127.0.0.1:1/", ClientID: "persepsi"}, back, time.Now)
	if _, err := p.Finish(t.Context(), Attempt{}, "", "code"); survey.CodeOf(err) != survey.Unauthorized {
		t.Errorf("err = %v, want Unauthorized", err)
	}
	if got, err := p.Finish(t.Context(), Attempt{State: "x"}, "x", "code"); survey.CodeOf(err) != survey.Unavailable || got.Subject != "" {
		t.Errorf("with one: %+v, %v, want Unavailable", got, err)
	}
}
