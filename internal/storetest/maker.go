package storetest

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/uuid"

	"persepsi/survey"
)

// Maker makes responses that differ in everything that a tally tells apart.
type Maker struct {
	rng  *rand.Rand
	form *survey.Form
}

// NewMaker makes a maker whose responses a seed decides, but for their ids.
func NewMaker(t testing.TB, seed uint64) *Maker {
	t.Helper()
	return newMaker(t, seed, "terpadu-16@1")
}

func newMaker(t testing.TB, seed uint64, form string) *Maker {
	t.Helper()
	f, err := Library(t).FormByID(form)
	if err != nil {
		t.Fatal(err)
	}
	return &Maker{rng: rand.New(rand.NewPCG(seed, 1)), form: f}
}

// First is the first day that responses are made for.
func First() survey.Date { return survey.NewDate(2026, time.January, 20) }

// Response makes one response of one of three units over three weeks around
// the end of a month.
func (m *Maker) Response() *survey.Response {
	day := First() + survey.Date(m.rng.IntN(21))
	hour := 8 + m.rng.IntN(8)
	at := day.Time().Add(time.Duration(hour)*time.Hour + time.Duration(m.rng.IntN(3_600_000))*time.Millisecond)
	r := &survey.Response{
		ID: uuid.New(), Period: "2026-s1", Unit: fmt.Sprintf("unit-%d", m.rng.IntN(3)), Service: []string{"ktp", "akta", "kk"}[m.rng.IntN(3)],
		Point: []string{"KUPARI47", "BEDATO92"}[m.rng.IntN(2)], Form: m.form.ID, Mode: survey.Mode(m.rng.IntN(int(survey.ModeCount))),
		Lang: []string{"id", "en"}[m.rng.IntN(2)], Day: day, Hour: uint8(hour), ReceivedAt: at,
	}
	if m.rng.IntN(4) > 0 {
		r.StartedAt = at.Add(-time.Duration(m.rng.IntN(200)) * time.Second)
	}
	if m.rng.IntN(5) == 0 {
		r.Comment = "Loket 1 – “baik”, \n 50% lebih cepat; terima kasih 🙏"
	}
	values := make([]int, len(m.form.Questions))
	for q := range values {
		if values[q] = m.rng.IntN(len(m.form.Questions[q].Options) + 1); values[q] == 0 && q%2 == 0 {
			values[q] = survey.Declined
		}
	}
	r.Answers = survey.MakeMarks(values)
	values = make([]int, len(m.form.Fields))
	for f := range values {
		values[f] = m.rng.IntN(len(m.form.Fields[f].Categories) + 1)
	}
	r.Respondent = survey.MakeMarks(values)
	return r
}

// Batch makes n responses.
func (m *Maker) Batch(n int) []*survey.Response {
	out := make([]*survey.Response, n)
	for i := range out {
		out[i] = m.Response()
	}
	return out
}
