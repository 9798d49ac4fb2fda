package main_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"os/exec"
	"strings"
	"syscall"
	"testing"

	"github.com/google/uuid"

	"persepsi/internal/testkit"
)

// run runs a command and returns how it ended.
func run(t *testing.T, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	cmd := exec.Command(binary(t), args...)
	cmd.Stdout, cmd.Stderr = &out, &errs
	var ended *exec.ExitError
	if err := cmd.Run(); err != nil && !errors.As(err, &ended) {
		t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), out.String(), errs.String()
}

// contradict sends other answers under ids that the store holds while it is
// away, so that they are set aside when it is back.
func (v *victim) contradict(book *ledger, w *wire, n int) (ids []uuid.UUID, others []*sentAnswer) {
	v.t.Helper()
	for range n {
		a, id := book.fresh(v.t, 4, 0)
		if resp, err := book.send(v.t, v.url, a); err != nil || resp.StatusCode != http.StatusCreated {
			v.t.Fatalf("an answer: %v %v", resp, err)
		}
		var body map[string]any
		if err := json.Unmarshal(a.body, &body); err != nil {
			v.t.Fatal(err)
		}
		body["comment"] = "isi yang lain"
		text, err := json.Marshal(body)
		if err != nil {
			v.t.Fatal(err)
		}
		ids, others = append(ids, id), append(others, &sentAnswer{id: id, point: a.point, body: text})
	}
	w.enable(false)
	for _, a := range others {
		if resp, err := book.send(v.t, v.url, a); err != nil || resp.StatusCode != http.StatusCreated {
			v.t.Fatalf("another answer while MongoDB is away: %v %v", resp, err)
		}
	}
	w.enable(true)
	return ids, others
}

func TestWhatWasSetAsideIsListedAndResolvedBesideTheServer(t *testing.T) {
	t.Parallel()
	uri := testkit.MongoDB(t)
	w := newWire(t, uri)
	data := t.TempDir()
	runOK(t, "apply", city(t, crashCity(4)), "--mongodb", uri)
	v := start(t, "--mongodb", w.uri, "--data", data)
	book := newLedger()
	ids, _ := v.contradict(book, w, 2)
	v.becomes(http.StatusOK, "2 set aside for a person")
	where := []string{"--data", data, "--mongodb", uri}

	code, out, errs := run(t, append([]string{"spool", "list"}, where...)...)
	if code != 0 || !strings.HasPrefix(out, "0 wait for MongoDB, 2 set aside") {
		t.Errorf("spool list: %d\n%s%s", code, out, errs)
	}
	for _, id := range ids {
		if !strings.Contains(out, id.String()) || !strings.Contains(out, "the store holds another answer under this id") {
			t.Errorf("spool list does not tell of %s:\n%s", id, out)
		}
	}
	if strings.Contains(out, "isi yang lain") {
		t.Errorf("spool list tells what was answered:\n%s", out)
	}

	resolve := func(id uuid.UUID, options ...string) (int, string, string) {
		return run(t, append(append([]string{"spool", "resolve", id.String()}, where...), options...)...)
	}
	if code, _, errs := resolve(ids[0]); code != 1 || !strings.Contains(errs, "--as-new") || !strings.Contains(errs, "--drop --reason R") {
		t.Errorf("resolve without a choice: %d\n%s", code, errs)
	}
	if code, _, errs := resolve(ids[1], "--drop"); code != 1 || !strings.Contains(errs, "--reason") {
		t.Errorf("drop without a reason: %d\n%s", code, errs)
	}
	if code, _, errs := resolve(uuid.New()); code != 1 || !strings.Contains(errs, "no answer") {
		t.Errorf("resolve of an id that is not there: %d\n%s", code, errs)
	}
	code, out, errs = resolve(ids[0], "--as-new")
	fresh, err := uuid.Parse(strings.TrimSpace(strings.TrimPrefix(out, "stored as ")))
	if code != 0 || err != nil {
		t.Fatalf("as new: %d\n%s%s", code, out, errs)
	}
	if code, out, errs := resolve(ids[1], "--drop", "--reason", "percobaan"); code != 0 || out != "dropped: percobaan\n" {
		t.Errorf("drop: %d\n%s%s", code, out, errs)
	}
	if code, _, errs := resolve(ids[1], "--as-new"); code != 1 || !strings.Contains(errs, "resolved already: dropped: percobaan") {
		t.Errorf("resolve again: %d\n%s", code, errs)
	}
	v.becomes(http.StatusOK, `"spool":{"ok":true`)

	code, out, _ = run(t, append([]string{"spool", "list", "--all", "--format", "json"}, where...)...)
	var listing struct {
		SetAside int `json:"set_aside"`
		Answers  []struct{ ID, Resolution string }
	}
	if err := json.Unmarshal([]byte(out), &listing); code != 0 || err != nil || listing.SetAside != 0 || len(listing.Answers) != 2 ||
		listing.Answers[0].Resolution != "stored as "+fresh.String() || listing.Answers[1].Resolution != "dropped: percobaan" {
		t.Errorf("what is resolved: %d %v %s", code, err, out)
	}

	// The answer of its own is in the store and the figures, once.
	book.answers[fresh] = &sentAnswer{acknowledged: true}
	v.healed(book)
	v.ends()
	s := openMongoDB(t, uri)
	if n := checkStore(t, s, book); n != 3 {
		t.Errorf("%d answers are stored, want 3", n)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

func TestServersOfADatabaseKnowEachOther(t *testing.T) {
	t.Parallel()
	uri := testkit.MongoDB(t)
	w := newWire(t, uri)
	data, others := t.TempDir(), t.TempDir()
	runOK(t, "apply", city(t, crashCity(4)), "--mongodb", uri)
	v := start(t, "--mongodb", w.uri, "--data", data)
	other := start(t, "--mongodb", uri, "--data", others)
	type row struct {
		ID      string
		Here    bool
		Waiting map[string]int64
	}
	list := func() (rows []row) {
		t.Helper()
		code, out, errs := run(t, "spool", "list", "--data", data, "--mongodb", uri, "--format", "json")
		var listing struct{ Servers []row }
		if err := json.Unmarshal([]byte(out), &listing); code != 0 || err != nil {
			t.Fatalf("spool list: %d %v %s%s", code, err, out, errs)
		}
		return listing.Servers
	}
	rows := list()
	if len(rows) != 2 || rows[0].Here == rows[1].Here {
		t.Fatalf("the servers are %+v, want two, one of them here", rows)
	}
	other.ends()
	here := list()
	if len(here) != 1 || !here[0].Here {
		t.Errorf("after one signed off: %+v", here)
	}

	// One that ends while the database is away from it is awaited still.
	book := newLedger()
	w.enable(false)
	a, _ := book.fresh(t, 4, 0)
	if resp, err := book.send(t, v.url, a); err != nil || resp.StatusCode != http.StatusCreated {
		t.Fatalf("an answer: %v %v", resp, err)
	}
	v.ends()
	if rows := list(); len(rows) != 1 || rows[0].ID != here[0].ID {
		t.Errorf("after one was cut off: %+v", rows)
	}
	w.enable(true)
	v = start(t, "--mongodb", w.uri, "--data", data)
	poll(t, "it is the same server", func() bool { rows := list(); return len(rows) == 1 && rows[0].ID == here[0].ID })

	code, out, _ := run(t, "spool", "list", "--data", data, "--mongodb", uri)
	if code != 0 || !strings.Contains(out, here[0].ID+" (this one)") {
		t.Errorf("spool list: %d\n%s", code, out)
	}
	if code, _, errs := run(t, "spool", "forget", "deadbeef", "--data", data, "--mongodb", uri, "--reason", "rusak"); code != 1 || !strings.Contains(errs, "no server") {
		t.Errorf("forget another: %d %s", code, errs)
	}
	v.signal(syscall.SIGKILL)
	v.wait()
	if code, out, errs := run(t, "spool", "forget", here[0].ID, "--data", data, "--mongodb", uri, "--reason", "rusak"); code != 0 || !strings.HasPrefix(out, "forgotten") {
		t.Errorf("forget: %d %s%s", code, out, errs)
	}
	if rows := list(); len(rows) != 0 {
		t.Errorf("after it was forgotten: %+v", rows)
	}
	if _, out, _ := run(t, "audit", "--mongodb", uri, "--action", "forget_server"); !strings.Contains(out, here[0].ID) || !strings.Contains(out, "why: rusak") {
		t.Errorf("the audit says: %s", out)
	}
}
