package public

import (
	"sync"

	"github.com/gofiber/fiber/v2"

	"persepsi/analytics"
	"persepsi/handlers/view"
	"persepsi/handlers/web"
	"persepsi/survey"
)

// resultKey names one result page.
type resultKey struct{ unit, period, lang string } // period and lang as the address has them

// resultState is all that a result page depends on beside its address: while
// it is the same, so is the page.
type resultState struct {
	catalogue *survey.Catalogue
	tally     *analytics.Tally // what the public figures are computed from
	people    *view.People     // the first one; they change all at once
	today     survey.Date
}

// resultCache keeps result pages as they are sent, compressed: making one takes
// a hundred times as long as sending it.
type resultCache struct {
	mu    sync.Mutex
	known map[resultKey]knownResult
}

type knownResult struct {
	state resultState
	page  web.Piece
}

// mostResults bounds the memory, to some 60 MB where every page is asked for.
const mostResults = 2000

// resultKeyOf returns the key of a request's page; false where the address holds what
// the cache doesn't know.
func resultKeyOf(c *fiber.Ctx) (resultKey, bool) {
	key := resultKey{c.Params("unit"), c.Query("period"), c.Query("lang")}
	known := true
	for name, value := range c.Context().QueryArgs().All() {
		switch string(name) {
		case "period": // it exists, or there is no page
		case "lang":
			known = known && (string(value) == "" || string(value) == view.Language(string(value)))
		default:
			known = false
		}
	}
	return key, known && web.TakesGzip(c)
}

func (r *resultCache) find(key resultKey, now resultState) (web.Piece, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	known, ok := r.known[key]
	return known.page, ok && known.state == now
}

func (r *resultCache) keep(key resultKey, now resultState, page web.Piece) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.known == nil || len(r.known) >= mostResults {
		r.known = map[resultKey]knownResult{}
	}
	r.known[key] = knownResult{now, page}
}
