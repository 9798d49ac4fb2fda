package survey

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
)

func TestWhereTheCityRestsOnConsentOnlyWhoAgreedToThePresentNoticeIsStored(t *testing.T) {
	t.Parallel()
	lib, methods := testLibrary(t)
	task, err := NewDirectory(mustApply(t, &Catalogue{}, cityYAML), lib, methods)
	if err != nil {
		t.Fatal(err)
	}
	consent, err := NewDirectory(apply(t, task.Catalogue(), "city: {notice: {basis: consent}}").Catalogue, lib, methods)
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 3, 2, 4, 0, 0, 0, time.UTC)
	draft := func() *Draft {
		d := &Draft{ID: uuid.NewString(), Service: "ktp"}
		for _, q := range task.Form("2026-s1").Questions {
			if q.Required {
				d.Answers = append(d.Answers, Answer{Question: q.Code, Value: 1})
			}
		}
		return d
	}
	for _, tc := range []struct {
		name             string
		d                *Directory
		consent, implied bool
		notice           string
		want             string // the code of the fault
	}{
		{"task: not read", task, false, false, "", "consent_required"},
		{"task: read", task, true, true, "", ""},
		{"task: read by a program", task, true, false, "", ""},
		{"task: an older notice", task, true, false, "1-00000000", ""},
		{"consent: nothing said", consent, false, false, "", "consent_required"},
		{"consent: nothing said to the present notice", consent, false, false, consent.City().NoticeVersion(), "consent_required"},
		{"consent: a page that asked for none", consent, true, true, "", "consent_required"},
		{"consent: agreed", consent, true, false, consent.City().NoticeVersion(), ""},
		{"consent: agreed, by a program that tells no notice", consent, true, false, "", ""},
		{"consent: agreed to something else", consent, true, false, task.City().NoticeVersion(), "notice_changed"},
	} {
		a, err := tc.d.Resolve(point(t, tc.d, "DK01"), "", now)
		if err != nil {
			t.Fatal(err)
		}
		d := draft()
		d.Consent, d.Implied, d.Notice = tc.consent, tc.implied, tc.notice
		r, faults := a.Check(d, tc.d.Zone(), now)
		var codes []string
		for _, f := range faults {
			codes = append(codes, f.Field+" "+f.Code)
		}
		want := []string(nil)
		if tc.want != "" {
			want = []string{"consent " + tc.want}
		}
		if !slices.Equal(codes, want) || (r == nil) != (tc.want != "") {
			t.Errorf("%s: faults %q, want %q", tc.name, codes, want)
		}
	}
	for _, mode := range []string{"qr", "kiosk", "assisted"} { // each asks
		a, err := consent.Resolve(point(t, consent, "DK01"), "", now)
		if err != nil {
			t.Fatal(err)
		}
		d := draft()
		d.Mode, d.Consent, d.Implied = mode, true, true
		if _, faults := a.Check(d, consent.Zone(), now); len(faults) != 1 || faults[0].Code != "consent_required" {
			t.Errorf("%s: faults %v", mode, faults)
		}
	}
	// A refusal says what is missing: to have read the notice, or to agree.
	for d, want := range map[*Directory]string{task: "the notice was read", consent: "stored with consent"} {
		a, err := d.Resolve(point(t, d, "DK01"), "", now)
		if err != nil {
			t.Fatal(err)
		}
		unread := draft()
		unread.Consent = false
		if _, faults := a.Check(unread, d.Zone(), now); len(faults) != 1 || !strings.Contains(faults[0].Message, want) {
			t.Errorf("faults %v, want %q", faults, want)
		}
	}
	// What was stored before is the same answer when it is sent again.
	a, err := task.Resolve(point(t, task, "DK01"), "", now)
	if err != nil {
		t.Fatal(err)
	}
	d := draft()
	d.Consent, d.Implied = true, true
	stored, faults := a.Check(d, task.Zone(), now)
	if len(faults) > 0 || !consent.IsRetry(d, point(t, consent, "DK01"), stored) {
		t.Errorf("faults %v: a retry after the basis changed is not recognised", faults)
	}
}

func TestANoticeHasAnotherVersionWheneverItTellsSomethingElse(t *testing.T) {
	t.Parallel()
	base := City{Name: "Kota Contoh", TimeZone: DefaultTimeZone}
	seen := map[string]string{base.NoticeVersion(): "nothing"}
	for name, change := range map[string]func(*City){
		"name":       func(c *City) { c.Name = "Kota Lain" },
		"least":      func(c *City) { c.Least = 20 },
		"basis":      func(c *City) { c.Notice.Basis = Consent },
		"law":        func(c *City) { c.Notice.Law = Text{"id": "x"} },
		"law en":     func(c *City) { c.Notice.Law = Text{"id": "x", "en": "y"} },
		"controller": func(c *City) { c.Notice.Controller = Text{"id": "x"} },
		"address":    func(c *City) { c.Notice.Address = Text{"id": "x"} },
		"officer":    func(c *City) { c.Notice.Officer = Text{"id": "x"} },
		"email":      func(c *City) { c.Notice.Email = "a@b.id" },
		"phone":      func(c *City) { c.Notice.Phone = "112233" },
		"retention":  func(c *City) { c.Notice.RetentionMonths = 24 },
	} {
		c := base
		change(&c)
		if other, ok := seen[c.NoticeVersion()]; ok {
			t.Errorf("%s has the version of %s", name, other)
		}
		seen[c.NoticeVersion()] = name
	}
	same := base
	same.Notice.Basis, same.Least, same.TimeZone, same.Demo = PublicTask, DefaultLeast, "Asia/Jakarta", true
	if same.NoticeVersion() != base.NoticeVersion() {
		t.Error("defaults that are named make another version")
	}
}
