package dossier_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"persepsi/internal/access"
	"persepsi/internal/audit"
	"persepsi/internal/dossier"
	"persepsi/internal/testtools"
)

// counting is an audit that counts how often it is read.
type counting struct {
	audit.Store
	read int
}

func (c *counting) AuditLog(ctx context.Context, fn func(audit.Entry) error) error {
	c.read++
	return c.Store.AuditLog(ctx, fn)
}

func TestTheAuditIsReadOnceForAllUnitsOfAnAgency(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.wait(180 * 24 * time.Hour)
	w.Refresh()
	log := &counting{Store: w.Store}
	w.check(log.Audit(t.Context(), // one of all units, one of each
		audit.Entry{At: w.now(), Action: audit.Amend, Subject: "seluruh kota", Periods: []string{"2026-s2"}},
		audit.Entry{At: w.now(), Action: audit.Amend, Subject: "melati", Periods: []string{"2026-s2"}, Units: []string{"pkm"}},
		audit.Entry{At: w.now(), Action: audit.Amend, Subject: "tutup", Periods: []string{"2026-s2"}, Units: []string{"pkm-tutup"}},
		audit.Entry{At: w.now(), Action: audit.Amend, Subject: "lain", Periods: []string{"2026-s1"}},
		audit.Entry{At: w.now(), Action: audit.Apply, Subject: "berkas", Periods: []string{"2026-s2"}}))
	p := w.made(w.maker(func(o *dossier.Maker) { o.Audit = log }), dossier.Request{Period: "2026-s2", Agency: "dinkes", Who: as(access.Manager, access.City())})
	if log.read != 1 {
		t.Errorf("the audit was read %d times", log.read)
	}
	for file, want := range map[string]string{"01-pkm/12-catatan-audit.csv": "melati", "02-pkm-tutup/12-catatan-audit.csv": "tutup"} {
		text := string(p.files[file])
		if strings.Count(text, "\n") != 3 || !strings.Contains(text, "seluruh kota") || !strings.Contains(text, want) {
			t.Errorf("%s says %s", file, text)
		}
	}
}

// What was changed of other agencies is nobody's business here: neither in the records nor in
// the reports.
func TestAmendmentsOfOtherUnitsStandInNoUnitsPackage(t *testing.T) {
	t.Parallel()
	w := months(t, always(3))
	w.close()
	w.Amend("periods: [{code: 2026-s1, population: {pkm: 900}}]", "salah hitung Melati")
	w.Amend("periods: [{code: 2026-s1, population: {pkm: 901, dukcapil-loket: 704}}]", "salah hitung loket")
	p := w.made(w.maker(), ask(access.Manager))
	for _, name := range p.names {
		text := string(p.files[name])
		if strings.HasSuffix(name, ".pdf") {
			text = strings.Join(strings.Fields(strings.Join(testtools.PDFText(t, p.files[name]), " ")), " ")
		}
		of := strings.HasPrefix(name, "12-catatan.pdf") || strings.HasPrefix(name, "12-catatan-perubahan") || strings.HasPrefix(name, "0") && strings.Contains(name, "laporan") && strings.HasSuffix(name, ".pdf")
		if strings.Contains(text, "Melati") && !strings.HasPrefix(name, "09-") {
			t.Errorf("%s tells of another unit: %s", name, text)
		}
		if of && !strings.Contains(text, "salah hitung loket") {
			t.Errorf("%s does not tell of this one: %s", name, text)
		}
	}
}
