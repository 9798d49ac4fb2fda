package access

import (
	"context"
	"crypto/sha256"
	"time"
)

// SessionFor is how long a session lasts. It is not prolonged by use: a screen
// that was left open is closed within the hour.
const SessionFor = time.Hour

// Session lets a browser act as a key for a short while, so that the key need
// not be kept there. As stored it holds only the hash of its token.
type Session struct {
	Hash    [32]byte
	Key     string // the key's ID; the session ends with it
	At      time.Time
	Expires time.Time // from this instant on it opens nothing
}

// SessionStore keeps the sessions.
type SessionStore interface {
	// AddSession adds a session, and may remove those that had expired when it
	// was made.
	AddSession(ctx context.Context, s Session) error
	// SessionByHash returns the session of a token's hash, nil where there is
	// none. It may return one that has expired.
	SessionByHash(ctx context.Context, hash [32]byte) (*Session, error)
	// EndSession removes a session; one that isn't there is no error.
	EndSession(ctx context.Context, hash [32]byte) error
}

// NewSession makes a session of a key, and its token, which only the browser
// keeps.
func NewSession(k *Key, at time.Time) (s Session, token string) {
	token = newToken()
	return Session{Hash: HashToken(token), Key: k.ID, At: at, Expires: at.Add(SessionFor)}, token
}

// HashToken returns the hash under which a token's session is stored.
func HashToken(token string) [32]byte { return sha256.Sum256([]byte(token)) }

// IsToken reports whether a text may be a session's token; what has another
// length need not be looked for.
func IsToken(text string) bool { return len(text) == tokenLength }
