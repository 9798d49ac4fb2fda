package storetest

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"persepsi/internal/audit"
	"persepsi/internal/evidence"
	"persepsi/survey"
)

func evidenceAt(period, unit string) evidence.Place {
	return evidence.Place{Period: period, Unit: unit}
}

func linked(of evidence.Place, n int) evidence.Step {
	return evidence.Step{Place: of, Serial: n, Added: &evidence.Entry{
		Row: "pengungkit.sdm", Title: fmt.Sprint("Tautan ", n), Note: "Satu.\nDua.", Link: "https://kota.example/sk", By: "siti@kota.example", At: time.UnixMilli(1000).UTC(), Form: "f",
		Shown: &evidence.PublicationProof{Way: evidence.Offline, Day: survey.NewDate(2026, 7, 2), Where: "Papan pengumuman"},
	}}
}

// evidenceSteps: steps of a place come one after the other, each once, with what the audit
// tells of it; those of other places are none of them.
func evidenceSteps(t *testing.T, e Engine) {
	open := e.New(t)
	s := handle(t, open)
	of := evidenceAt("p", "u")
	gone := evidence.Step{Place: of, Serial: 3, Withdrawn: &evidence.Withdrawal{N: 1, By: "budi@kota.example", At: time.UnixMilli(2000).UTC(), Reason: "salah unit"}}
	for i, step := range []struct {
		evidence.Step
		want survey.Code
	}{{linked(of, 2), survey.Conflict}, {linked(of, 1), ""}, {linked(of, 1), survey.Conflict}, {linked(of, 2), ""}, {gone, ""}, {gone, survey.Conflict}} {
		err := s.RecordEvidence(t.Context(), step.Step, evidence.Expiry{}, audit.Entry{Subject: fmt.Sprint(i), At: time.UnixMilli(5)})
		if step.want == "" && err != nil || step.want != "" && survey.CodeOf(err) != step.want {
			t.Errorf("%d: err = %v, want %q", i, err, step.want)
		}
	}
	var said string
	for _, x := range entriesOf(t, handle(t, open)) {
		said += x.Subject + " "
	}
	if said != "1 3 4 " {
		t.Errorf("the audit tells of %s", said)
	}
	others := []evidence.Place{evidenceAt("p", "u/1"), evidenceAt("p/u", "v"), evidenceAt("p", "u-a"), evidenceAt("p", "a"), evidenceAt("q", "u")}
	for _, at := range others {
		if err := s.RecordEvidence(t.Context(), linked(at, 1), evidence.Expiry{}); err != nil {
			t.Errorf("%v: %v", at, err)
		}
	}
	got, err := handle(t, open).EvidenceSteps(t.Context(), of)
	if diff := cmp.Diff([]evidence.Step{linked(of, 1), linked(of, 2), gone}, got); err != nil || diff != "" {
		t.Errorf("steps (-want +got), err = %v:\n%s", err, diff)
	}
	all, err := evidence.ListPeriod(t.Context(), s, "p")
	if err != nil || len(all) != 4 || len(all["u"]) != 2 || len(all["u/1"]) != 1 || all["u"][0].Holds() || !all["u"][1].Holds() || all["u-a"][0].N != 1 {
		t.Errorf("of the period there are %+v, err = %v", all, err)
	}
	if got, err := s.EvidenceSteps(t.Context(), evidenceAt("r", "u")); err != nil || len(got) != 0 {
		t.Errorf("of a period without any there are %v, err = %v", got, err)
	}
}

// pdf is a file of some bytes that differ.
func pdf(n, salt int) []byte {
	out := append(make([]byte, 0, n), fmt.Sprintf("%%PDF-1.7 %d\n", salt)...)
	for len(out) < n-6 {
		out = append(out, byte(len(out)*7+len(out)/256+salt))
	}
	return append(out, "%%EOF\n"...)
}

func evidenceEntries(s *OpenStore, now time.Time) *evidence.Entries {
	return &evidence.Entries{Store: s, Rows: []string{evidence.FollowUp}, Most: evidence.MostCity, Now: func() time.Time { return now }}
}

func filed(of evidence.Place, salt, n int) *evidence.Draft {
	return &evidence.Draft{Place: of, Row: evidence.FollowUp, Title: "Foto kursi baru", By: "siti@kota.example", File: &evidence.Sent{Name: "kursi.pdf", Data: pdf(n, salt)}}
}

// evidenceFiles: another process reads the very bytes of a file, of whatever length; one that
// broke off before its entry is nowhere, and one that is swept away gets no entry any more.
func evidenceFiles(t *testing.T, e Engine) {
	open := e.New(t)
	s, now := handle(t, open), time.UnixMilli(1_800_000_000_000).UTC()
	entries, of := evidenceEntries(s, now), evidenceAt("p", "u")
	for i, n := range []int{64, evidence.MostPiece, evidence.MostPiece + 1, 3*evidence.MostPiece - 1} {
		if _, err := entries.Add(t.Context(), filed(of, i, n)); err != nil {
			t.Fatal(err)
		}
	}
	list, err := evidence.List(t.Context(), handle(t, open), of)
	if err != nil || len(list) != 4 {
		t.Fatalf("there are %d entries, err = %v", len(list), err)
	}
	for i, n := range []int{64, evidence.MostPiece, evidence.MostPiece + 1, 3*evidence.MostPiece - 1} {
		in, err := evidence.Open(t.Context(), s, &list[i])
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(in)
		sum := sha256.Sum256(got)
		if err != nil || !bytes.Equal(got, pdf(n, i)) || in.Bytes != int64(n) || in.SHA256 != hex.EncodeToString(sum[:]) {
			t.Errorf("of %d bytes %d came back, with the checksum %s, err = %v", n, len(got), in.SHA256, err)
		}
	}
	if _, err := s.Piece(t.Context(), list[0].File.ID, 1); survey.CodeOf(err) != survey.NotFound {
		t.Errorf("after the last piece err = %v", err)
	}
	// What dies before its entry.
	lost := evidence.Expiry{Place: of, File: "lost", Due: now.Add(time.Hour)}
	if err := s.PutExpiry(t.Context(), lost); err != nil {
		t.Fatal(err)
	}
	for n := range 3 {
		if err := s.PutPiece(t.Context(), "lost", n, pdf(evidence.MostPiece, n)); err != nil {
			t.Fatal(err)
		}
	}
	for i, x := range []struct {
		at    time.Time
		there bool
	}{{now.Add(59 * time.Minute), true}, {now.Add(time.Hour), false}, {now.Add(2 * time.Hour), false}} {
		if err := evidenceEntries(s, x.at).Sweep(t.Context()); err != nil {
			t.Fatal(err)
		}
		for n := range 3 {
			if _, err := s.Piece(t.Context(), "lost", n); (err == nil) != x.there {
				t.Errorf("%d: piece %d: %v", i, n, err)
			}
		}
	}
	step := evidence.Step{Place: of, Serial: 5, Added: &evidence.Entry{Row: evidence.FollowUp, Title: "Terlambat", File: &evidence.File{ID: "lost", Bytes: 1}}}
	if err := s.RecordEvidence(t.Context(), step, lost, audit.Entry{Subject: "not this"}); survey.CodeOf(err) != survey.TooSlow {
		t.Errorf("an entry of a file that was swept away: %v", err)
	}
	if now, err := evidence.List(t.Context(), s, of); err != nil || len(now) != 4 {
		t.Errorf("there are %d entries, err = %v", len(now), err)
	}
	for i := range list {
		if _, err := s.Piece(t.Context(), list[i].File.ID, 0); err != nil {
			t.Errorf("the file of entry %d was swept away: %v", i+1, err)
		}
	}
}

// evidenceSwept: the file of an entry that is withdrawn goes when its time is over and not
// before, its entry stays; a sweep goes on where another broke off, and an expiry that became
// another meanwhile is left alone.
func evidenceSwept(t *testing.T, e Engine) {
	open := e.New(t)
	s, now := handle(t, open), time.UnixMilli(1_800_000_000_000).UTC()
	entries, of := evidenceEntries(s, now), evidenceAt("p", "u")
	for i := range 2 {
		if _, err := entries.Add(t.Context(), filed(of, i, 2*evidence.MostPiece)); err != nil {
			t.Fatal(err)
		}
	}
	for _, x := range []struct {
		reason string
		want   survey.Code
	}{{"ab", survey.Invalid}, {"wajah warga terlihat", ""}, {"wajah warga terlihat", ""}, {"lain", survey.Conflict}} {
		err := entries.Withdraw(t.Context(), of, evidence.Withdrawal{N: 1, By: "siti@kota.example", Reason: x.reason})
		if x.want == "" && err != nil || x.want != "" && survey.CodeOf(err) != x.want {
			t.Errorf("%s: %v, want %q", x.reason, err, x.want)
		}
	}
	if err := entries.Withdraw(t.Context(), of, evidence.Withdrawal{N: 3, Reason: "tiada"}); survey.CodeOf(err) != survey.NotFound {
		t.Errorf("what is not there is withdrawn: %v", err)
	}
	list, err := evidence.List(t.Context(), s, of)
	if err != nil || len(list) != 2 || list[0].Holds() || list[0].Withdrawn.Reason != "wajah warga terlihat" || !list[1].Holds() {
		t.Fatalf("entries = %+v, err = %v", list, err)
	}
	file := list[0].File.ID
	there := func() bool {
		_, err := s.Piece(t.Context(), file, 0)
		return err == nil
	}
	end := now.Add(evidence.KeptWithdrawn)
	if err := evidenceEntries(s, end.Add(-time.Millisecond)).Sweep(t.Context()); err != nil || !there() {
		t.Fatalf("a withdrawn file went before its time, err = %v", err)
	}
	// Who read it before it became another one ends nothing.
	if err := s.EndExpiry(t.Context(), evidence.Expiry{Place: of, File: file, Due: end.Add(-time.Hour)}, true); err != nil || !there() {
		t.Fatalf("an expiry that became another was ended, err = %v", err)
	}
	if due, err := s.Expiries(t.Context(), end); err != nil || len(due) != 1 || !cmp.Equal(due[0], evidence.Expiry{Place: of, File: file, Due: end}) {
		t.Errorf("due are %+v, err = %v", due, err)
	}
	if err := evidenceEntries(s, end).Sweep(t.Context()); err != nil || there() {
		t.Errorf("a withdrawn file is there after its time, err = %v", err)
	}
	if due, err := s.Expiries(t.Context(), end.Add(time.Hour)); err != nil || len(due) != 0 {
		t.Errorf("due are %+v, err = %v", due, err)
	}
	if _, err := s.Piece(t.Context(), list[1].File.ID, 1); err != nil {
		t.Errorf("the other file went too: %v", err)
	}
	if now, err := evidence.List(t.Context(), handle(t, open), of); err != nil || len(now) != 2 || now[0].File.SHA256 != list[0].File.SHA256 {
		t.Errorf("entries = %+v, err = %v", now, err)
	}
}

// evidenceTogether: two processes add at once, and what a unit may have is exceeded by none;
// what is refused leaves nothing.
func evidenceTogether(t *testing.T, e Engine) {
	open := e.New(t)
	of, now := evidenceAt("p", "u"), time.UnixMilli(1_800_000_000_000).UTC()
	both := []*evidence.Entries{evidenceEntries(handle(t, open), now), evidenceEntries(handle(t, open), now)}
	const tries = evidence.MostFiles + 14
	var adding sync.WaitGroup
	refused := make(chan error, tries)
	for worker := range 4 {
		adding.Go(func() {
			for i := worker; i < tries; i += 4 {
				if _, err := both[worker%2].Add(t.Context(), filed(of, i, 100)); err != nil {
					refused <- err
				}
			}
		})
	}
	adding.Wait()
	close(refused)
	for err := range refused {
		if survey.CodeOf(err) != survey.Invalid {
			t.Error(err)
		}
	}
	list, err := evidence.List(t.Context(), both[0].Store, of)
	if err != nil || len(list) != evidence.MostFiles {
		t.Errorf("there are %d entries, err = %v", len(list), err)
	}
	if left, err := both[0].Store.Expiries(t.Context(), now.Add(24*time.Hour)); err != nil || len(left) != 0 {
		t.Errorf("left over are %v, err = %v", left, err)
	}
}

// evidenceRoom: what the files of all units take together has a bound too, and what is
// removed is free again; another process sees the same.
func evidenceRoom(t *testing.T, e Engine) {
	open := e.New(t)
	s, now := handle(t, open), time.UnixMilli(1_800_000_000_000).UTC()
	entries := evidenceEntries(s, now)
	entries.Most = 5 * evidence.MostPiece
	for i, x := range []struct {
		unit  string
		bytes int
		want  survey.Code
		holds int64
	}{{"u", 100, "", 1}, {"v", evidence.MostPiece + 1, "", 3}, {"w", 2*evidence.MostPiece + 1, survey.Invalid, 3}, {"w", 2 * evidence.MostPiece, "", 5}, {"x", 100, survey.Invalid, 5}} {
		_, err := entries.Add(t.Context(), filed(evidenceAt("p", x.unit), i, x.bytes))
		if x.want == "" && err != nil || x.want != "" && survey.CodeOf(err) != x.want {
			t.Errorf("%d: %v, want %q", i, err, x.want)
		}
		if room, err := handle(t, open).EvidenceRoom(t.Context()); err != nil || room.Pieces != x.holds {
			t.Errorf("%d: %d pieces, want %d, err = %v", i, room.Pieces, x.holds, err)
		}
	}
	linked := filed(evidenceAt("p", "x"), 9, 100)
	linked.File, linked.Link = nil, "https://kota.example/foto"
	if _, err := entries.Add(t.Context(), linked); err != nil {
		t.Errorf("a link, which takes no room: %v", err)
	}
	if err := entries.Withdraw(t.Context(), evidenceAt("p", "v"), evidence.Withdrawal{N: 1, By: "siti@kota.example", Reason: "salah unit"}); err != nil {
		t.Fatal(err)
	}
	if err := evidenceEntries(s, now.Add(evidence.KeptWithdrawn)).Sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := entries.Add(t.Context(), filed(evidenceAt("p", "x"), 8, 100)); err != nil {
		t.Errorf("after a file was removed: %v", err)
	}
}
