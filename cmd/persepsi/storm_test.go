package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"

	"persepsi/internal/testkit"
	"persepsi/survey"
)

// storm is what 64 clients send at once: answers, of which three in ten are
// sent twice or three times at the same moment, as phones on a bad line do.
type storm struct {
	answers map[string]*stormAnswer // by id
	sends   []*stormAnswer          // copies side by side

	mu sync.Mutex
}

type stormAnswer struct {
	body     []byte
	replies  []int
	receipts map[string]bool
}

const stormClients = 64

func newStorm(t *testing.T, n int) *storm {
	t.Helper()
	library, err := survey.NewLibrary()
	if err != nil {
		t.Fatal(err)
	}
	form, err := library.FormByID("terpadu-16@2")
	if err != nil {
		t.Fatal(err)
	}
	random := rand.New(rand.NewPCG(4, 2000))
	out := &storm{answers: map[string]*stormAnswer{}}
	for i := range n {
		id, answers := uuid.NewString(), testkit.Answers(form, 4)
		for code := range answers {
			answers[code] = 1 + random.IntN(4)
		}
		body, err := json.Marshal(map[string]any{"id": id, "service": "ktp", "consent": true, "answers": answers, "comment": fmt.Sprintf("jawaban %d", i)})
		if err != nil {
			t.Fatal(err)
		}
		a := &stormAnswer{body: body, receipts: map[string]bool{}}
		out.answers[id] = a
		copies := 1
		if i%10 < 3 {
			copies = 2 + i%2
		}
		for range copies {
			out.sends = append(out.sends, a)
		}
	}
	return out
}

// rage sends everything and notes the replies.
func (w *storm) rage(t *testing.T, address string) {
	t.Helper()
	queue := make(chan *stormAnswer)
	var clients sync.WaitGroup
	for range stormClients {
		clients.Go(func() {
			for a := range queue {
				status, receipt, err := post(address, a.body)
				if err != nil {
					t.Errorf("an answer got no reply: %v", err)
					continue
				}
				w.mu.Lock()
				a.replies = append(a.replies, status)
				a.receipts[receipt] = true
				w.mu.Unlock()
			}
		})
	}
	for _, a := range w.sends {
		queue <- a
	}
	close(queue)
	clients.Wait()
}

func post(address string, body []byte) (status int, receipt string, err error) {
	r, err := patient.Post(address+"/api/v1/points/KUPARI47/responses", "application/json", bytes.NewReader(body))
	if err != nil {
		return 0, "", err
	}
	defer r.Body.Close()
	text, err := io.ReadAll(r.Body)
	if err != nil {
		return 0, "", err
	}
	var got struct{ Receipt string }
	err = json.Unmarshal(text, &got)
	return r.StatusCode, got.Receipt, err
}

// TestAStormOfRetriesStoresEveryAnswerOnce checks from outside: by the
// replies, by an export beside the running service, and by a recount.
func TestAStormOfRetriesStoresEveryAnswerOnce(t *testing.T) {
	t.Parallel()
	answers := 2000
	if testing.Short() {
		answers = 300
	}
	for _, e := range engines() {
		t.Run(e.name, func(t *testing.T) {
			t.Parallel()
			flags := e.flags(t)
			must(t, append([]string{"apply", declared(t, oneCounter)}, flags...)...)
			s := launch(t, flags...)
			w := newStorm(t, answers)
			w.rage(t, s.url)
			for id, a := range w.answers {
				stored := 0
				for _, status := range a.replies {
					switch status {
					case http.StatusCreated:
						stored++
					case http.StatusOK:
					default:
						t.Errorf("%s was answered with %d", id, status)
					}
				}
				if stored != 1 || len(a.receipts) != 1 || a.receipts[""] {
					t.Errorf("%s: %d of %d replies say that it was stored, receipts %v", id, stored, len(a.replies), a.receipts)
				}
			}
			w.contradict(t, s.url)

			out, told := must(t, append([]string{"export", "--period", "berjalan", "--format", "jsonl", "--full", "--reason", "uji coba"}, flags...)...)
			if want := fmt.Sprintf("%d rows\n", answers); told != want {
				t.Errorf("the export tells %q, want %q", told, want)
			}
			w.checkExport(t, out)
			if code := s.stop(); code != exitDone {
				t.Errorf("exit code %d: %s", code, s.log)
			}
			counted, _ := must(t, append([]string{"recount"}, flags...)...)
			if !strings.HasPrefix(counted, fmt.Sprintf("%d responses in ", answers)) || !strings.HasSuffix(counted, ", 0 tallies differed\n") {
				t.Errorf("the recount says %q", counted)
			}
			results, _ := must(t, append([]string{"results", "--period", "berjalan"}, flags...)...)
			if n := fmt.Sprint(at(decoded(t, results), "units", 0, "responses", "valid")); n != fmt.Sprint(answers) {
				t.Errorf("the results count %s answers, want %d", n, answers)
			}
		})
	}
}

// contradict sends other answers under ids that are stored.
func (w *storm) contradict(t *testing.T, address string) {
	t.Helper()
	tries := 0
	for id, a := range w.answers {
		other := bytes.Replace(a.body, []byte(`"comment":"jawaban `), []byte(`"comment":"bukan jawaban `), 1)
		status, _, err := post(address, other)
		if err != nil || status != http.StatusConflict {
			t.Errorf("other content under %s: %d, %v, want 409", id, status, err)
		}
		if tries++; tries == 50 {
			return
		}
	}
}

func (w *storm) checkExport(t *testing.T, jsonl string) {
	t.Helper()
	seen := map[string]bool{}
	for _, line := range strings.Split(strings.TrimSuffix(jsonl, "\n"), "\n") {
		row := decoded(t, line)
		id := fmt.Sprint(row["id"])
		a, sent := w.answers[id]
		switch {
		case !sent:
			t.Errorf("%s is stored and was never sent", id)
			continue
		case seen[id]:
			t.Errorf("%s is stored twice", id)
		case !a.receipts[fmt.Sprint(row["receipt"])]:
			t.Errorf("%s has the receipt %v in the export, its sender has %v", id, row["receipt"], a.receipts)
		}
		seen[id] = true
		body := decoded(t, string(a.body))
		if fmt.Sprint(body["answers"]) != fmt.Sprint(row["answers"]) || body["comment"] != row["comment"] {
			t.Errorf("%s was changed on the way: sent %v, stored %v", id, body["answers"], row["answers"])
		}
	}
	if len(seen) != len(w.answers) {
		t.Errorf("%d answers are stored, %d were sent", len(seen), len(w.answers))
	}
}
