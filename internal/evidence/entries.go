package evidence

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"

	"persepsi/internal/audit"
	"persepsi/survey"
)

// mostTries is how often an entry is tried where others add theirs at the same moment.
const mostTries = 20

// Entries is where entries are added and withdrawn.
type Entries struct {
	Store Store
	Rows  []string // see Rows
	Most  int64    // bytes that the files of the whole city may take
	Now   func() time.Time

	recording sync.Mutex // so that only other processes come in between
}

// Add stores a draft and returns its entry; one whose form was sent before is what that
// became, if it says the same. Errors: Invalid names each field, and `form` where the form was
// sent before and said something else; TooSlow where its file took too long.
func (s *Entries) Add(ctx context.Context, d *Draft) (Entry, error) {
	e, wrong := d.entry(s.Rows)
	var file *keptParts
	switch {
	case d.File == nil:
	case d.LinksOnly:
		wrong.add("file", "demo", "files are not taken in a demonstration")
	default:
		var err *refusal
		switch file, err = take(d.File); {
		case len(d.File.Data) == 0:
			wrong.add("file", "empty", "is empty")
		case len(d.File.Data) > MostFile:
			wrong.add("file", "too_large", "is larger than a file may be")
		case err != nil:
			wrong.add("file", err.code, err.message)
		}
	}
	if len(wrong) > 0 {
		return e, refused(wrong)
	}
	if file != nil {
		file.sum()
		e.File = &file.file
	}
	// First what needs no file to be stored.
	if same, err := s.look(ctx, &e); err != nil || same != nil {
		return or(same, e), err
	}
	end := Expiry{Place: e.Place, Due: s.Now().UTC().Truncate(time.Millisecond).Add(addWithin)}
	if file != nil {
		// What is being added at this moment is not seen: few files are taken at once.
		room, err := s.Store.EvidenceRoom(ctx)
		if err != nil {
			return e, err
		}
		if wrong := room.holds(e.File.Bytes, s.Most); len(wrong) > 0 {
			return e, refused(wrong)
		}
		id, err := uuid.NewV7()
		if err != nil {
			return e, fmt.Errorf("name a file: %w", err)
		}
		e.File.ID, end.File = id.String(), id.String()
		if err := s.put(ctx, file, end); err != nil {
			return e, err
		}
	}
	same, err := s.record(ctx, &e, end)
	code := survey.CodeOf(err)
	if file != nil && (same != nil || err != nil && (code == survey.Invalid || code == survey.Conflict)) { // it is sure that it was not stored
		end.Due = s.Now().UTC().Truncate(time.Millisecond)
		if s.Store.PutExpiry(ctx, end) == nil {
			_ = s.expire(ctx, end) // else the next sweep does
		}
	}
	return or(same, e), err
}

func or(same *Entry, e Entry) Entry {
	if same != nil {
		return *same
	}
	return e
}

func refused(wrong faults) error {
	return survey.Faulty("the entry has faults; nothing was stored", wrong)
}

// sum makes the checksum of what is kept.
func (t *keptParts) sum() {
	sum := sha256.New()
	for _, p := range t.parts {
		sum.Write(p)
	}
	t.file.SHA256 = hex.EncodeToString(sum.Sum(nil))
}

// look checks an entry against those that there are, and numbers it; same is the one that its
// form became before.
func (s *Entries) look(ctx context.Context, e *Entry) (same *Entry, err error) {
	steps, err := s.Store.EvidenceSteps(ctx, e.Place)
	if err != nil {
		return nil, err
	}
	e.N = len(steps) + 1
	have := entries(steps)
	for i := range have {
		if e.Form == "" || have[i].Form != e.Form || have[i].By != e.By {
			continue
		}
		if !have[i].Holds() || !have[i].says(e) {
			var wrong faults
			wrong.add("form", "sent", "was stored already, and said something else then")
			return nil, refused(wrong)
		}
		return &have[i], nil
	}
	return nil, refused(roomFor(e, have, s.Now()))
}

// put stores the pieces of a file, each for itself, so that nobody waits for all of them.
func (s *Entries) put(ctx context.Context, file *keptParts, end Expiry) error {
	if err := s.Store.PutExpiry(ctx, end); err != nil {
		return err
	}
	readers := make([]io.Reader, len(file.parts))
	for i, p := range file.parts {
		readers[i] = bytes.NewReader(p)
	}
	all := io.MultiReader(readers...)
	piece := make([]byte, MostPiece)
	for n, left := 0, file.file.Bytes; left > 0; n++ {
		next := piece[:min(left, MostPiece)]
		if _, err := io.ReadFull(all, next); err != nil {
			return fmt.Errorf("cut a file into pieces: %w", err)
		}
		if err := s.Store.PutPiece(ctx, end.File, n, next); err != nil {
			return err
		}
		left -= int64(len(next))
	}
	return nil
}

// record stores an entry after all others.
func (s *Entries) record(ctx context.Context, e *Entry, end Expiry) (same *Entry, err error) {
	s.recording.Lock()
	defer s.recording.Unlock()
	for range mostTries {
		if same, err = s.look(ctx, e); err != nil || same != nil {
			return same, err
		}
		e.At = s.Now().UTC().Truncate(time.Millisecond)
		end.Due = e.At.Add(addWithin) // another one, so that who sweeps at this moment looks again
		err = s.Store.RecordEvidence(ctx, Step{Place: e.Place, Serial: e.N, Added: e}, end, told(e))
		if survey.CodeOf(err) != survey.Conflict {
			return nil, err
		}
	}
	return nil, err
}

// Withdraw withdraws an entry with a reason. Errors: NotFound; Conflict where it was withdrawn
// already, in other words or by somebody else; Invalid for the reason.
func (s *Entries) Withdraw(ctx context.Context, of Place, w Withdrawal) error {
	w.Reason = strings.TrimSpace(w.Reason)
	var wrong faults
	if wrong.text("reason", w.Reason, LeastWords, MostReason, false); len(wrong) > 0 {
		return refused(wrong)
	}
	s.recording.Lock()
	defer s.recording.Unlock()
	var err error
	for range mostTries {
		var steps []Step
		if steps, err = s.Store.EvidenceSteps(ctx, of); err != nil {
			return err
		}
		e := find(entries(steps), func(e *Entry) bool { return e.N == w.N })
		switch {
		case e == nil:
			return survey.Errorf(survey.NotFound, "there is no such entry")
		case !e.Holds() && e.Withdrawn.By == w.By && e.Withdrawn.Reason == w.Reason: // a form that was sent twice
			return nil
		case !e.Holds():
			return survey.Errorf(survey.Conflict, "the entry was withdrawn already")
		}
		w.At = s.Now().UTC().Truncate(time.Millisecond)
		end := Expiry{Place: of, Due: w.At.Add(KeptWithdrawn)}
		if e.File != nil {
			end.File = e.File.ID
		}
		e.Withdrawn = &w
		err = s.Store.RecordEvidence(ctx, Step{Place: of, Serial: len(steps) + 1, Withdrawn: &w}, end, told(e))
		if survey.CodeOf(err) != survey.Conflict {
			return err
		}
	}
	return err
}

// Sweep removes the files that no entry names, and those of entries that were withdrawn long
// enough ago. It is a task that is done again and again, also after it was broken off.
func (s *Entries) Sweep(ctx context.Context) error {
	due, err := s.Store.Expiries(ctx, s.Now())
	if err != nil {
		return err
	}
	for _, x := range due {
		if err := s.expire(ctx, x); err != nil {
			return err
		}
	}
	return nil
}

// expire ends an expiry that is due, and removes its file unless an entry has it.
func (s *Entries) expire(ctx context.Context, x Expiry) error {
	list, err := List(ctx, s.Store, x.Place)
	if err != nil {
		return err
	}
	named := find(list, func(e *Entry) bool { return e.File != nil && e.File.ID == x.File })
	return s.Store.EndExpiry(ctx, x, named == nil || !named.HasFile(s.Now()))
}

func find(list []Entry, is func(*Entry) bool) *Entry {
	for i := range list {
		if is(&list[i]) {
			return &list[i]
		}
	}
	return nil
}

// told returns what the audit tells of an entry that was added or withdrawn: which one, of
// which row, and its checksum. Titles, names of files and addresses stand in the entry alone.
func told(e *Entry) audit.Entry {
	out := audit.Entry{At: e.At, Actor: e.By, Action: audit.AddEvidence, Subject: e.Period + "/" + e.Unit, Detail: "evidence " + strconv.Itoa(e.N) + " for " + e.Row}
	is := ""
	switch {
	case e.File != nil:
		is = "sha256:" + e.File.SHA256
		out.Detail += fmt.Sprintf(", %s of %d bytes", e.File.Type, e.File.Bytes)
	default:
		is = "link"
		if to, err := url.Parse(e.Link); err == nil {
			is += " to " + to.Hostname()
		}
	}
	change := audit.Change{What: "evidence." + strconv.Itoa(e.N), After: is}
	if w := e.Withdrawn; w != nil {
		change.Before, change.After = change.After, ""
		out.At, out.Actor, out.Action, out.Reason = w.At, w.By, audit.WithdrawEvidence, w.Reason
	}
	out.Changes = []audit.Change{change}
	out.Concerns(e.Period, e.Unit)
	return out
}
