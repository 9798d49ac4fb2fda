package handlers_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"persepsi/internal/access"
	"persepsi/internal/testkit"
)

// A key was granted on a unit when that was another agency's: it goes where the unit went.
func TestAKeyFollowsItsUnitToAnotherAgency(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	key, secret, err := access.NewKey("kunci", []access.Grant{{Role: access.Manager, Scope: access.Unit("lama", "pkm")}}, testkit.Noon())
	if err != nil {
		t.Fatal(err)
	}
	if err := k.Store.RecordKey(t.Context(), key); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]int{
		indicators + "&unit=pkm": 200, indicators + "&unit=dukcapil-loket": 403, indicators + "&agency=dinkes": 403,
	} {
		if r := k.GetAs(secret, path); r.StatusCode != want {
			t.Errorf("%s: %d, want %d: %s", path, r.StatusCode, want, r.Text)
		}
	}
}

// brokenKeys are keys that can't be read.
type brokenKeys struct{}

// Keys reads none.
func (brokenKeys) Keys(context.Context) ([]access.Key, error) {
	return nil, errors.New("the store is away")
}

func TestACredentialThatCannotBeReadOpensNothing(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	secret := k.Key(access.Evaluator, "")
	for _, header := range []string{secret, "Basic " + secret, "Token " + secret, "Bearer", "Bearer" + secret, "Bearer " + secret[:len(secret)-1]} {
		r := httptest.NewRequest(http.MethodGet, indicators, http.NoBody)
		r.Header.Set("Authorization", header)
		if got := k.Do(r); got.StatusCode != 401 || strings.Contains(got.Text, secret) {
			t.Errorf("%.12s…: %d %s", header, got.StatusCode, got.Text)
		}
	}
	r := httptest.NewRequest(http.MethodGet, indicators, http.NoBody)
	r.Header.Set("Authorization", "bearer "+secret)
	if got := k.Do(r); got.StatusCode != 200 {
		t.Errorf("the scheme in small letters: %d", got.StatusCode)
	}
	away := k.With(func(d *testkit.Deps) { d.KeyStore = brokenKeys{} })
	if got := away.GetAs(secret, indicators); got.StatusCode != 500 {
		t.Errorf("where keys cannot be read: %d", got.StatusCode)
	}
}
