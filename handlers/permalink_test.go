package handlers_test

import (
	"net/http"
	"slices"
	"testing"

	"persepsi/internal/permalink"
	"persepsi/internal/testkit"
)

// What was printed, sent or put on another site leads where it led: these addresses never change.
func TestEveryAddressThatWasGivenAwayIsServedForEver(t *testing.T) {
	t.Parallel()
	var served []string
	for _, r := range testkit.New(t, testkit.City).App.GetRoutes() {
		if r.Method == http.MethodGet {
			served = append(served, r.Path)
		}
	}
	for given, made := range map[string]string{
		"/s":                       permalink.Codes,
		"/s/:point":                permalink.Form(":point"),
		"/hasil/:unit":             permalink.Result(":unit"),
		"/hasil/:unit/kartu":       permalink.Result(":unit") + "/kartu",
		"/hasil/:unit/lencana.svg": permalink.Result(":unit") + "/lencana.svg",
		"/lke/:unit/eviden":        permalink.Evidence(":unit"),
		"/mulai/:token":            permalink.Start(":token"),
	} {
		if made != given || !slices.Contains(served, given) {
			t.Errorf("%s: now it is %s, served: %t", given, made, slices.Contains(served, given))
		}
	}
	if got := permalink.Form("a/b?c"); got != "/s/a%2Fb%3Fc" {
		t.Errorf("a code that is none leads to %s", got)
	}
}
