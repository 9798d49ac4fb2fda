package archtest

// everyRoom as the only entry of a room's list lets it import them all.
const everyRoom = "*"

// A room is a package of ours and the packages of ours that its product code
// may import. Test code may import any room: it wires what it tests.
type room struct {
	path string // below the module's path
	ours []string
}

// A technology is a library, by its import paths' prefixes, that only the
// named rooms may import, in product and in test code.
type technology struct {
	name     string
	prefixes []string
	rooms    []string
}

// rules are the architecture as data.
type rules struct {
	rooms []room
	// technologies also are what no package in the closure of a pure room may
	// be, whoever imports it.
	technologies []technology
	pure         []string // rooms that know no transport and no store
	testing      []string // rooms of test code: product code may not import them
}

// architecture is the one table of rooms. A package without a row is a breach; a row
// without a package, or a room of which CONTRIBUTING.md says nothing, fails a test of its own.
func architecture() rules {
	return rules{
		rooms: []room{
			{"cmd/persepsi", []string{everyRoom}},
			{"cmd/persepsi-bench", []string{"survey", "analytics", "qr", "internal/access", "internal/audit", "internal/projection", "internal/sqlite", "internal/mongodb"}},
			{"cmd/mutants", nil},
			{"cmd/testsum", nil},
			{"survey", nil},
			{"analytics", []string{"survey"}},
			{"qr", nil},
			{"handlers", []string{"survey", "handlers/web", "handlers/account", "handlers/citizen", "handlers/public", "handlers/desk", "handlers/evaluation", "handlers/api", "handlers/ops", "internal/access", "internal/account", "internal/cache", "internal/comment", "internal/connection", "internal/desk", "internal/dossier", "internal/evidence", "internal/ingest", "internal/lke", "internal/report", "internal/reporting"}},
			{"handlers/web", []string{"survey", "handlers/view", "internal/access", "internal/cache", "internal/connection", "internal/report"}},
			{"handlers/account", []string{"survey", "qr", "handlers/web", "handlers/view", "internal/access", "internal/account", "internal/oidc"}},
			{"handlers/citizen", []string{"survey", "analytics", "handlers/web", "handlers/view", "internal/access", "internal/cache", "internal/ingest", "internal/wording"}},
			{"handlers/public", []string{"survey", "analytics", "qr", "handlers/web", "handlers/view", "internal/access", "internal/badge", "internal/cache", "internal/poster", "internal/report", "internal/sheet", "internal/wording"}},
			{"handlers/desk", []string{"survey", "analytics", "handlers/web", "handlers/view", "internal/access", "internal/cache", "internal/comment", "internal/desk", "internal/dossier", "internal/export", "internal/jobs", "internal/manuscript", "internal/paperform", "internal/poster", "internal/report", "internal/reporting", "internal/sheet", "internal/wording"}},
			{"handlers/evaluation", []string{"survey", "analytics", "handlers/web", "handlers/view", "internal/access", "internal/cache", "internal/desk", "internal/evidence", "internal/export", "internal/lke", "internal/lkebook", "internal/report", "internal/wording"}},
			{"handlers/api", []string{"survey", "analytics", "handlers/web", "internal/access", "internal/cache", "internal/ingest", "internal/lke", "internal/report"}},
			{"handlers/ops", []string{"handlers/web", "internal/access", "internal/report"}},
			{"handlers/view", []string{"survey", "analytics", "internal/chart", "internal/comment", "internal/desk", "internal/document", "internal/evidence", "internal/jobs", "internal/manuscript", "internal/report", "internal/reporting", "internal/sheet", "internal/wording"}},
			{"internal/mongodb", []string{"survey", "analytics", "internal/access", "internal/audit", "internal/comment", "internal/evidence", "internal/jobs", "internal/manuscript", "internal/projection", "internal/retention", "migrations"}},
			{"internal/sqlite", []string{"survey", "analytics", "internal/access", "internal/audit", "internal/comment", "internal/datadir", "internal/evidence", "internal/jobs", "internal/manuscript", "internal/projection", "internal/retention", "internal/sqlitefile", "migrations"}},
			{"internal/sqlitefile", []string{"survey", "internal/datadir"}},
			{"internal/spool", []string{"survey", "internal/datadir", "internal/ingest", "internal/sqlitefile"}},
			{"internal/datadir", []string{"survey"}},
			{"internal/access", nil},
			{"internal/account", []string{"survey", "internal/access", "internal/audit"}},
			{"internal/cache", nil},
			{"internal/chart", nil},
			{"internal/comment", []string{"survey", "internal/audit", "internal/jobs"}},
			{"internal/connection", nil},
			{"internal/jobs", []string{"survey"}},
			{"internal/document", []string{"internal/chart"}},
			{"internal/dossier", []string{"survey", "analytics", "internal/access", "internal/audit", "internal/desk", "internal/document", "internal/evidence", "internal/export", "internal/jobs", "internal/report", "internal/reporting", "internal/sheet", "internal/typeset", "internal/wording"}},
			{"internal/docx", []string{"qr", "internal/chart", "internal/document", "internal/ink"}},
			{"internal/evidence", []string{"survey", "analytics", "internal/audit", "internal/lke"}},
			{"internal/ink", []string{"internal/chart"}},
			{"internal/wording", []string{"survey", "analytics", "internal/chart", "internal/desk", "internal/report"}},
			{"internal/pdf", []string{"qr", "internal/chart", "internal/ink"}},
			{"internal/poster", []string{"survey", "internal/ink", "internal/pdf", "internal/sheet", "internal/wording"}},
			{"internal/badge", []string{"internal/chart", "internal/ink", "internal/sheet", "internal/wording"}},
			{"internal/paperform", []string{"survey", "internal/ink", "internal/paper", "internal/pdf", "internal/wording"}},
			{"internal/raster", []string{"internal/ink", "internal/pdf"}},
			{"internal/sheet", []string{"survey", "analytics", "internal/ink", "internal/pdf", "internal/raster", "internal/report", "internal/wording"}},
			{"internal/typeset", []string{"internal/chart", "internal/document", "internal/ink", "internal/pdf"}},
			{"internal/export", []string{"survey", "analytics", "internal/chart", "internal/document", "internal/evidence", "internal/lke", "internal/paper", "internal/report", "internal/wording"}},
			{"internal/reporting", []string{"survey", "analytics", "internal/access", "internal/audit", "internal/cache", "internal/chart", "internal/comment", "internal/desk", "internal/document", "internal/docx", "internal/jobs", "internal/manuscript", "internal/report", "internal/sheet", "internal/typeset", "internal/wording"}},
			{"internal/report", []string{"survey", "analytics", "internal/cache"}},
			{"internal/desk", []string{"survey", "analytics", "internal/access", "internal/cache", "internal/jobs", "internal/report"}},
			{"internal/projection", []string{"survey", "analytics"}},
			{"internal/retention", []string{"survey", "analytics", "internal/audit"}},
			{"internal/paper", []string{"survey"}},
			{"internal/audit", []string{"survey"}},
			{"internal/ingest", []string{"survey", "internal/audit"}},
			{"internal/lke", []string{"survey", "analytics", "internal/audit"}},
			{"internal/lkebook", []string{"survey", "analytics", "internal/lke", "internal/paper"}},
			{"internal/mail", nil},
			{"internal/manuscript", []string{"survey", "internal/audit"}},
			{"internal/oidc", []string{"survey"}},
			{"internal/demo", []string{"survey", "analytics", "internal/access", "internal/audit"}},
			{"internal/storetest", []string{everyRoom}},
			{"internal/testkit", []string{everyRoom}},
			{"internal/testtools", nil},
			{"internal/racetest", nil},
			{"internal/archtest", nil},
			// Of survey the migrations take the error type alone: their
			// document shapes are frozen and never those of today.
			{"migrations", []string{"survey"}},
		},
		technologies: []technology{
			// persepsi-bench measures the service beside a bare Fiber handler.
			{"Fiber", []string{"github.com/gofiber/fiber"}, []string{
				"handlers", "handlers/web", "handlers/account", "handlers/citizen", "handlers/public", "handlers/desk", "handlers/evaluation", "handlers/api", "handlers/ops", "cmd/persepsi-bench", "internal/testkit",
			}},
			{"the MongoDB driver", []string{"go.mongodb.org/mongo-driver"}, []string{"internal/mongodb", "migrations", "internal/testkit", "internal/storetest"}},
			{"PDF", []string{"codeberg.org/go-pdf/fpdf"}, []string{"internal/pdf"}},
			{"SMTP", []string{"github.com/wneessen/go-mail", "net/smtp"}, []string{"internal/mail"}},
			// The spool of a server whose store is MongoDB is no store, and a file of SQLite too.
			{"SQLite", []string{"zombiezen.com/go/sqlite", "modernc.org/sqlite"}, []string{"internal/sqlite", "internal/sqlitefile", "internal/spool", "migrations", "internal/testkit", "internal/storetest"}},
		},
		pure:    []string{"survey", "analytics", "qr"},
		testing: []string{"internal/storetest", "internal/testkit", "internal/testtools", "internal/racetest", "internal/archtest"},
	}
}
