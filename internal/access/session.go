package access

import (
	"context"
	"crypto/sha256"
	"time"
)

// The limits of a session.
const (
	SessionFor  = 12 * time.Hour // a working day: from sign-in on, whatever is done
	SessionIdle = 2 * time.Hour  // without a request
	// SeenEvery is how exactly the newest request is stored.
	SeenEvery = time.Minute
)

// Session lets a browser act as a person for a while. As stored it holds only the
// hash of its token.
type Session struct {
	Hash    Digest
	Person  string // the person's id
	At      time.Time
	Seen    time.Time // the newest request, to within SeenEvery
	Expires time.Time // from this instant on it opens nothing
	Device  string    // what the browser said it is, in a few words: for the person's list
	Second  bool      // a second factor was given
	// Ceremony is what a browser's passkey has to sign, of a sign-in or a setting up that
	// is on its way: such a session belongs to nobody and opens nothing.
	Ceremony string
}

// SessionStore keeps the sessions.
type SessionStore interface {
	// AddSession adds a session, and may remove those that had expired when it
	// was made.
	AddSession(ctx context.Context, s Session) error
	// SessionByHash returns the session of a token's hash, nil where there is
	// none. It may return one that has expired.
	SessionByHash(ctx context.Context, hash Digest) (*Session, error)
	// SessionsOf returns the sessions of a person, the newest first. Some may have
	// expired.
	SessionsOf(ctx context.Context, person string) ([]Session, error)
	// SeeSession stores when the newest request of a session came; a session that
	// isn't there is no error and stays away.
	SeeSession(ctx context.Context, hash Digest, seen time.Time) error
	// EndSession removes a session; one that isn't there is no error.
	EndSession(ctx context.Context, hash Digest) error
	// EndSessions removes all sessions of a person but the one to keep; a zero
	// digest keeps none.
	EndSessions(ctx context.Context, person string, keep Digest) error
}

// NewSession makes a session of a person, and its token, which only the browser
// keeps.
func NewSession(person, device string, second bool, at time.Time) (s Session, token string) {
	token = newToken()
	return Session{Hash: HashToken(token), Person: person, At: at, Seen: at, Expires: at.Add(SessionFor), Device: device, Second: second}, token
}

// Open reports whether a session lets its person in at an instant.
func (s *Session) Open(now time.Time) bool {
	return now.Before(s.Expires) && now.Before(s.Seen.Add(SessionIdle))
}

// ID names the session in the list of its person; it opens nothing.
func (s *Session) ID() string { return idOf(s.Hash) }

// CeremonyFor is how long a passkey may take to sign, and how long a session waits that
// lacks its person's second factor.
const CeremonyFor = 5 * time.Minute

// NewCeremony makes the session of a ceremony, and its token.
func NewCeremony(text string, at time.Time) (s Session, token string) {
	s, token = NewSession("", "", false, at)
	s.Ceremony, s.Expires = text, at.Add(CeremonyFor)
	return s, token
}

// HashToken returns the hash under which a token's session or link is stored.
func HashToken(token string) Digest { return sha256.Sum256([]byte(token)) }

// IsToken reports whether a text may be a session's or link's token; what has another
// length need not be looked for.
func IsToken(text string) bool { return len(text) == tokenLength }
