package web

import (
	"log/slog"
	"net/netip"
	"time"

	"github.com/gofiber/fiber/v2"
	"golang.org/x/time/rate"

	"persepsi/handlers/view"
	"persepsi/internal/access"
	"persepsi/internal/cache"
	"persepsi/survey"
)

// Directories returns the current directory of the city.
type Directories interface {
	Directory() *survey.Directory
}

// BodyLimit is the largest body of a request in bytes: the longest answer is far
// smaller. What FileForms name takes more.
const BodyLimit = 64 << 10

// ReadWithin is how long a request may take to arrive.
const ReadWithin = 15 * time.Second

// Settings is what all areas need, and a Site is made from.
type Settings struct {
	Directories Directories
	KeyStore    access.KeyReader
	Sessions    Sessions
	PersonStore access.PersonStore
	// SecondFactor are the roles that allow nothing without a second factor.
	SecondFactor []access.Role
	Cache        *cache.Cache // of what is rendered for many
	Limits       Limits
	Trusted      []netip.Prefix // proxies whose word about a client is believed, beside those on this machine
	PublicURL    string         // the address in symbols, without a slash at the end; empty: not configured
	Temp         string         // a directory of files that are made to be sent; empty: where the system keeps such
	Now          func() time.Time
	Log          *slog.Logger
}

// Site is what the areas share: the pages, the edge where errors become replies,
// and who a request is from. It is made once; each area holds it.
type Site struct {
	Settings
	Pages  *view.Pages
	Peers  *Peers
	Keys   *Keyring
	People *People
	// What areas say of themselves, where they are mounted: addresses that take files, what is
	// told of every request that was answered, by its route, and what is added to the error page
	// of an address of theirs.
	FileForms []FileForm
	Observed  func(route string, status int, took time.Duration)
	Help      func(c *fiber.Ctx, code survey.Code, page *view.Failure)

	limiter *limiter
	uploads *uploads
	trouble rate.Sometimes
}

// NewSite makes a site.
func NewSite(set Settings) (*Site, error) {
	pages, err := view.New()
	if err != nil {
		return nil, err
	}
	from := &Peers{trusted: set.Trusted, now: set.Now, log: set.Log}
	s := &Site{Settings: set, Pages: pages, Peers: from, limiter: newLimiter(set.Limits, set.Now), uploads: &uploads{now: set.Now, until: map[string]uploadPlace{}}, trouble: rate.Sometimes{Interval: time.Second}}
	s.Keys, s.People = newKeyring(&set, s.From), newPeople(&set)
	return s, nil
}

// From returns the address that a request came from, as it counts where wrong keys and
// passwords are held back: this machine's too, and of IPv6 the network.
func (s *Site) From(c *fiber.Ctx) netip.Addr { return s.Peers.of(c).addr }

// Passing returns what lets one answer of a request's sender to a point pass, or
// tells as RateLimited when to try again.
func (s *Site) Passing(c *fiber.Ctx) func(point string) error {
	return func(point string) error { return s.limiter.allow(c, s.Peers.of(c), point) }
}

// LimitDemo is Passing for a part of a demonstration, where anybody may enter and write;
// elsewhere everything passes.
func (s *Site) LimitDemo(c *fiber.Ctx, part string) error {
	if !s.Directories.Directory().City().Demo {
		return nil
	}
	return s.Passing(c)(part)
}

// Address returns where citizens reach the service: the configured address, which is fixed,
// or in a demonstration the one that this request came to. That one is whatever the client
// says, so nothing made of it may be cached for others. NotConfigured: there is neither.
func (s *Site) Address(c *fiber.Ctx) (address string, fixed bool, err error) {
	if s.PublicURL != "" {
		return s.PublicURL, true, nil
	}
	if !s.Directories.Directory().City().Demo {
		return "", false, survey.Errorf(survey.NotConfigured, "a symbol needs the address under which citizens reach the service: start it with --public-url")
	}
	return s.Peers.Address(c), false, nil
}
