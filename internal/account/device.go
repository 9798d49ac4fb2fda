package account

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"strings"

	"persepsi/internal/access"
)

// A browser that somebody signed in with keeps a mark that says so: chance, and a
// signature over it that only the account's stored password makes. It opens nothing;
// it gives the browser a count of wrong passwords of its own, so that nobody who
// guesses elsewhere can lock the owner out. It tells nothing of the person, nothing of
// it is stored here, and a new password ends all marks.

const (
	deviceNonce = 16
	deviceBytes = 2 * deviceNonce // the chance and the signature
	// maxDevices is how many accounts a browser is known to: a computer at a counter is
	// shared.
	maxDevices = 5
)

// knownDevice returns the mark among a browser's that is an account's, empty where
// none is.
func knownDevice(marks string, p *access.Person) string {
	found := ""
	for _, mark := range devices(marks) {
		raw, err := base64.RawURLEncoding.Strict().DecodeString(mark)
		if err == nil && len(raw) == deviceBytes && hmac.Equal(raw[deviceNonce:], signDevice(raw[:deviceNonce], p)) && p.Password != "" {
			found = mark
		}
	}
	return found
}

// markDevice returns a browser's marks with one of an account, the newest first.
func markDevice(marks string, p *access.Person) string {
	if p.Password == "" {
		return marks
	}
	old := knownDevice(marks, p)
	raw := make([]byte, deviceNonce, deviceBytes)
	rand.Read(raw) // never fails: without chance the program ends
	out := []string{base64.RawURLEncoding.EncodeToString(append(raw, signDevice(raw, p)...))}
	if old != "" {
		out[0] = old
	}
	for _, mark := range devices(marks) {
		if mark != out[0] && len(out) < maxDevices {
			out = append(out, mark)
		}
	}
	return strings.Join(out, ".")
}

// devices returns what may be marks; more than maxDevices are not looked at.
func devices(marks string) []string {
	var out []string
	for mark := range strings.SplitSeq(marks, ".") {
		if len(mark) == base64.RawURLEncoding.EncodedLen(deviceBytes) && len(out) < maxDevices {
			out = append(out, mark)
		}
	}
	return out
}

func signDevice(nonce []byte, p *access.Person) []byte {
	mac := hmac.New(sha256.New, []byte("persepsi device "+p.ID+" "+p.Password))
	mac.Write(nonce)
	return mac.Sum(nil)[:deviceNonce]
}
