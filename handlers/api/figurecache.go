package api

import (
	"compress/flate"
	"sync"

	"github.com/gofiber/fiber/v2"

	"persepsi/handlers/web"
	"persepsi/internal/report"
)

// figureCache keeps the texts of results compressed, each until its figures
// change: the results of a whole city are megabytes, and most of them are the
// same from one request to the next. It is bounded by the catalogue. Results of
// one unit are not kept so: they are small.
type figureCache struct {
	comma web.Piece

	mu     sync.Mutex
	known  map[figureKey]figure
	wholes map[report.Scope]figure
}

// mostWholes bounds what is kept in one piece, a megabyte each.
const mostWholes = 6

// figure is a text of results, compressed.
type figure struct {
	serial uint64 // of the text
	web.Piece
}

// figureKey names a text: a unit's, or what follows all units of a scope.
type figureKey struct {
	scope report.Scope
	unit  string
}

func newFigureCache() (*figureCache, error) {
	comma, err := web.NewPiece([]byte(","), nil, flate.DefaultCompression)
	return &figureCache{comma: comma, known: map[figureKey]figure{}, wholes: map[report.Scope]figure{}}, err
}

// send sends results, compressed where the client takes that.
func (f *figureCache) send(c *fiber.Ctx, scope report.Scope, t *report.Text) error {
	c.Vary(fiber.HeaderAcceptEncoding)
	if !web.TakesGzip(c) {
		web.SendParts(c, [][]byte{t.Head, t.Whole}, len(t.Head)+len(t.Whole))
		return nil
	}
	rest, err := f.rest(scope, &t.Rest)
	if err != nil {
		return err
	}
	s := web.NewSplice()
	s.Store(t.Head)
	s.Add(rest)
	return s.Send(c)
}

// rest returns what follows the head, compressed.
func (f *figureCache) rest(scope report.Scope, r *report.Rest) (web.Piece, error) {
	if r.Serial == 0 {
		return web.NewPiece(r.Whole, nil, flate.DefaultCompression)
	}
	f.mu.Lock()
	known, ok := f.wholes[scope]
	f.mu.Unlock()
	if ok && known.serial == r.Serial {
		return known.Piece, nil
	}
	pieces := make([]web.Piece, len(r.Pieces))
	for i, part := range r.Pieces {
		var err error
		if pieces[i], err = f.piece(scope, part); err != nil {
			return web.Piece{}, err
		}
	}
	whole := web.Join(pieces)
	f.mu.Lock()
	defer f.mu.Unlock()
	for other := range f.wholes {
		if other != scope && len(f.wholes) >= mostWholes {
			delete(f.wholes, other)
		}
	}
	f.wholes[scope] = figure{r.Serial, whole}
	return whole, nil
}

func (f *figureCache) piece(scope report.Scope, part report.JSONPiece) (web.Piece, error) {
	if part.Serial == 0 {
		return f.comma, nil
	}
	key := figureKey{scope, part.Unit}
	if part.Unit != "" { // its text is the same in every scope
		key.scope.Agency = ""
	}
	f.mu.Lock()
	known, ok := f.known[key]
	f.mu.Unlock()
	if ok && known.serial == part.Serial {
		return known.Piece, nil
	}
	fresh, err := web.NewPiece(part.Text, nil, flate.DefaultCompression)
	if err != nil {
		return web.Piece{}, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.known[key] = figure{part.Serial, fresh}
	return fresh, nil
}
