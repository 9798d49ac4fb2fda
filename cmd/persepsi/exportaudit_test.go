package main

import (
	"testing"

	"persepsi/internal/audit"
	"persepsi/internal/sqlite"
)

// Whoever takes answers with what joins them to people says why.
func TestAFullExportIsAudited(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	must(t, "apply", declared(t, oneCounter), "--data", dir)
	must(t, "export", "--data", dir, "--period", "berjalan")
	must(t, "export", "--data", dir, "--period", "berjalan", "--unit", "dukcapil-loket", "--full", "--reason", "  permintaan TPN 12/2026 ")
	db, err := sqlite.Open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var said []audit.Entry
	if err := db.AuditLog(t.Context(), func(e audit.Entry) error {
		if e.Action != "apply" {
			said = append(said, e)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if len(said) != 1 || said[0].Action != "export_full" || said[0].Subject != "berjalan/dukcapil-loket" || said[0].Reason != "permintaan TPN 12/2026" || said[0].Actor != "command line" {
		t.Errorf("the audit says %+v", said)
	}
}
