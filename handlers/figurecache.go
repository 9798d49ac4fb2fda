package handlers

import (
	"compress/flate"
	"sync"

	"github.com/gofiber/fiber/v2"

	"persepsi/analytics"
)

// figureCache keeps the units' results compressed, each until its figures
// change: the results of a whole city are megabytes, and most of them are the
// same from one request to the next. It is bounded by the catalogue.
type figureCache struct {
	mu    sync.Mutex
	known map[figureKey]figure
}

// figure is a text of results, compressed. The text is the results' own.
type figure struct {
	text []byte
	piece
}

// figureKey names one text of a unit's results.
type figureKey struct {
	period, unit    string
	public, explain bool
}

// send sends results, compressed where the client takes that.
func (f *figureCache) send(c *fiber.Ctx, scope analytics.Scope, r *analytics.Results) error {
	c.Vary(fiber.HeaderAcceptEncoding)
	parts, err := r.JSON()
	if err != nil {
		return err
	}
	if !takesGzip(c) {
		plain, length := make([][]byte, len(parts)), 0
		for i, part := range parts {
			plain[i] = part.Text
			length += len(part.Text)
		}
		sendParts(c, plain, length)
		return nil
	}
	s := newSplice()
	for _, part := range parts {
		if part.Unit == "" {
			s.store(part.Text)
			continue
		}
		p, err := f.piece(figureKey{r.Period, part.Unit, scope.Public, scope.Explain}, part.Text)
		if err != nil {
			return err
		}
		s.add(p)
	}
	return s.send(c)
}

func (f *figureCache) piece(key figureKey, text []byte) (piece, error) {
	f.mu.Lock()
	known, ok := f.known[key]
	f.mu.Unlock()
	if ok && len(text) == len(known.text) && &text[0] == &known.text[0] {
		return known.piece, nil
	}
	fresh, err := newPiece(text, nil, flate.DefaultCompression)
	if err != nil {
		return piece{}, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.known == nil {
		f.known = map[figureKey]figure{}
	}
	f.known[key] = figure{text, fresh}
	return fresh, nil
}
