package api

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/google/uuid"

	"persepsi/internal/ingest"
	"persepsi/survey"
)

// sent is an answer as a client sends it.
const sent = `{"id":"0197a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b","service":"ktp","lang":"id","mode":"kiosk","period":"2026-s1","consent":true,
"answers":{"persyaratan":4,"prosedur":4,"waktu":4,"biaya":4,"produk":3,"kompetensi":4,"perilaku":4,"pengaduan":4,"sarana":4},
"respondent":{"sex":"P","age":"26-35"},"comment":"Terima kasih","started_at":"2026-03-02T11:58:11+08:00"}`

// nowhere is a store that keeps nothing.
type nowhere struct{}

func (nowhere) Submit(context.Context, *survey.Response) (survey.Outcome, error) {
	return survey.Outcome{}, nil
}

func (nowhere) Find(context.Context, []uuid.UUID) ([]*survey.Response, error) { return nil, nil }

// receiving returns how a draft of a point is checked, and kept nowhere.
func receiving(tb testing.TB) func(*survey.Draft) error {
	tb.Helper()
	lib, err := survey.NewLibrary()
	if err != nil {
		tb.Fatal(err)
	}
	d, err := survey.NewDirectory(&survey.Catalogue{
		Agencies: []survey.Agency{{Code: "d", Units: []survey.Unit{{
			Code: "u", Services: []survey.Service{{Code: "ktp"}}, Points: []survey.Point{{Code: "KUPARI47"}},
		}}}},
		Periods: []survey.Period{{Code: "2026-s1", From: survey.NewDate(2026, 1, 1), To: survey.NewDate(2026, 6, 30), Instruments: []string{"skm-9@1"}}},
	}, lib, nil)
	if err != nil {
		tb.Fatal(err)
	}
	point, _ := d.Point("KUPARI47")
	receiver := ingest.NewReceiver(nowhere{}, nowhere{}, func() time.Time { return time.Date(2026, 3, 2, 4, 0, 0, 0, time.UTC) })
	return func(draft *survey.Draft) error {
		_, err := receiver.Receive(tb.Context(), d, point, draft, func(string) error { return nil })
		return err
	}
}

func readDraft(body []byte) (*survey.Draft, error) { return newDraftReader().read(body) }

// BenchmarkReceive is all that a submission costs between the body and the queue.
func BenchmarkReceive(b *testing.B) {
	receive := receiving(b)
	body, reader := []byte(sent), newDraftReader()
	b.ReportAllocs()
	for b.Loop() {
		draft, err := reader.read(body)
		if err != nil {
			b.Fatal(err)
		}
		if err := receive(draft); err != nil {
			b.Fatal(err)
		}
	}
}

// A client that sends a number for a text learns which one, however many other values are
// right; so does one whose text ends too early, at any byte.
func TestAValueOfAWrongTypeIsNamedByItsField(t *testing.T) {
	t.Parallel()
	receive := receiving(t)
	for field, value := range map[string]string{
		"id": "1", "service": "[]", "lang": "{}", "mode": "null", "period": "2026", "visit": "true", "comment": "7", "started_at": "1", "consent": `"true"`, "notice": "2",
		"answers": "[4]", "respondent": `"P"`, "answers.persyaratan": `"4"`, "answers.prosedur": "4.5", "respondent.sex": "1",
	} {
		body := `{"` + field + `":` + value + `}`
		if group, name, ok := strings.Cut(field, "."); ok {
			body = `{"` + group + `":{"` + name + `":` + value + `}}`
		}
		d, err := readDraft([]byte(body))
		if err != nil {
			t.Errorf("%s: %v", body, err)
			continue
		}
		var told *survey.Error
		if err := receive(d); !errors.As(err, &told) || !slices.ContainsFunc(told.Faults, func(f survey.Fault) bool { return f.Field == field && f.Code == "wrong_type" }) {
			t.Errorf("%s: %v", body, err)
		}
	}
}

func TestYesAndNoAreNoFault(t *testing.T) {
	t.Parallel()
	receive := receiving(t)
	for value, want := range map[string]bool{"true": true, "false": false} {
		d, err := readDraft([]byte(`{"consent":` + value + `}`))
		if err != nil || d.Consent != want {
			t.Errorf("%s: %v, err = %v", value, d.Consent, err)
			continue
		}
		var told *survey.Error
		if err := receive(d); !errors.As(err, &told) || slices.ContainsFunc(told.Faults, func(f survey.Fault) bool { return f.Field == "consent" && f.Code == "wrong_type" }) {
			t.Errorf("%s: %v", value, err)
		}
	}
}

// A reader is used again for the answers of other people.
func TestNothingOfOneAnswerIsInTheNext(t *testing.T) {
	t.Parallel()
	r := newDraftReader()
	for _, body := range []string{sent, `{"answers":{"a":[]},"nik":1}`, sent[:200]} {
		_, _ = r.read([]byte(body))
		if d, err := r.read([]byte(`{}`)); err != nil || !cmp.Equal(*d, survey.Draft{}, cmpopts.EquateEmpty(), cmp.AllowUnexported(survey.Draft{})) {
			t.Errorf("after %s: %+v, %v", body, d, err)
		}
	}
}

func TestABodyThatEndsTooEarlyIsNoAnswer(t *testing.T) {
	t.Parallel()
	if d, err := readDraft([]byte(sent)); err != nil || receiving(t)(d) != nil {
		t.Fatalf("%+v, %v", d, err)
	}
	for end := range len(sent) {
		var told *survey.Error
		if _, err := readDraft([]byte(sent[:end])); !errors.As(err, &told) || told.Code != survey.Malformed {
			t.Fatalf("the first %d bytes: %v", end, err)
		}
	}
}

func TestWhatIsNotKnownIsSkippedWholeAndTheRestRead(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct{ body, fault string }{
		"an unknown name":               {`{"nik":{"a":[1,{"b":"}"}]},"comment":"x","period":"2026-s1"}`, "nik unknown_field"},
		"a text that is an object":      {`{"comment":{"a":1},"comment2":1,"period":"2026-s1"}`, "comment wrong_type"},
		"a flag that is a list":         {`{"consent":[true],"period":"2026-s1"}`, "consent wrong_type"},
		"answers that are a list":       {`{"answers":[{"a":4}],"period":"2026-s1"}`, "answers wrong_type"},
		"an answer that is an object":   {`{"answers":{"a":{"b":4}},"period":"2026-s1"}`, "answers.a wrong_type"},
		"a respondent that is a number": {`{"respondent":{"sex":[1]},"period":"2026-s1"}`, "respondent.sex wrong_type"},
		"a name that is there twice":    {`{"lang":"id","lang":{"a":1},"period":"2026-s1"}`, "lang duplicate_key"},
		"one within answers":            {`{"answers":{"a":4,"a":[4]},"period":"2026-s1"}`, "answers.a duplicate_key"},
		"a time":                        {`{"started_at":"kemarin","period":"2026-s1"}`, "started_at bad_time"},
	} {
		d, err := readDraft([]byte(tc.body))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		var told *survey.Error
		if err := receiving(t)(d); d.Period != "2026-s1" || !errors.As(err, &told) || !slices.ContainsFunc(told.Faults, func(f survey.Fault) bool { return f.Field+" "+f.Code == tc.fault }) {
			t.Errorf("%s: period %q, %v; want %s", name, d.Period, err, tc.fault)
		}
	}
	at := time.Date(2026, 3, 2, 11, 58, 11, 0, time.FixedZone("", 8*3600))
	for body, want := range map[string]time.Time{sent: at, strings.Replace(sent, "2026-03-02T11:58:11+08:00", "", 1): {}} {
		if d, err := readDraft([]byte(body)); err != nil || !d.StartedAt.Equal(want) || receiving(t)(d) != nil {
			t.Errorf("begun %s, want %s: %v, %v", d.StartedAt, want, err, receiving(t)(d))
		}
	}
}

func TestAnObjectHasAsManyNamesAsAFormMayHaveAndNoMore(t *testing.T) {
	t.Parallel()
	names := func(n int) []byte {
		var b strings.Builder
		for i := range n {
			b.WriteString(`,"q` + strconv.Itoa(i) + `":1`)
		}
		return []byte(`{"answers":{` + strings.TrimPrefix(b.String(), ",") + `}}`)
	}
	if d, err := readDraft(names(maxNames)); err != nil || len(d.Answers) != maxNames {
		t.Errorf("%d names: %v", maxNames, err)
	}
	var told *survey.Error
	if _, err := readDraft(names(maxNames + 1)); !errors.As(err, &told) || told.Code != survey.Malformed || told.Message != "the body has too many names" {
		t.Errorf("one more: %v", err)
	}
}
