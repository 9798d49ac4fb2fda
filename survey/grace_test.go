package survey

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
)

// graceCity has a period with one behind it, a month within it that overlaps,
// and a last one with none behind it.
const graceCity = cityYAML + `
  - {code: 2026-s2, name: Semester II 2026, from: 2026-07-01, to: 2026-12-31, instrument: terpadu-16}
  - {code: april, name: April, from: 2026-04-01, to: 2026-04-30, instrument: skm-9, overlaps: [2026-s1]}
`

// idAt makes a UUIDv7 of an instant.
func idAt(at time.Time) string {
	u := uuid.Must(uuid.NewV7())
	for i, ms := 5, at.UnixMilli(); i >= 0; i, ms = i-1, ms>>8 {
		u[i] = byte(ms)
	}
	return u.String()
}

func TestAFormOpenedBeforeThePeriodsEndIsTakenForThirtyMinutes(t *testing.T) {
	t.Parallel()
	const ms = time.Millisecond
	lib, methods := testLibrary(t)
	for _, zone := range []string{"Asia/Makassar", "Asia/Jakarta", "America/St_Johns"} {
		c := mustApply(t, &Catalogue{}, strings.Replace(graceCity, "name: Kota Contoh", "name: Kota Contoh, time_zone: "+zone, 1))
		d, err := NewDirectory(c, lib, methods)
		if err != nil {
			t.Fatal(err)
		}
		dk01 := point(t, d, "DK01")
		june := NewDate(2026, time.July, 1).In(d.Zone())        // the end of 2026-s1, which 2026-s2 follows
		december := NewDate(2027, time.January, 1).In(d.Zone()) // nothing follows
		april := NewDate(2026, time.May, 1).In(d.Zone())        // 2026-s1 runs on
		for _, tc := range []struct {
			name, chosen string
			end          time.Time
			opened, sent time.Duration // after the end
			want         string        // the period, or the error's code
			late         bool
		}{
			{"sent in time", "", june, -2 * ms, -ms, "2026-s1", false},
			{"sent at the end", "", june, -ms, 0, "2026-s1", true},
			{"opened at the end", "", june, 0, ms, "2026-s2", false},
			{"at the last moment", "", june, -ms, Grace - ms, "2026-s1", true},
			{"a moment too late", "", june, -ms, Grace, "2026-s2", false},
			{"opened months before", "", june, -100 * 24 * time.Hour, Grace - ms, "2026-s1", true},
			{"opened months before, too late", "", june, -100 * 24 * time.Hour, Grace, "2026-s2", false},
			{"opened before the period", "", june, -400 * 24 * time.Hour, ms, "2026-s2", false},
			{"opened in the future", "", june, time.Hour, ms, "2026-s2", false},
			{"the period chosen", "2026-s1", june, -ms, Grace - ms, "2026-s1", true},
			{"the period chosen, too late", "2026-s1", june, -ms, Grace, "closed", false},
			{"the period chosen, opened at the end", "2026-s1", june, 0, ms, "closed", false},
			{"the next period chosen", "2026-s2", june, -ms, ms, "2026-s2", false},
			{"the next period chosen before it begins", "2026-s2", june, -2 * ms, -ms, "closed", false},
			{"nothing follows", "", december, -ms, Grace - ms, "2026-s2", true},
			{"nothing follows, too late", "", december, -ms, Grace, "closed", false},
			{"nothing follows, opened at the end", "", december, 0, ms, "closed", false},
			{"a period within another", "", april, -ms, Grace - ms, "april", true},
			{"a period within another, too late", "", april, -ms, Grace, "2026-s1", false},
			{"the longer of two chosen", "2026-s1", april, -ms, ms, "2026-s1", false},
		} {
			for by, draft := range map[string]*Draft{
				"id":         {Period: tc.chosen, ID: idAt(tc.end.Add(tc.opened)), StartedAt: tc.end.Add(tc.opened + time.Hour)}, // the earlier wins
				"started_at": {Period: tc.chosen, ID: uuid.NewString(), StartedAt: tc.end.Add(tc.opened)},
			} {
				name := fmt.Sprintf("%s, %s, by %s", zone, tc.name, by)
				now := tc.end.Add(tc.sent)
				s, err := d.ResolveDraft(draft, dk01, now)
				if err != nil {
					if string(CodeOf(err)) != tc.want {
						t.Errorf("%s: %v, want %s", name, err, tc.want)
					}
					continue
				}
				if s.Period.Code != tc.want || s.late != tc.late {
					t.Errorf("%s: period %s, late %v; want %s, %v", name, s.Period.Code, s.late, tc.want, tc.late)
				}
				if tc.opened > 0 && by == "started_at" {
					continue // a clock that runs ahead is another rule's
				}
				full := good(s.Form)
				full.ID, full.StartedAt = draft.ID, draft.StartedAt
				r, faults := s.Check(full, d.Zone(), now)
				if len(faults) > 0 {
					t.Errorf("%s: %v", name, faults)
					continue
				}
				day, hour := DateOf(now, d.Zone()), uint8(now.In(d.Zone()).Hour())
				if tc.late {
					day, hour = DateOf(tc.end.Add(-ms), d.Zone()), 23
				}
				if r.Day != day || r.Hour != hour || !s.Period.Contains(r.Day) || !r.ReceivedAt.Equal(now) {
					t.Errorf("%s: day %s, hour %d, received %s; want %s, %d, %s", name, r.Day, r.Hour, r.ReceivedAt, day, hour, now)
				}
			}
		}
		if s, err := d.ResolveDraft(&Draft{ID: uuid.NewString(), Period: "2026-s1"}, dk01, june); CodeOf(err) != Closed {
			t.Errorf("%s: a draft that tells nothing: %+v, %v", zone, s.Period, err)
		}
		if _, err := d.Resolve(dk01, "2026-s1", june); CodeOf(err) != Closed {
			t.Errorf("%s: the form is still shown: %v", zone, err)
		}
	}
}

func TestAClosedPointHasNoGrace(t *testing.T) {
	t.Parallel()
	lib, methods := testLibrary(t)
	c := mustApply(t, mustApply(t, &Catalogue{}, cityYAML), "agencies: [{code: dukcapil, units: [{code: dukcapil-loket, points: [{code: DK01, closed: true}]}]}]")
	d, err := NewDirectory(c, lib, methods)
	if err != nil {
		t.Fatal(err)
	}
	end := NewDate(2026, time.July, 1).In(d.Zone())
	if _, err := d.ResolveDraft(&Draft{ID: idAt(end.Add(-time.Minute))}, point(t, d, "DK01"), end.Add(time.Minute)); CodeOf(err) != Closed {
		t.Errorf("err = %v, want Closed", err)
	}
}

func TestALateAnswerSentAgainIsTheSame(t *testing.T) {
	t.Parallel()
	d := testDirectory(t)
	end := NewDate(2026, time.July, 1).In(d.Zone())
	draft := good(d.Form("2026-s1"))
	draft.ID = idAt(end.Add(-time.Minute))
	place := point(t, d, "DK01")
	s, err := d.ResolveDraft(draft, place, end.Add(time.Minute))
	if err != nil {
		t.Fatal(err)
	}
	r, faults := s.Check(draft, d.Zone(), end.Add(time.Minute))
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	if !d.IsRetry(draft, place, r) {
		t.Error("the retry is another answer")
	}
}

func TestOnlyAUUIDv7TellsATime(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 6, 30, 15, 59, 59, 999e6, time.UTC)
	if got, ok := TimeOfID(idAt(at)); !ok || !got.Equal(at) {
		t.Errorf("got %s, %v, want %s", got, ok, at)
	}
	for _, id := range []string{"", "x", uuid.NewString(), uuid.Nil.String(), uuid.Max.String(), uuid.Must(uuid.NewUUID()).String()} {
		if got, ok := TimeOfID(id); ok || !got.IsZero() {
			t.Errorf("%q: %s", id, got)
		}
	}
}

func TestAFormWasOpenedAtTheEarlierOfWhatItsIDAndItsClientTell(t *testing.T) {
	t.Parallel()
	early, late := time.Date(2026, 6, 30, 15, 50, 0, 0, time.UTC), time.Date(2026, 6, 30, 16, 5, 0, 0, time.UTC)
	for _, tc := range []struct {
		name       string
		id         string
		told, want time.Time
	}{
		{"an id made when it is sent", idAt(late), early, early},
		{"a clock that is ahead", idAt(early), late, early},
		{"an id alone", idAt(early), time.Time{}, early},
		{"an id without a time", "0197a1b2-c3d4-4e5f-8a9b-0c1d2e3f4a5b", early, early},
		{"nothing", "0197a1b2-c3d4-4e5f-8a9b-0c1d2e3f4a5b", time.Time{}, time.Time{}},
	} {
		if got := (&Draft{ID: tc.id, StartedAt: tc.told}).OpenedAt(); !got.Equal(tc.want) {
			t.Errorf("%s: %v, want %v", tc.name, got, tc.want)
		}
	}
}
