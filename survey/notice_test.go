package survey

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
)

const noticeYAML = `
city:
  notice:
    basis: consent
    law: {id: Perwali 3/2026, en: Mayor's regulation 3/2026}
    controller: Pemerintah Kota Contoh
    address: Jalan Contoh 1
    contact: {email: pdp@kota.go.id, phone: +62 511 123456}
    officer: Kepala Bidang Aptika
    retention_months: 24
`

func TestANoticeIsDeclaredChangedAndTakenAwayByItsParts(t *testing.T) {
	t.Parallel()
	base := mustApply(t, &Catalogue{}, cityYAML)
	first := apply(t, base, noticeYAML)
	want := []string{
		"added city.notice.basis: consent",
		"added city.notice.law: Perwali 3/2026", "added city.notice.law.en: Mayor's regulation 3/2026",
		"added city.notice.controller: Pemerintah Kota Contoh", "added city.notice.address: Jalan Contoh 1",
		"added city.notice.officer: Kepala Bidang Aptika",
		"added city.notice.contact.email: pdp@kota.go.id", "added city.notice.contact.phone: +62 511 123456",
		"added city.notice.retention_months: 24",
	}
	if got := lines(first.Changes); !slices.Equal(got, want) {
		t.Errorf("changes:\n%s", strings.Join(got, "\n"))
	}
	c := first.Catalogue
	if again := apply(t, c, noticeYAML); again.Changed || len(again.Changes) > 0 {
		t.Errorf("applied again it changes %q", lines(again.Changes))
	}
	for _, tc := range []struct {
		name, text string
		want       []string
	}{
		{"the basis", "basis: public_task", []string{"changed city.notice.basis: consent → public_task"}},
		{"the retention", "retention_months: 12", []string{"changed city.notice.retention_months: 24 → 12"}},
		{"no limit", "retention_months: 0", []string{"removed city.notice.retention_months: 24"}},
		{"no telephone", "contact: {phone: ''}", []string{"removed city.notice.contact.phone: +62 511 123456"}},
		{"another e-mail", "contact: {email: a.b@c.id}", []string{"changed city.notice.contact.email: pdp@kota.go.id → a.b@c.id"}},
		{"no telephone and no officer, by an alias", "contact: {phone: &no ''}, officer: *no", []string{"removed city.notice.officer: Kepala Bidang Aptika", "removed city.notice.contact.phone: +62 511 123456"}},
		{"no officer", `officer: ""`, []string{"removed city.notice.officer: Kepala Bidang Aptika"}},
		{"the law in one language", "law: Perwali 4/2026", []string{"changed city.notice.law: Perwali 3/2026 → Perwali 4/2026", "removed city.notice.law.en: Mayor's regulation 3/2026"}},
	} {
		text := "city: {notice: {" + tc.text + "}}"
		a := apply(t, c, text)
		if got := lines(a.Changes); !slices.Equal(got, tc.want) || !a.Changed || len(a.Amended) > 0 {
			t.Errorf("%s: %q", tc.name, got)
		}
		if again := apply(t, a.Catalogue, text); again.Changed {
			t.Errorf("%s: applied again it changes %q", tc.name, lines(again.Changes))
		}
	}
}

func TestEveryFaultOfANoticeIsNamedByItsPath(t *testing.T) {
	t.Parallel()
	lib, methods := testLibrary(t)
	for _, tc := range []struct{ text, field, code string }{
		{"basis: persetujuan", "city.notice.basis", "unknown_basis"},
		{"basis: ''", "city.notice.basis", "wrong_text"},
		{"law: [a]", "city.notice.law", "wrong_type"},
		{"law: {en: Law 1}", "city.notice.law.id", "required"},
		{"law: {id: ''}", "city.notice.law.id", "wrong_text"},
		{"law: ~", "city.notice.law", "wrong_type"},
		{"controller: " + strings.Repeat("x", mostNotice+1), "city.notice.controller", "wrong_text"},
		{"officer: ", "city.notice.officer", "wrong_type"},
		{"officer: !!str [a]", "city.notice.officer", "wrong_type"},
		{"contact: {email: ~}", "city.notice.contact.email", "wrong_type"},
		{"basis: [consent]", "city.notice.basis", "wrong_type"},
		{"contact: pdp@kota.go.id", "city.notice.contact", "wrong_type"},
		{"contact: {email: Kantor <pdp@kota.go.id>}", "city.notice.contact.email", "wrong_email"},
		{"contact: {email: pdp@kota}", "city.notice.contact.email", "wrong_email"},
		{"contact: {phone: telepon kantor}", "city.notice.contact.phone", "wrong_phone"},
		{"contact: {fax: 1}", "city.notice.contact.fax", "unknown_key"},
		{"retention_months: -1", "city.notice.retention_months", "wrong_number"},
		{"retention_months: 601", "city.notice.retention_months", "wrong_number"},
		{"retention_months: dua tahun", "city.notice.retention_months", "wrong_number"},
		{"retention: 24", "city.notice.retention", "unknown_key"},
	} {
		_, err := Apply(mustApply(t, &Catalogue{}, cityYAML), []byte("city: {notice: {"+tc.text+"}}"), lib, methods, codes(), nil, 0)
		var e *Error
		if !errors.As(err, &e) {
			t.Fatalf("%s: %v", tc.text, err)
		}
		faults := e.Faults
		if len(faults) != 1 || faults[0].Field != tc.field || faults[0].Code != tc.code || !strings.Contains(faults[0].Message, "(line 1)") {
			t.Errorf("%s: %+v", tc.text, faults)
		}
	}
}

func TestWhatACityDoesNotDeclareOfItsNoticeHasADefault(t *testing.T) {
	t.Parallel()
	city := &City{Name: "Kota Contoh"}
	n := &city.Notice
	if n.RestsOnConsent() || n.BasisOrDefault() != PublicTask || n.LawIn("en") != DefaultLaw()["en"] || city.Controller("id") != "Kota Contoh" || n.Reachable() {
		t.Errorf("defaults: %+v", n)
	}
	city.Notice = Notice{Basis: Consent, Law: Text{"id": "Perda 1"}, Controller: Text{"id": "Dinas", "en": "Office"}, Phone: "112"}
	if !n.RestsOnConsent() || n.BasisOrDefault() != Consent || n.LawIn("en") != "Perda 1" || city.Controller("en") != "Office" || !n.Reachable() {
		t.Errorf("declared: %+v", n)
	}
	if !(&Notice{Email: "pdp@kota.go.id"}).Reachable() {
		t.Error("nobody is told an e-mail address")
	}
	if text := dumped(t, &Catalogue{City: City{Name: "Kota", Notice: Notice{Basis: Consent}}}); strings.Contains(text, "contact") {
		t.Errorf("a contact that is none is written:\n%s", text)
	}
	text, err := json.Marshal(City{Name: "Kota"})
	if err != nil || strings.Contains(string(text), "notice") {
		t.Errorf("a city without a notice is stored as %s", text)
	}
}

func TestWhatIsToldOfOneselfIsKeptMonthsAfterThePeriod(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		to     string
		months int
		want   string // empty: without limit
	}{
		{"2026-06-30", 0, ""},
		{"2026-06-30", 24, "2028-06-30"},
		{"2026-12-31", 1, "2027-01-31"},
		{"2026-12-31", 2, "2027-02-28"},
		{"2027-12-31", 2, "2028-02-29"},
		{"2026-08-31", 6, "2027-02-28"},
		{"2026-01-15", 600, "2076-01-15"},
	} {
		to, err := ParseDate(tc.to)
		if err != nil {
			t.Fatal(err)
		}
		until, limited := (&Notice{RetentionMonths: tc.months}).KeptUntil(&Period{To: to})
		if limited != (tc.want != "") || limited && until.String() != tc.want {
			t.Errorf("%d months after %s: %s, want %q", tc.months, tc.to, until, tc.want)
		}
	}
}
