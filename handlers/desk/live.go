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

// live is GET /meja/kejadian: a stream of the revisions of a page. It holds the same
// parameters as the page. A session that ended, or a right that was taken, ends it at the
// next look.
func (p *pages) live(c *fiber.Ctx) error {
	period := c.Query(periodParam)
	if _, err := p.deskOf(web.ActorOf(c), period); err != nil {
		return err
	}
	person, token := web.ActorOf(c).Person, c.Cookies(web.SessionCookie)
	ctx := c.UserContext()
	return p.streams.Stream(c, func(to *web.Events) {
		if to.Retry(lookEvery+rand.N(lookEvery)) != nil {
			return
		}
		said, last, beat := "", time.Time{}, time.Time{}
		for {
			who, err := p.People.Watch(ctx, token)
			if err != nil || who.Person != person || !access.Somewhere(who, access.ReadDesk) {
				return
			}
			shown, err := p.deskOf(who, period)
			if err != nil {
				return
			}
			revision, now := shown.Revision, time.Now()
			switch {
			case revision != said || now.Sub(last) >= sayEvery:
				err = to.Send("revision", revision)
				said, last, beat = revision, now, now
			case now.Sub(beat) >= beatEvery:
				err = to.Beat()
				beat = now
			}
			if err != nil || !to.Wait(lookEvery+rand.N(lookMore)) {
				return
			}
		}
	})
}
