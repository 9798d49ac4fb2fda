package testkit

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"persepsi/handlers/web"
)

// FromDoor is a form that a browser sends which has the door at an address open.
func FromDoor(t testing.TB, address string, values url.Values) *http.Request {
	t.Helper()
	const bound = "PINTU"
	mac := hmac.New(sha256.New, []byte(bound))
	mac.Write([]byte("persepsi form"))
	values.Set(web.FormField, base64.RawURLEncoding.EncodeToString(mac.Sum(nil)))
	r, err := http.NewRequestWithContext(context.Background(), http.MethodPost, address, strings.NewReader(values.Encode()))
	check(t, err)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.AddCookie(&http.Cookie{Name: web.FormCookie, Value: bound})
	return r
}
