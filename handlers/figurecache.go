package handlers

import (
	"compress/flate"
	"sync"

	"github.com/gofiber/fiber/v2"

	"persepsi/analytics"
)

// figureCache keeps the texts of results compressed, each until its figures
// change: the results of a whole city are megabytes, and most of them are the
// same from one request to the next. It is bounded by the catalogue. Results of
// one unit are not kept so: they are small.
type figureCache struct {
	comma piece

	mu    sync.Mutex
	known map[figureKey]figure
}

// figure is a text of results, compressed. The text is the results' own.
type figure struct {
	text []byte
	piece
}

// figureKey names a text: a unit's, or what follows all units of a scope.
type figureKey struct {
	scope analytics.Scope
	unit  string
}

func newFigureCache() (*figureCache, error) {
	comma, err := newPiece([]byte(","), nil, flate.DefaultCompression)
	return &figureCache{comma: comma, known: map[figureKey]figure{}}, err
}

// send sends results, compressed where the client takes that.
func (f *figureCache) send(c *fiber.Ctx, scope analytics.Scope, t *analytics.Text) error {
	c.Vary(fiber.HeaderAcceptEncoding)
	if !takesGzip(c) {
		parts, length := make([][]byte, 0, len(t.Rest)+1), len(t.Head)
		parts = append(parts, t.Head)
		for _, part := range t.Rest {
			parts = append(parts, part.Text)
			length += len(part.Text)
		}
		sendParts(c, parts, length)
		return nil
	}
	s := newSplice()
	s.store(t.Head)
	for _, part := range t.Rest {
		p, err := f.piece(scope, part)
		if err != nil {
			return err
		}
		s.add(p)
	}
	return s.send(c)
}

func (f *figureCache) piece(scope analytics.Scope, part analytics.JSONPiece) (piece, error) {
	if len(part.Text) == 1 {
		return f.comma, nil
	}
	key := figureKey{scope, part.Unit}
	if part.Unit != "" { // its text is the same in every scope
		key.scope.Agency, key.scope.Unit = "", ""
	}
	f.mu.Lock()
	known, ok := f.known[key]
	f.mu.Unlock()
	if ok && len(part.Text) == len(known.text) && &part.Text[0] == &known.text[0] {
		return known.piece, nil
	}
	fresh, err := newPiece(part.Text, nil, flate.DefaultCompression)
	if err != nil || scope.Unit != "" {
		return fresh, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.known[key] = figure{part.Text, fresh}
	return fresh, nil
}
