package oidc

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"reflect"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/oauth2-proxy/mockoidc"

	"persepsi/survey"
)

// employee is somebody at the provider, with the claims that a city would configure.
type employee struct {
	subject string
	claims  map[string]any
}

func (e employee) ID() string                        { return e.subject }
func (e employee) Userinfo([]string) ([]byte, error) { return json.Marshal(e.claims) }
func (e employee) Claims(_ []string, base *mockoidc.IDTokenClaims) (jwt.Claims, error) {
	text, err := json.Marshal(base)
	if err != nil {
		return nil, err
	}
	out := jwt.MapClaims{}
	if err := json.Unmarshal(text, &out); err != nil {
		return nil, err
	}
	for name, v := range e.claims {
		out[name] = v
	}
	return out, nil
}

func provide(t *testing.T) (*mockoidc.MockOIDC, Config) {
	t.Helper()
	m, err := mockoidc.Run()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = m.Shutdown() })
	return m, Config{Issuer: m.Issuer(), ClientID: m.ClientID, ClientSecret: m.ClientSecret, RoleClaim: "peran", AgencyClaim: "opd"}
}

const back = "http://127.0.0.1:1/masuk/oidc/kembali"

// browse follows the address of Begin as a browser does, and returns what the provider
// sends back.
func browse(t *testing.T, address string) url.Values {
	t.Helper()
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	r, err := client.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	at, err := r.Location()
	if err != nil || !strings.HasPrefix(at.String(), back+"?") {
		body, _ := io.ReadAll(r.Body)
		t.Fatalf("the provider leads to %v, err = %v: %s", at, err, body)
	}
	return at.Query()
}

func TestTheProviderSaysWhoSomebodyIs(t *testing.T) {
	t.Parallel()
	m, config := provide(t)
	p := New(config, back, time.Now)
	for _, tc := range []struct {
		name   string
		claims map[string]any
		want   Identity
	}{
		{
			"a manager of two offices",
			map[string]any{"email": "siti@kota.example", "email_verified": true, "name": "Siti Rahma", "peran": []string{"manager"}, "opd": []string{"dinkes", "dukcapil"}},
			Identity{Email: "siti@kota.example", Verified: true, Name: "Siti Rahma", Roles: []string{"manager"}, Agencies: []string{"dinkes", "dukcapil"}},
		},
		{
			"one role as a text, an address that nobody verified",
			map[string]any{"email": "budi@kota.example", "email_verified": "ya", "preferred_username": "budi", "peran": "evaluator"},
			Identity{Email: "budi@kota.example", Name: "budi", Roles: []string{"evaluator"}, Agencies: []string{}},
		},
		{
			"empty texts, and a list that is none",
			map[string]any{"email": "budi@kota.example", "name": " ", "preferred_username": "budi", "peran": "", "opd": nil},
			Identity{Email: "budi@kota.example", Name: "budi", Roles: []string{}, Agencies: []string{}},
		},
		{"nothing is said", map[string]any{"peran": 7}, Identity{Roles: []string{}, Agencies: []string{}}},
	} {
		m.QueueUser(employee{"17", tc.claims})
		address, attempt, err := p.Begin(t.Context(), "/lke")
		if err != nil {
			t.Fatal(err)
		}
		q := browse(t, address)
		got, err := p.Finish(t.Context(), attempt, q.Get("state"), q.Get("code"))
		tc.want.Subject = m.Issuer() + " 17"
		if err != nil || !reflect.DeepEqual(got, tc.want) {
			t.Errorf("%s: %+v, err = %v, want %+v", tc.name, got, err, tc.want)
		}
		if attempt.Back != "/lke" {
			t.Errorf("%s: leads on to %q", tc.name, attempt.Back)
		}
		if _, err := p.Finish(t.Context(), attempt, q.Get("state"), q.Get("code")); survey.CodeOf(err) != survey.Unauthorized {
			t.Errorf("%s: the same code again: %v", tc.name, err)
		}
	}
}

func TestNoRoleIsReadWhereNoClaimIsConfigured(t *testing.T) {
	t.Parallel()
	m, config := provide(t)
	config.RoleClaim, config.AgencyClaim = "", ""
	p := New(config, back, time.Now)
	m.QueueUser(employee{"17", map[string]any{"peran": "admin", "": "admin"}})
	address, attempt, err := p.Begin(t.Context(), "/")
	if err != nil {
		t.Fatal(err)
	}
	q := browse(t, address)
	if got, err := p.Finish(t.Context(), attempt, q.Get("state"), q.Get("code")); err != nil || got.Roles != nil || got.Agencies != nil {
		t.Errorf("%+v, err = %v", got, err)
	}
}

// Many ask at once while the provider takes the connection and says nothing: they wait
// together, not one behind another.
func TestWhoAsksWhileTheProviderHangsWaitsOnce(t *testing.T) {
	t.Parallel()
	var asked atomic.Int64
	release := make(chan struct{})
	hanging := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		asked.Add(1)
		<-release
		w.WriteHeader(http.StatusServiceUnavailable)
	}))
	defer hanging.Close()
	p := New(Config{Issuer: hanging.URL, ClientID: "persepsi"}, back, time.Now)
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			if _, _, err := p.Begin(t.Context(), "/"); survey.CodeOf(err) != survey.Unavailable {
				t.Errorf("err = %v, want Unavailable", err)
			}
		})
	}
	for asked.Load() == 0 {
		runtime.Gosched()
	}
	close(release)
	all.Wait()
	if n := asked.Load(); n != 1 {
		t.Errorf("the provider was asked %d times", n)
	}
}

func TestAnAnswerToAnotherAttemptIsRefused(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name  string
		spoil func(config *Config, a *Attempt, q url.Values)
	}{
		{"another state", func(_ *Config, a *Attempt, _ url.Values) { a.State = "x" }},
		{"no attempt at all", func(_ *Config, a *Attempt, q url.Values) { *a = Attempt{}; q.Set("state", "") }},
		{"another nonce", func(_ *Config, a *Attempt, _ url.Values) { a.Nonce = "x" }},
		{"no nonce", func(_ *Config, a *Attempt, _ url.Values) { a.Nonce = "" }},
		{"another verifier: a stolen code", func(_ *Config, a *Attempt, _ url.Values) { a.Verifier = strings.Repeat("x", 43) }},
		{"a made-up code", func(_ *Config, _ *Attempt, q url.Values) { q.Set("code", "x") }},
		{"another secret", func(c *Config, _ *Attempt, _ url.Values) { c.ClientSecret = "x" }},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			m, config := provide(t)
			m.QueueUser(employee{"17", map[string]any{"email": "siti@kota.example"}})
			p := New(config, back, time.Now)
			address, attempt, err := p.Begin(t.Context(), "/")
			if err != nil {
				t.Fatal(err)
			}
			q := browse(t, address)
			tc.spoil(&p.config, &attempt, q)
			got, err := p.Finish(t.Context(), attempt, q.Get("state"), q.Get("code"))
			if survey.CodeOf(err) != survey.Unauthorized || got.Subject != "" {
				t.Errorf("%+v, err = %v, want Unauthorized", got, err)
			}
		})
	}
}

func TestAnOldTokenAndOneForAnotherServiceAreRefused(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		claims map[string]any
		now    func() time.Time
	}{
		"an old token":              {nil, func() time.Time { return time.Now().Add(24 * time.Hour) }},
		"one for another service":   {map[string]any{"aud": "another"}, time.Now},
		"one of another provider":   {map[string]any{"iss": "https://sso.example"}, time.Now},
		"one that names nobody":     {map[string]any{"sub": ""}, time.Now},
		"one that is not valid yet": {map[string]any{"nbf": time.Now().Add(time.Hour).Unix()}, time.Now},
	} {
		m, config := provide(t)
		m.QueueUser(employee{"17", tc.claims})
		p := New(config, back, tc.now)
		address, attempt, err := p.Begin(t.Context(), "/")
		if err != nil {
			t.Fatal(err)
		}
		q := browse(t, address)
		if got, err := p.Finish(t.Context(), attempt, q.Get("state"), q.Get("code")); survey.CodeOf(err) != survey.Unauthorized {
			t.Errorf("%s: %+v, err = %v, want Unauthorized", name, got, err)
		}
	}
}

func TestAProviderThatIsAwayIsAskedAgain(t *testing.T) {
	t.Parallel()
	m, config := provide(t)
	now := time.Now()
	p := New(config, back, func() time.Time { return now })
	right := p.config.Issuer
	p.config.Issuer = "http://127.0.0.1:1/oidc"
	if _, _, err := p.Begin(t.Context(), "/"); survey.CodeOf(err) != survey.Unavailable {
		t.Fatalf("err = %v, want Unavailable", err)
	}
	p.config.Issuer = right
	if _, _, err := p.Begin(t.Context(), "/"); survey.CodeOf(err) != survey.Unavailable {
		t.Fatalf("at once: err = %v, want Unavailable: nobody waits for it again", err)
	}
	now = now.Add(lookAgain)
	address, _, err := p.Begin(t.Context(), "/")
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"response_type": "code", "code_challenge_method": "S256", "client_id": m.ClientID, "redirect_uri": back, "scope": "openid email profile"} {
		if got := u.Query().Get(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	if u.Query().Get("nonce") == "" || u.Query().Get("state") == "" || strings.Contains(address, m.ClientSecret) {
		t.Errorf("the address is %s", address)
	}
}

func TestWhatAConfigurationNeeds(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, flag string
		config     Config
	}{
		{"all", "", Config{Issuer: "https://sso.kota.example/realms/kota", ClientID: "persepsi", RoleClaim: "peran", AgencyClaim: "opd"}},
		{"this machine without TLS", "", Config{Issuer: "http://127.0.0.1:9000/oidc", ClientID: "persepsi"}},
		{"no address", "--oidc-issuer: must be an", Config{ClientID: "persepsi"}},
		{"this machine by name", "", Config{Issuer: "http://localhost:9000/oidc", ClientID: "persepsi"}},
		{"a broken address", "--oidc-issuer: must be an", Config{Issuer: "https://sso.kota.example/%zz", ClientID: "persepsi"}},
		{"settings behind it", "--oidc-issuer: must be an", Config{Issuer: "https://sso.kota.example?realm=kota", ClientID: "persepsi"}},
		{"a mark behind it", "--oidc-issuer: must be an", Config{Issuer: "https://sso.kota.example#kota", ClientID: "persepsi"}},
		{"this machine by another way", "--oidc-issuer: must begin", Config{Issuer: "ftp://127.0.0.1/oidc", ClientID: "persepsi"}},
		{"no TLS", "--oidc-issuer: must begin", Config{Issuer: "http://sso.kota.example", ClientID: "persepsi"}},
		{"an address with a password", "--oidc-issuer: must be an", Config{Issuer: "https://a:b@sso.kota.example", ClientID: "persepsi"}},
		{"no client", "--oidc-client-id", Config{Issuer: "https://sso.kota.example"}},
		{"agencies without roles", "--oidc-agency-claim", Config{Issuer: "https://sso.kota.example", ClientID: "persepsi", AgencyClaim: "opd"}},
	} {
		err := tc.config.Check()
		if (err == nil) != (tc.flag == "") || err != nil && !strings.HasPrefix(err.Error(), tc.flag) {
			t.Errorf("%s: %v, want %q", tc.name, err, tc.flag)
		}
	}
}
