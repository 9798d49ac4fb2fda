package retention

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"persepsi/analytics"
	"persepsi/internal/audit"
	"persepsi/survey"
)

var errConflict = survey.Errorf(survey.Conflict, "another was faster")

// work is store, tallies and releases of a city that note what is asked of them.
type work struct {
	list                                 []survey.Erasure
	moving                               int
	unfinished                           bool
	left                                 int64
	refresh, finish, recount, begin, put error
	erase                                map[string]error
	settle, clear, end, again            error
	movingOn                             int // of the second recount
	listing, look, sealing, tell         error
	begun                                []survey.Erasure
	calls                                []string
	said                                 []audit.Entry
}

func (w *work) note(format string, args ...any) {
	w.calls = append(w.calls, fmt.Sprintf(format, args...))
}

func (w *work) Erasures(context.Context) ([]survey.Erasure, error) { return w.list, w.listing }

func (w *work) Erasable(_ context.Context, period string) (survey.Erasable, error) {
	w.note("look %s", period)
	return survey.Erasable{Answers: w.left, Comments: 2, Told: 3}, w.look
}

func (w *work) BeginErasure(_ context.Context, e survey.Erasure) error {
	w.note("begin %s", e.Period)
	w.begun = append(w.begun, e)
	return w.begin
}

func (w *work) Seal(context.Context, string) (*survey.Seal, error) { return new(survey.Seal), nil }

func (w *work) PutSeal(_ context.Context, period string, at int64, seal *survey.Seal, said ...audit.Entry) error {
	w.note("put %s %d %d", period, at, len(seal.Units))
	w.said = append(w.said, said...)
	return w.put
}

func (w *work) EraseAnswers(_ context.Context, period string) error {
	w.note("erase %s", period)
	return w.erase[period]
}

func (w *work) EraseComments(context.Context, string) error { return nil }

func (w *work) Imports(context.Context, func(*survey.Import) error) error { return nil }

func (w *work) ReplaceImport(context.Context, *survey.Import) error { return nil }

func (w *work) EndErasure(_ context.Context, period string) error {
	w.note("end %s", period)
	return w.end
}

func (w *work) ClearReleases(_ context.Context, period string, _ survey.Date) error {
	w.note("clear %s", period)
	return w.clear
}

func (w *work) Audit(_ context.Context, entries ...audit.Entry) error {
	w.note("tell")
	w.said = append(w.said, entries...)
	return w.tell
}

func (w *work) Refresh(context.Context) error {
	w.note("refresh")
	return w.refresh
}

func (w *work) Settle(context.Context) (int, error) {
	w.note("settle")
	return 0, w.settle
}

func (w *work) Recount(_ context.Context, period string) (analytics.RecountResult, error) {
	if slices.Contains(w.calls, "erase "+period) {
		w.note("again %s", period)
		return analytics.RecountResult{Moving: w.movingOn}, w.again
	}
	w.note("recount %s", period)
	return analytics.RecountResult{Moving: w.moving}, w.recount
}

func (w *work) MakeSeal(_ context.Context, period string) (*survey.Seal, int64, error) {
	w.note("seal %s", period)
	return &survey.Seal{Units: []survey.SealedUnit{{Unit: "loket", Release: 3, Checksum: "5ea1"}}}, 7, w.sealing
}

func (w *work) Finish(_ context.Context, _ *survey.Directory, p *survey.Period, _ time.Time) (bool, error) {
	w.note("finish %s", p.Code)
	return !w.unfinished, w.finish
}

// town is a city that keeps for a month, with a period that ended in June and one that goes on.
func town(t *testing.T) *survey.Directory {
	t.Helper()
	lib, err := survey.NewLibrary()
	if err != nil {
		t.Fatal(err)
	}
	period := func(code string, to survey.Date) survey.Period {
		return survey.Period{Code: code, From: to - 180, To: to, Instruments: []string{"skm-9@1"}}
	}
	d, err := survey.NewDirectory(&survey.Catalogue{
		City:    survey.City{Notice: survey.Notice{RetentionMonths: 1}},
		Periods: []survey.Period{period("a", survey.NewDate(2026, 6, 30)), period("b", survey.NewDate(2026, 12, 31))},
	}, lib, new(survey.Methods))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestTheOrderInWhichAPeriodIsErased(t *testing.T) {
	t.Parallel()
	d := town(t)
	broken := errors.New("broken")
	done := []survey.Erasure{{Period: "a", Sealed: true, Done: true}}
	const whole = "refresh, finish a, recount a, look a, begin a, "
	for name, tc := range map[string]struct {
		work
		want string
		err  error
	}{
		"at once":                      {work{}, whole + "clear a, seal a, put a 7 1, erase a, again a, end a", nil},
		"others store answers":         {work{moving: 1}, "refresh, finish a, recount a", nil},
		"a release may follow":         {work{unfinished: true}, "refresh, finish a", nil},
		"an undo goes on":              {work{begin: ErrNotNow}, strings.TrimSuffix(whole, ", "), nil},
		"another began":                {work{begin: errConflict}, strings.TrimSuffix(whole, ", "), nil},
		"another sealed":               {work{put: errConflict}, whole + "clear a, seal a, put a 7 1, erase a, again a, end a", nil},
		"answers came meanwhile":       {work{put: ErrNotNow}, whole + "clear a, seal a, put a 7 1", nil},
		"begun, not sealed":            {work{list: []survey.Erasure{{Period: "a"}}}, "clear a, seal a, put a 7 1, erase a, again a, end a", nil},
		"sealed, not done":             {work{list: []survey.Erasure{{Period: "a", Sealed: true}}}, "erase a, again a, end a", nil},
		"erased by an earlier build":   {work{list: []survey.Erasure{{Period: "a", Earlier: true}}}, "clear a, seal a, put a 7 1, erase a, again a, end a", nil},
		"others clear it":              {work{clear: errConflict}, whole + "clear a", nil},
		"what can't be cleared":        {work{clear: broken}, whole + "clear a", broken},
		"others count meanwhile":       {work{list: []survey.Erasure{{Period: "a", Sealed: true}}, movingOn: 1}, "erase a, again a", nil},
		"what can't be counted again":  {work{list: []survey.Erasure{{Period: "a", Sealed: true}}, again: broken}, "erase a, again a", broken},
		"others read meanwhile":        {work{list: []survey.Erasure{{Period: "a", Sealed: true}}, end: ErrNotNow}, "erase a, again a, end a", nil},
		"done":                         {work{list: []survey.Erasure{{Period: "a", Sealed: true, Done: true}}}, "look a", nil},
		"done, with late answers":      {work{list: []survey.Erasure{{Period: "a", Sealed: true, Done: true}}, left: 1}, "look a, settle, tell, erase a, end a", nil},
		"late ones that don't settle":  {work{list: []survey.Erasure{{Period: "a", Sealed: true, Done: true}}, left: 1, settle: broken}, "look a, settle", broken},
		"late ones nobody can count":   {work{list: done, left: 1, look: broken}, "look a", broken},
		"late ones that nobody audits": {work{list: done, left: 1, tell: broken}, "look a, settle, tell", broken},
		"late ones that stay":          {work{list: done, left: 1, erase: map[string]error{"a": broken}}, "look a, settle, tell, erase a", broken},
		"late ones that stay legible":  {work{list: done, left: 1, end: broken}, "look a, settle, tell, erase a, end a", broken},
		"what stays legible":           {work{list: []survey.Erasure{{Period: "a", Sealed: true}}, end: broken}, "erase a, again a, end a", broken},
		"what nobody can list":         {work{listing: broken}, "", broken},
		"what nobody can count":        {work{look: broken}, "refresh, finish a, recount a, look a", broken},
		"what can't be bound":          {work{sealing: broken}, whole + "clear a, seal a", broken},
		"what can't be refreshed":      {work{refresh: broken}, "refresh", broken},
		"what can't be released":       {work{finish: broken}, "refresh, finish a", broken},
		"what can't be recounted":      {work{recount: broken}, "refresh, finish a, recount a", broken},
		"what can't be begun":          {work{begin: broken}, strings.TrimSuffix(whole, ", "), broken},
		"what can't be sealed":         {work{put: broken}, whole + "clear a, seal a, put a 7 1", broken},
		"one fault holds up no other":  {work{list: []survey.Erasure{{Period: "a", Sealed: true}, {Period: "b", Sealed: true}}, erase: map[string]error{"a": broken}}, "erase a, erase b, again b, end b", broken},
		"one that waits, another goes": {work{list: []survey.Erasure{{Period: "a", Sealed: true}, {Period: "b", Sealed: true}}, erase: map[string]error{"a": ErrNotNow}}, "erase a, erase b, again b, end b", nil},
	} {
		w := &tc.work
		e := &Eraser{Store: w, Tallies: w, Releases: w, Actor: "server", Log: slog.New(slog.DiscardHandler)}
		at := survey.NewDate(2026, 8, 1).In(d.Zone())
		if err := e.Run(t.Context(), d, at); !errors.Is(err, tc.err) || strings.Join(w.calls, ", ") != tc.want {
			t.Errorf("%s: %q, err = %v, want %q", name, w.calls, err, tc.want)
		}
		for _, s := range w.said {
			sealed := len(s.Changes) == 1 && s.Changes[0].What == "seal of a loket" && s.Changes[0].After == "release 3 5ea1"
			if late := strings.HasPrefix(s.Detail, "answers that came later"); s.Action != audit.Erase || s.Subject != "a" || late == sealed {
				t.Errorf("%s: it tells %+v", name, s)
			}
		}
	}
	stopped, stop := context.WithCancel(t.Context())
	stop()
	w := &work{refresh: stopped.Err(), list: []survey.Erasure{{Period: "b", Sealed: true}}}
	e := &Eraser{Store: w, Tallies: w, Releases: w, Log: slog.New(slog.DiscardHandler)}
	if err := e.Run(stopped, d, survey.NewDate(2026, 8, 1).In(d.Zone())); err != nil || strings.Join(w.calls, ", ") != "refresh" {
		t.Errorf("of a server that stops: %q, err = %v", w.calls, err)
	}
}

func TestWhatAnErasureIsToldWith(t *testing.T) {
	t.Parallel()
	d := town(t)
	now := survey.NewDate(2026, 8, 1).In(d.Zone()).Add(90*time.Minute + 5_400*time.Microsecond)
	earlier := survey.Erasure{Period: "a", Months: 1, Earlier: true, Erasable: survey.Erasable{Answers: 9, Comments: 4, Told: 5}}
	for name, tc := range map[string]struct {
		work
		detail string
	}{
		"a period":                     {work{left: 6}, "comments of 2 and respondent fields of 3 of 6 answers are removed"},
		"one that was not sealed then": {work{list: []survey.Erasure{earlier}}, "by an earlier program, now from tallies and releases too: comments of 4 and respondent fields of 5 of 9 answers are removed"},
		"late answers":                 {work{left: 1, list: []survey.Erasure{{Period: "a", Months: 1, Sealed: true, Done: true}}}, "answers that came later: comments of 2 and respondent fields of 3 of 1 answers are removed"},
	} {
		w := &tc.work
		e := &Eraser{Store: w, Tallies: w, Releases: w, Actor: "server", Log: slog.New(slog.DiscardHandler)}
		if err := e.Run(t.Context(), d, now); err != nil || len(w.said) != 1 {
			t.Fatalf("%s: %v, told %+v", name, err, w.said)
		}
		if s := w.said[0]; s.Detail != tc.detail || s.Actor != "server" || !s.At.Equal(now) || s.Reason != "retention of 1 months" || !slices.Equal(s.Periods, []string{"a"}) {
			t.Errorf("%s: told %+v", name, s)
		}
		want := survey.Erasure{Period: "a", At: now.UTC().Truncate(time.Millisecond), Day: survey.NewDate(2026, 8, 1), Months: 1, Erasable: survey.Erasable{Answers: 6, Comments: 2, Told: 3}}
		if name == "a period" && (len(w.begun) != 1 || w.begun[0] != want) {
			t.Errorf("begun %+v, want %+v", w.begun, want)
		}
	}
}
