package desk

import (
	"math/rand/v2"
	"time"

	"github.com/gofiber/fiber/v2"

	"persepsi/handlers/web"
	"persepsi/internal/access"
)

// livePath is where a page of the desk hears that something else is to be shown.
const livePath = Home + "/kejadian"

const (
	// lookEvery is the least time between two events, lookMore what chance adds to it, so
	// that the pages of an office don't all ask at once.
	lookEvery = 5 * time.Second
	lookMore  = 2 * time.Second
	// beatEvery is the least time without anything after which a comment is sent: proxies
	// end what is silent for a minute.
	beatEvery = 15 * time.Second
	// sayEvery is after how long a revision is said again: a browser doesn't tell its
	// page of comments, so this is how the page knows that the stream lives.
	sayEvery = time.Minute
)

// aboutParam says what a stream tells of: empty, the desk; aboutWork, the long work of who asks.
const aboutParam, aboutWork = "tentang", "permintaan"

// stream tells pages that something else is to be shown.
type stream struct {
	layout  *layout
	people  *web.People
	streams *openStreams
	work    *work
}

func (s *stream) mount(area *web.Area) { area.Get(livePath, access.ReadDesk, s.live) }

// live is GET /meja/kejadian: a stream of the revisions of a page. It holds the same
// parameters as the page, or says that it is of the page of long work. A session that ended, or a right that was taken, ends it at the
// next look.
func (s *stream) live(c *fiber.Ctx) error {
	period, ofWork := c.Query(periodParam), c.Query(aboutParam) == aboutWork
	if _, err := s.layout.deskOf(web.ActorOf(c), period); err != nil {
		return err
	}
	ctx := c.UserContext()
	look := func(who access.Actor) (string, error) {
		if ofWork {
			return s.work.revision(ctx, who)
		}
		shown, err := s.layout.deskOf(who, period)
		if err != nil {
			return "", err
		}
		return shown.Revision, nil
	}
	person, token := web.ActorOf(c).Person, c.Cookies(web.SessionCookie)
	return s.streams.open(c, func(to *events) {
		if to.retry(lookEvery+rand.N(lookEvery)) != nil {
			return
		}
		said, last, beat := "", time.Time{}, time.Time{}
		for {
			who, err := s.people.Watch(ctx, token)
			if err != nil || who.Person != person || !access.Somewhere(who, access.ReadDesk) {
				return
			}
			revision, err := look(who)
			if err != nil {
				return
			}
			now := time.Now()
			switch {
			case revision != said || now.Sub(last) >= sayEvery:
				err = to.send("revision", revision)
				said, last, beat = revision, now, now
			case now.Sub(beat) >= beatEvery:
				err = to.beat()
				beat = now
			}
			if err != nil || !to.wait(lookEvery+rand.N(lookMore)) {
				return
			}
		}
	})
}
