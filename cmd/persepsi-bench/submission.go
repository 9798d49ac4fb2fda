package main

import (
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/google/uuid"
	"github.com/valyala/fasthttp"

	"persepsi/survey"
)

// submission is a body as the JSON API takes it, with a gap for the id.
type submission struct {
	path string
	body []byte
}

// idAt is where the id stands in a body: it is the first member.
const idAt = len(`{"id":"`)

// submissionKinds is the number of different bodies; each is sent again and
// again, under a fresh id each time.
const submissionKinds = 2048

// submissions makes bodies for the points of a city out of answers that the
// generator makes: real ones differ as much.
func submissions(c City, d *survey.Directory, now time.Time) ([]submission, error) {
	// As many as it takes to find enough that came from a screen.
	c.Answers = 2 * submissionKinds
	s := newStream(newMaker(c, d), 0)
	defer s.stop()
	all := newBatch(int(c.Answers))
	s.fill(all)
	out := make([]submission, 0, submissionKinds)
	for _, r := range all.responses() {
		if r.Mode == survey.ModePaper || len(out) == submissionKinds {
			continue
		}
		body, err := bodyOf(d.Form(RunningPeriod), r, now)
		if err != nil {
			return nil, err
		}
		out = append(out, submission{"/api/v1/points/" + r.Point + "/responses", body})
	}
	return out, nil
}

func bodyOf(f *survey.Form, r *survey.Response, now time.Time) ([]byte, error) {
	answers, respondent := map[string]int{}, map[string]string{}
	for q := range f.Questions {
		if v := r.Answers.At(q); v > 0 {
			answers[f.Questions[q].Code] = v
		}
	}
	for i := range f.Fields {
		if v := r.Respondent.At(i); v > 0 {
			respondent[f.Fields[i].Code] = f.Fields[i].Categories[v-1].Code
		}
	}
	body, err := json.Marshal(struct {
		ID         uuid.UUID         `json:"id"`
		Service    string            `json:"service"`
		Lang       string            `json:"lang"`
		Mode       string            `json:"mode"`
		Consent    bool              `json:"consent"`
		Answers    map[string]int    `json:"answers"`
		Respondent map[string]string `json:"respondent"`
		Comment    string            `json:"comment,omitempty"`
		StartedAt  string            `json:"started_at"`
	}{r.ID, r.Service, r.Lang, r.Mode.String(), true, answers, respondent, r.Comment, now.Add(-time.Minute).UTC().Format(time.RFC3339)})
	if err != nil {
		return nil, fmt.Errorf("make a submission: %w", err)
	}
	return body, nil
}

// posts sends submissions in turn, each under an id that newID makes of two
// random numbers. path, where it is given, takes the place of the submissions'
// own.
func posts(list []submission, path string, newID func(a, b uint64) uuid.UUID) func(int) func(*fasthttp.Request) {
	return func(i int) func(*fasthttp.Request) {
		at := i * 31
		random := rand.New(rand.NewPCG(rand.Uint64(), rand.Uint64())) //nolint:gosec // ids must differ, not be secret
		return func(r *fasthttp.Request) {
			s := &list[at%len(list)]
			at++
			if path == "" {
				r.SetRequestURI(s.path)
			} else {
				r.SetRequestURI(path)
			}
			r.Header.SetMethod(fasthttp.MethodPost)
			r.Header.SetContentType("application/json")
			r.SetBody(s.body)
			writeID(r.Body()[idAt:], newID(random.Uint64(), random.Uint64()))
		}
	}
}

// writeID writes an id as text, without allocating.
func writeID(to []byte, id uuid.UUID) {
	at := 0
	for i, part := range [...][]byte{id[:4], id[4:6], id[6:8], id[8:10], id[10:]} {
		if i > 0 {
			to[at] = '-'
			at++
		}
		at += hex.Encode(to[at:], part)
	}
}

// idAtTime makes a UUIDv7 of a time in milliseconds and random numbers.
func idAtTime(ms, a, b uint64) uuid.UUID {
	var u uuid.UUID
	binary.BigEndian.PutUint64(u[:8], ms<<16|0x7000|a&0xfff)
	binary.BigEndian.PutUint64(u[8:], 1<<63|b>>2)
	return u
}

// timedID makes a UUIDv7 of now, as the form does.
func timedID(a, b uint64) uuid.UUID { return idAtTime(uint64(time.Now().UnixMilli()), a, b) }

// randomID makes a UUIDv4, as a client of the API may.
func randomID(a, b uint64) uuid.UUID {
	var u uuid.UUID
	binary.BigEndian.PutUint64(u[:8], a&^0xf000|0x4000)
	binary.BigEndian.PutUint64(u[8:], 1<<63|b>>2)
	return u
}
