package public

import (
	"sync/atomic"
	"time"

	"persepsi/survey"
)

// painting lets one sheet at a time be drawn as pixels, which takes a processor for one or
// two hundred milliseconds and some 60 MB: anybody may ask for that of each unit and period.
// Others wait for their turn, a few of them; what was drawn is kept, and isn't counted here.
type painting struct {
	turn  chan struct{}
	asked atomic.Int32
}

// mostAsked is how many sheets are drawn or wait to be.
const mostAsked = 8

func newPainting() *painting { return &painting{turn: make(chan struct{}, 1)} }

// begin waits for its turn, which ends when done is called; Unavailable: too many wait.
func (p *painting) begin() (done func(), err error) {
	if p.asked.Add(1) > mostAsked {
		p.asked.Add(-1)
		return nil, &survey.Error{Code: survey.Unavailable, Message: "too many sheets are being drawn; try again in a moment", RetryAfter: 5 * time.Second} //nolint:mnd // about what those that wait take
	}
	p.turn <- struct{}{}
	return func() {
		<-p.turn
		p.asked.Add(-1)
	}, nil
}
