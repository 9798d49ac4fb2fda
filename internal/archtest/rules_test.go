package archtest

import "slices"

// everyRoom as the only entry of a room's list lets it import them all.
const everyRoom = "*"

// A room is a package of ours and the packages of ours that its product code
// may import. Test code may import any room: it wires what it tests.
type room struct {
	path string // below the module's path
	ours []string
}

// A row is what stands beside each other in the drawing of the house.
type row struct {
	name  string
	rooms []room
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

// place returns where a room stands in the table, counted from the top.
func (r rules) place(path string) int {
	return slices.IndexFunc(r.rooms, func(of room) bool { return of.path == path })
}

// house is the one table of rooms, from the top to the ground: a room imports only such as
// stand below it or to its right in its row. CONTRIBUTING.md draws it and tells what belongs
// where.
func house() []row {
	return []row{
		// Test code, which may import any room.
		{"testing", []room{
			{"internal/testkit", []string{everyRoom}},
			{"internal/storetest", []string{everyRoom}},
			{"internal/testtools", nil},
			{"internal/racetest", nil},
			{"internal/archtest", nil},
		}},
		{"commands", []room{
			{"cmd/persepsi", []string{everyRoom}},
			{"cmd/persepsi-bench", []string{"survey", "analytics", "qr", "internal/access", "internal/audit", "internal/projection", "internal/sqlite", "internal/mongodb"}},
			{"cmd/mutants", nil},
			{"cmd/testsum", nil},
		}},
		// Areas, what they share, pages.
		{"edge", []room{
			{"handlers", []string{"survey", "handlers/web", "handlers/account", "handlers/citizen", "handlers/public", "handlers/desk", "handlers/evaluation", "handlers/api", "handlers/ops", "internal/connection"}},
			{"handlers/citizen", []string{"survey", "analytics", "handlers/web", "handlers/view", "internal/access", "internal/cache", "internal/ingest", "internal/permalink", "internal/wording"}},
			{"handlers/public", []string{"survey", "analytics", "qr", "handlers/web", "handlers/view", "internal/access", "internal/badge", "internal/cache", "internal/permalink", "internal/poster", "internal/report", "internal/sheet", "internal/wording"}},
			{"handlers/desk", []string{"survey", "analytics", "handlers/web", "handlers/view", "internal/access", "internal/cache", "internal/comment", "internal/connection", "internal/desk", "internal/dossier", "internal/export", "internal/jobs", "internal/manuscript", "internal/paperform", "internal/poster", "internal/report", "internal/reporting", "internal/sheet", "internal/wording"}},
			{"handlers/evaluation", []string{"survey", "analytics", "handlers/web", "handlers/view", "internal/access", "internal/cache", "internal/desk", "internal/evidence", "internal/export", "internal/lke", "internal/lkebook", "internal/permalink", "internal/report", "internal/wording"}},
			{"handlers/account", []string{"survey", "qr", "handlers/web", "handlers/view", "internal/access", "internal/account", "internal/oidc", "internal/permalink"}},
			{"handlers/api", []string{"survey", "analytics", "handlers/web", "internal/access", "internal/cache", "internal/ingest", "internal/lke", "internal/report"}},
			{"handlers/ops", []string{"handlers/web", "internal/access", "internal/report"}},
			{"handlers/web", []string{"survey", "handlers/view", "internal/access", "internal/cache", "internal/connection", "internal/report"}},
			{"handlers/view", []string{"survey", "analytics", "internal/chart", "internal/comment", "internal/desk", "internal/document", "internal/evidence", "internal/jobs", "internal/manuscript", "internal/permalink", "internal/report", "internal/reporting", "internal/sheet", "internal/wording"}},
			{"internal/connection", nil},
		}},
		// Packages, reports, tables, prints, words.
		{"output", []room{
			{"internal/dossier", []string{"survey", "analytics", "internal/access", "internal/audit", "internal/desk", "internal/document", "internal/evidence", "internal/export", "internal/jobs", "internal/report", "internal/reporting", "internal/sheet", "internal/typeset", "internal/wording"}},
			{"internal/reporting", []string{"survey", "analytics", "internal/access", "internal/audit", "internal/cache", "internal/chart", "internal/comment", "internal/desk", "internal/document", "internal/docx", "internal/jobs", "internal/manuscript", "internal/report", "internal/sheet", "internal/typeset", "internal/wording"}},
			{"internal/lkebook", []string{"survey", "analytics", "internal/lke", "internal/paper"}},
			{"internal/export", []string{"survey", "analytics", "internal/evidence", "internal/lke", "internal/paper", "internal/permalink", "internal/report", "internal/wording"}},
			{"internal/badge", []string{"internal/chart", "internal/ink", "internal/sheet", "internal/wording"}},
			{"internal/poster", []string{"survey", "internal/ink", "internal/pdf", "internal/permalink", "internal/sheet", "internal/wording"}},
			{"internal/paperform", []string{"survey", "internal/ink", "internal/paper", "internal/pdf", "internal/wording"}},
			{"internal/sheet", []string{"survey", "analytics", "internal/ink", "internal/pdf", "internal/permalink", "internal/raster", "internal/report", "internal/wording"}},
			{"internal/wording", []string{"survey", "analytics", "internal/chart", "internal/desk", "internal/report"}},
			{"internal/docx", []string{"qr", "internal/chart", "internal/document", "internal/ink"}},
			{"internal/typeset", []string{"internal/chart", "internal/document", "internal/ink", "internal/pdf"}},
			{"internal/raster", []string{"internal/ink", "internal/pdf"}},
			{"internal/pdf", []string{"qr", "internal/chart", "internal/ink"}},
			{"internal/ink", []string{"internal/chart"}},
			{"internal/document", []string{"internal/chart"}},
			{"internal/chart", nil},
		}},
		// Stores, and what speaks to other services.
		{"adapters", []room{
			{"internal/mongodb", []string{"survey", "analytics", "internal/access", "internal/audit", "internal/comment", "internal/evidence", "internal/jobs", "internal/lke", "internal/manuscript", "internal/projection", "internal/retention", "migrations"}},
			{"internal/sqlite", []string{"survey", "analytics", "internal/access", "internal/audit", "internal/comment", "internal/datadir", "internal/evidence", "internal/jobs", "internal/lke", "internal/manuscript", "internal/projection", "internal/retention", "internal/sqlitefile", "migrations"}},
			{"internal/spool", []string{"survey", "internal/datadir", "internal/ingest", "internal/sqlitefile"}},
			{"internal/sqlitefile", []string{"survey", "internal/datadir"}},
			{"internal/datadir", []string{"survey"}},
			// Of survey the migrations take the error type alone: their
			// document shapes are frozen and never those of today.
			{"migrations", []string{"survey"}},
			{"internal/oidc", []string{"survey"}},
			{"internal/mail", nil},
		}},
		// What people enter, write, ask for and are told.
		{"use cases", []room{
			{"internal/demo", []string{"survey", "analytics", "internal/access", "internal/audit"}},
			{"internal/comment", []string{"survey", "internal/audit", "internal/jobs"}},
			{"internal/manuscript", []string{"survey", "internal/audit"}},
			{"internal/evidence", []string{"survey", "analytics", "internal/audit", "internal/lke"}},
			{"internal/lke", []string{"survey", "analytics", "internal/audit"}},
			{"internal/retention", []string{"survey", "analytics", "internal/audit"}},
			{"internal/desk", []string{"survey", "analytics", "internal/access", "internal/cache", "internal/jobs", "internal/report"}},
			{"internal/jobs", []string{"survey"}},
			{"internal/account", []string{"survey", "internal/access", "internal/audit"}},
		}},
		// And the answers that they are of.
		{"figures", []room{
			{"internal/report", []string{"survey", "analytics", "internal/cache"}},
			{"internal/projection", []string{"survey", "analytics"}},
			{"internal/ingest", []string{"survey", "internal/audit"}},
			{"internal/paper", []string{"survey"}},
		}},
		// What the rows above share.
		{"shared", []room{
			{"internal/cache", nil},
			{"internal/audit", []string{"survey"}},
			{"internal/access", nil},
		}},
		{"domain", []room{
			{"analytics", []string{"survey"}},
			{"qr", nil},
			{"internal/permalink", nil},
			{"survey", nil},
		}},
	}
}

// architecture returns the rules that the product keeps.
func architecture() rules {
	var rooms []room
	for _, of := range house() {
		rooms = append(rooms, of.rooms...)
	}
	return rules{
		rooms: rooms,
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
