package access

import (
	"slices"
	"time"
)

// Purpose is what a one-time link is for.
type Purpose string

// The purposes.
const (
	FirstAdmin Purpose = "first_admin" // the city's first administrator
	Invitation Purpose = "invitation"
	Reset      Purpose = "reset" // of a forgotten password
)

// How long links open the form behind them.
const (
	InvitationFor = 7 * 24 * time.Hour
	ResetFor      = 24 * time.Hour
)

// Link is an open one-time link, as stored: only the hash of its token. To look at it
// uses nothing up: mail scanners look at every link, and some post its form. Setting a
// password or a passkey closes all links of the person.
type Link struct {
	Hash    Digest    `json:"hash"`
	Purpose Purpose   `json:"purpose"`
	At      time.Time `json:"at"`
	Expires time.Time `json:"expires"`
}

// NewLink makes a link, and its token, which stands in the address and is not stored.
func NewLink(purpose Purpose, at time.Time) (l Link, token string) {
	lasts := InvitationFor
	if purpose == Reset {
		lasts = ResetFor
	}
	token = newToken()
	return Link{Hash: HashToken(token), Purpose: purpose, At: at, Expires: at.Add(lasts)}, token
}

// OpenLink returns the person's link of a token, nil where there is none or it has
// expired.
func (p *Person) OpenLink(token string, now time.Time) *Link {
	hash := HashToken(token)
	i := slices.IndexFunc(p.Links, func(l Link) bool { return l.Hash == hash && now.Before(l.Expires) })
	if i < 0 {
		return nil
	}
	return &p.Links[i]
}
