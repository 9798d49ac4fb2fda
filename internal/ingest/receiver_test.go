package ingest

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/uuid"

	"persepsi/survey"
)

// cityYAML has a point that is open, one that is closed, a period that runs at
// noon and one that is over.
const cityYAML = `
city: {name: Kota Contoh}
agencies:
  - code: dinas
    name: Dinas
    units:
      - code: loket
        name: Loket
        services: [{code: ktp, name: KTP-el}, {code: akta, name: Akta}]
        points: [{code: KUPARI47, name: Loket 1}, {code: MELATI38, name: Loket 2}, {code: BEDATO92, name: Loket lama, closed: true}]
periods:
  - {code: lalu, name: Lalu, from: 2025-07-01, to: 2025-12-31, instrument: skm-9}
  - {code: kini, name: Kini, from: 2026-01-01, to: 2026-03-31, instrument: skm-9}
`

// noon is a moment within the period, 12:00 in the city.
func noon() time.Time { return time.Date(2026, 3, 2, 4, 0, 0, 0, time.UTC) }

// desk is a receiver at work: its store, its clock, and what passes it.
type desk struct {
	t        *testing.T
	d        *survey.Directory
	receiver *Receiver
	store    *shop
	now      time.Time
	held     error    // what allow says
	asked    []string // the points that allow was asked about
}

// shop is a Submitter and Finder in memory.
type shop struct {
	memory
	submitted []*survey.Response
	trouble   error // of Submit
	blind     error // of Find
	hang      bool  // Find answers only when its context ends
	finds     int
}

func (s *shop) Submit(ctx context.Context, r *survey.Response) (survey.Outcome, error) {
	if s.trouble != nil {
		return survey.Outcome{}, s.trouble
	}
	s.submitted = append(s.submitted, r)
	out, err := s.Append(ctx, []*survey.Response{r})
	if err == nil && out[0].Result == survey.Differs {
		err = survey.Errorf(survey.Conflict, "another answer is stored under this id")
	}
	return out[0], err
}

func (s *shop) Find(ctx context.Context, ids []uuid.UUID) ([]*survey.Response, error) {
	s.finds++
	if s.hang {
		<-ctx.Done()
		return nil, ctx.Err()
	}
	if s.blind != nil {
		return nil, s.blind
	}
	var out []*survey.Response
	for _, id := range ids {
		if r := s.stored[id]; r != nil {
			out = append(out, r)
		}
	}
	return out, nil
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	lib, err := survey.NewLibrary()
	if err != nil {
		t.Fatal(err)
	}
	methods, err := survey.LoadMethods()
	if err != nil {
		t.Fatal(err)
	}
	applied, err := survey.Apply(&survey.Catalogue{}, []byte(cityYAML), lib, methods, nil, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	d, err := survey.NewDirectory(applied.Catalogue, lib, methods)
	if err != nil {
		t.Fatal(err)
	}
	k := &desk{t: t, d: d, store: &shop{memory: memory{stored: map[uuid.UUID]*survey.Response{}}}, now: noon()}
	k.receiver = NewReceiver(k.store, k.store, func() time.Time { return k.now })
	return k
}

// draft is a good answer; change may alter it.
func (k *desk) draft(change func(*survey.Draft)) *survey.Draft {
	d := &survey.Draft{ID: uuid.NewString(), Service: "ktp", Lang: "id", Consent: true}
	for _, q := range k.d.Form("kini").Questions {
		if q.Required {
			d.Answers = append(d.Answers, survey.Answer{Question: q.Code, Value: 3})
		}
	}
	if change != nil {
		change(d)
	}
	return d
}

// but returns a draft with its first answer changed.
func but(d *survey.Draft, value int) *survey.Draft {
	other := *d
	other.Answers = append([]survey.Answer(nil), d.Answers...)
	other.Answers[0].Value = value
	return &other
}

func (k *desk) send(point string, draft *survey.Draft) (Result, error) {
	k.t.Helper()
	place, ok := k.d.Point(point)
	if !ok {
		k.t.Fatalf("there is no point %s", point)
	}
	return k.receiver.Receive(k.t.Context(), k.d, place, draft, func(point string) error {
		k.asked = append(k.asked, point)
		return k.held
	})
}

// stores sends a draft that must be stored.
func (k *desk) stores(draft *survey.Draft) Result {
	k.t.Helper()
	res, err := k.send("KUPARI47", draft)
	if err != nil || res.Outcome.Result != survey.Stored {
		k.t.Fatalf("%+v, %v, want it stored", res.Outcome, err)
	}
	return res
}

func TestAGoodDraftIsStoredAsWhatItSays(t *testing.T) {
	t.Parallel()
	k := newDesk(t)
	draft := k.draft(func(d *survey.Draft) { d.Comment = "baik" })
	res := k.stores(draft)
	if !res.Outcome.ReceivedAt.Equal(noon()) || res.IDTaken || res.Assignment.Period.Code != "kini" || res.Assignment.Point.Code != "KUPARI47" {
		t.Errorf("%+v", res)
	}
	r := k.store.stored[uuid.MustParse(draft.ID)]
	if len(k.store.submitted) != 1 || r == nil || r != res.Response || r.Period != "kini" || r.Unit != "loket" || r.Point != "KUPARI47" || r.Service != "ktp" ||
		r.Comment != "baik" || r.Form != "skm-9@2" || !strings.HasPrefix(string(r.Answers), "333333333") || !r.ReceivedAt.Equal(noon()) {
		t.Errorf("%d submitted, stored %+v", len(k.store.submitted), r)
	}
	if len(k.asked) != 1 || k.asked[0] != "KUPARI47" {
		t.Errorf("allow was asked about %v, want the point once", k.asked)
	}
}

func TestTheSameAgainIsADuplicateOfTheFirstMoment(t *testing.T) {
	t.Parallel()
	k := newDesk(t)
	draft := k.draft(nil)
	first := k.stores(draft)
	k.now = k.now.Add(time.Hour)
	res, err := k.send("KUPARI47", draft)
	if err != nil || res.Outcome.Result != survey.Duplicate || !res.Outcome.ReceivedAt.Equal(noon()) || res.Response.Receipt() != first.Response.Receipt() || res.IDTaken {
		t.Errorf("%+v, %v, want a duplicate of noon", res, err)
	}
}

func TestAnotherAnswerUnderTheSameIDIsAConflict(t *testing.T) {
	t.Parallel()
	k := newDesk(t)
	draft := k.draft(nil)
	first := k.stores(draft)
	res, err := k.send("KUPARI47", but(draft, 1))
	if survey.CodeOf(err) != survey.Conflict || !res.IDTaken {
		t.Errorf("%+v, %v, want Conflict and the id taken", res, err)
	}
	if len(k.store.stored) != 1 || k.store.stored[first.Response.ID] != first.Response {
		t.Error("the stored answer is another one now")
	}
	if _, err := k.send("MELATI38", draft); survey.CodeOf(err) != survey.Conflict {
		t.Errorf("the same from another point: %v, want Conflict", err)
	}
}

// What refuses a new answer takes the stored one that is sent again, and says of
// another one under its id that the id is taken.
func TestARetryIsTakenWhateverWouldRefuseIt(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		change func(k *desk, again *survey.Draft)
		point  string
		want   survey.Code // of a new answer
	}{
		{"the period is over", func(k *desk, _ *survey.Draft) { k.now = k.now.AddDate(1, 0, 0) }, "KUPARI47", survey.Closed},
		{"its fields cannot be read", func(_ *desk, again *survey.Draft) { again.AddFault("x", "unknown_field", "is not known here") }, "KUPARI47", survey.Invalid},
		{"too many came from there", func(k *desk, _ *survey.Draft) { k.held = survey.Errorf(survey.RateLimited, "later") }, "KUPARI47", survey.RateLimited},
		{"the store is in trouble", func(k *desk, _ *survey.Draft) { k.store.trouble = survey.Errorf(survey.Unavailable, "full") }, "KUPARI47", survey.Unavailable},
		{"the store fails", func(k *desk, _ *survey.Draft) { k.store.trouble = errors.New("broken") }, "KUPARI47", survey.Internal},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			k := newDesk(t)
			draft := k.draft(nil)
			k.stores(draft)
			again, fresh := *draft, k.draft(nil)
			tc.change(k, &again)
			tc.change(k, fresh)
			res, err := k.send(tc.point, &again)
			if err != nil || res.Outcome.Result != survey.Duplicate || !res.Outcome.ReceivedAt.Equal(noon()) || res.Response == nil || res.Response.ID.String() != draft.ID || res.IDTaken {
				t.Errorf("the retry: %+v, %v, want a duplicate of noon", res, err)
			}
			if res, err := k.send(tc.point, fresh); survey.CodeOf(err) != tc.want || res.IDTaken {
				t.Errorf("a new answer: %v, id taken %v, want %s and a free id", err, res.IDTaken, tc.want)
			}
			if res, err := k.send(tc.point, but(&again, 1)); survey.CodeOf(err) != tc.want || !res.IDTaken {
				t.Errorf("another answer: %v, id taken %v, want %s and the id taken", err, res.IDTaken, tc.want)
			}
			if len(k.store.stored) != 1 {
				t.Errorf("%d stored, want one", len(k.store.stored))
			}
		})
	}
}

func TestAFaultIsToldBeforeAnythingIsAskedOrStored(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		change func(*survey.Draft)
		field  string
	}{
		"a value beyond its scale": {func(d *survey.Draft) { d.Answers[0].Value = 5 }, "answers.persyaratan"},
		"no consent":               {func(d *survey.Draft) { d.Consent = false }, "consent"},
		"no service":               {func(d *survey.Draft) { d.Service = "" }, "service"},
		"no id":                    {func(d *survey.Draft) { d.ID = "" }, "id"},
		"an id that is none":       {func(d *survey.Draft) { d.ID = "x" }, "id"},
	} {
		k := newDesk(t)
		res, err := k.send("KUPARI47", k.draft(tc.change))
		var e *survey.Error
		if !errors.As(err, &e) || e.Code != survey.Invalid || len(e.Faults) != 1 || e.Faults[0].Field != tc.field {
			t.Errorf("%s: %v, want one fault at %s", name, err, tc.field)
		}
		if res.Assignment.Form == nil || res.Response != nil || res.IDTaken {
			t.Errorf("%s: %+v, want the form to show again", name, res)
		}
		if len(k.asked) != 0 || len(k.store.submitted) != 0 {
			t.Errorf("%s: allow was asked %d times, %d submitted", name, len(k.asked), len(k.store.submitted))
		}
	}
}

func TestNothingIsStoredWhereNoSurveyIsOpen(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		point, period string
		now           time.Time
		want          survey.Code
	}{
		"a closed point":             {"BEDATO92", "", noon(), survey.Closed},
		"a period that is over":      {"KUPARI47", "lalu", noon(), survey.Closed},
		"no period":                  {"KUPARI47", "", noon().AddDate(1, 0, 0), survey.Closed},
		"a period that there is not": {"KUPARI47", "x", noon(), survey.NotFound},
	} {
		k := newDesk(t)
		k.now = tc.now
		res, err := k.send(tc.point, k.draft(func(d *survey.Draft) { d.Period = tc.period }))
		if survey.CodeOf(err) != tc.want || res.IDTaken || len(k.store.submitted) != 0 || len(k.asked) != 0 {
			t.Errorf("%s: %v, %d submitted, allow asked %d times, want %s and nothing", name, err, len(k.store.submitted), len(k.asked), tc.want)
		}
	}
}

func TestWhatIsHeldBackReachesNoStore(t *testing.T) {
	t.Parallel()
	k := newDesk(t)
	k.held = &survey.Error{Code: survey.RateLimited, Message: "later", RetryAfter: 7 * time.Second}
	_, err := k.send("KUPARI47", k.draft(nil))
	var e *survey.Error
	if !errors.As(err, &e) || e.RetryAfter != 7*time.Second || len(k.store.submitted) != 0 {
		t.Errorf("%v, %d submitted, want what allow says", err, len(k.store.submitted))
	}
}

func TestWhoCannotLookTellsTheErrorThatCameFirst(t *testing.T) {
	t.Parallel()
	k := newDesk(t)
	draft := k.draft(nil)
	k.stores(draft)
	k.store.blind = survey.Errorf(survey.Unavailable, "away")
	k.now = k.now.AddDate(1, 0, 0)
	if res, err := k.send("KUPARI47", draft); survey.CodeOf(err) != survey.Closed || res.IDTaken {
		t.Errorf("%v, id taken %v, want Closed", err, res.IDTaken)
	}
	if r := k.receiver.Existing(t.Context(), draft.ID); r != nil {
		t.Errorf("existing: %+v", r)
	}
	if r, err := k.receiver.Find(t.Context(), uuid.MustParse(draft.ID)); r != nil || survey.CodeOf(err) != survey.Unavailable {
		t.Errorf("find: %+v, %v, want the store's error", r, err)
	}
}

func TestFindingTellsTheAnswerOfAnIDAndOfNoOther(t *testing.T) {
	t.Parallel()
	k := newDesk(t)
	draft := k.draft(nil)
	stored := k.stores(draft).Response
	k.stores(k.draft(nil))
	for id, want := range map[string]*survey.Response{draft.ID: stored, uuid.NewString(): nil, "": nil, "x": nil} {
		if got := k.receiver.Existing(t.Context(), id); got != want {
			t.Errorf("existing %q: %+v", id, got)
		}
	}
	if k.store.finds != 2 {
		t.Errorf("the store was asked %d times, want not for what is no id", k.store.finds)
	}
	if got, err := k.receiver.Find(t.Context(), uuid.New()); got != nil || err != nil {
		t.Errorf("find another: %+v, %v, want neither", got, err)
	}
	if got, err := k.receiver.Find(t.Context(), stored.ID); got != stored || err != nil {
		t.Errorf("find: %+v, %v", got, err)
	}
}

func TestAPageWaitsASecondForAStoreThatHangs(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		k := newDesk(t)
		k.store.hang = true
		began := time.Now()
		if _, err := k.receiver.Find(t.Context(), uuid.New()); !errors.Is(err, context.DeadlineExceeded) || time.Since(began) != time.Second {
			t.Errorf("%v after %s, want the end of the time after a second", err, time.Since(began))
		}
	})
}
