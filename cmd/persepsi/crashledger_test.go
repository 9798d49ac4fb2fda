package main_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"persepsi/survey"
)

// ledger is what the clients know: every answer that they sent, which of them
// were acknowledged, and each call's history.
type ledger struct {
	*history

	mu      sync.Mutex
	answers map[uuid.UUID]*sentAnswer
}

type sentAnswer struct {
	id           uuid.UUID
	of           content
	point        string
	body         []byte
	comment      string
	other        *sentAnswer // other content under the same id, nil where none was made
	acknowledged bool        // the answer, or the other one
	receipt      string
}

func newLedger() *ledger { return &ledger{history: newHistory(), answers: map[uuid.UUID]*sentAnswer{}} }

// fresh makes an answer and notes it before it is sent.
func (l *ledger) fresh(t *testing.T, points, comment int) (*sentAnswer, uuid.UUID) {
	id := uuid.Must(uuid.NewV7())
	answers := map[string]int{}
	for _, q := range scored(t) {
		answers[q] = 1 + rand.IntN(4)
	}
	body, err := json.Marshal(map[string]any{
		"id": id.String(), "service": "umum", "consent": true, "answers": answers, "comment": strings.Repeat("s", comment),
	})
	if err != nil {
		t.Error(err)
	}
	a := &sentAnswer{id: id, of: 1, point: fmt.Sprintf("TITIK%dA", rand.IntN(points)), body: body, comment: strings.Repeat("s", comment)}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.answers[id] = a
	return a, id
}

// contradicted makes an answer with other content under the id of one.
func (l *ledger) contradicted(a *sentAnswer) *sentAnswer {
	other := &sentAnswer{id: a.id, of: 2, point: a.point, comment: a.comment + "lain"}
	other.body = bytes.Replace(a.body, []byte(`"comment":"`+a.comment), []byte(`"comment":"`+other.comment), 1)
	l.mu.Lock()
	defer l.mu.Unlock()
	a.other = other
	return other
}

var scoredCodes = sync.OnceValues(func() ([]string, error) {
	lib, err := survey.NewLibrary()
	if err != nil {
		return nil, err
	}
	form, err := lib.Form("terpadu-16@2")
	if err != nil {
		return nil, err
	}
	var out []string
	for _, q := range form.Questions {
		if q.Scored {
			out = append(out, q.Code)
		}
	}
	return out, nil
})

func scored(t *testing.T) []string {
	codes, err := scoredCodes()
	if err != nil {
		t.Error(err)
	}
	return codes
}

// client gives up on a reply that doesn't come, as a phone would.
var client = &http.Client{Timeout: 30 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: 64}}

// send sends an answer and notes what came of it.
func (l *ledger) send(t *testing.T, url string, a *sentAnswer) (resp *http.Response, err error) {
	began, reply := l.now(), unknown
	defer func() { l.note(a.id, began, call{a.of, reply}) }()
	resp, err = client.Post(url+"/api/v1/points/"+a.point+"/responses", "application/json", bytes.NewReader(a.body))
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close() // read to its end
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, err
	}
	if resp.StatusCode >= 500 {
		return resp, nil
	}
	reply = resp.StatusCode
	l.mu.Lock()
	defer l.mu.Unlock()
	switch first := l.answers[a.id]; {
	case reply == http.StatusConflict && first.other != nil: // whether rightly, the history tells
	case reply != http.StatusCreated && reply != http.StatusOK:
		t.Errorf("an honest answer got %d: %s", reply, text)
	default:
		var told struct {
			Receipt string `json:"receipt"`
		}
		if err := json.Unmarshal(text, &told); err != nil {
			t.Errorf("%v: %s", err, text)
		}
		if a.receipt != "" && a.receipt != told.Receipt {
			t.Errorf("the receipt was %s and is now %s", a.receipt, told.Receipt)
		}
		first.acknowledged, a.receipt = true, told.Receipt
	}
	return resp, nil
}

// sendTwice sends an answer twice at once, as an impatient finger does, or with
// other content, which no honest client does.
func (l *ledger) sendTwice(t *testing.T, url string, a *sentAnswer) error {
	twin := a
	if rand.IntN(3) == 0 {
		twin = l.contradicted(a)
	}
	ended := make(chan error, 1)
	go func() {
		_, err := l.send(t, url, twin)
		ended <- err
	}()
	_, err := l.send(t, url, a)
	return errors.Join(err, <-ended)
}

// again sends half of the answers that were never acknowledged once more, as
// phones do, and some that were.
func (l *ledger) again(t *testing.T, v *victim) {
	t.Helper()
	l.mu.Lock()
	var list []*sentAnswer
	acknowledged := 0
	for _, a := range l.answers {
		if !a.acknowledged && rand.IntN(2) == 0 || a.acknowledged && acknowledged < 20 {
			list = append(list, a)
			if a.other != nil {
				list = append(list, a.other)
			}
			if a.acknowledged {
				acknowledged++
			}
		}
	}
	l.mu.Unlock()
	for _, a := range list {
		if resp, err := l.send(t, v.url, a); err != nil || resp.StatusCode >= 500 {
			t.Errorf("a retry after the start: %v %v", resp, err)
		}
	}
}
