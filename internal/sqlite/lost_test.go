package sqlite

import (
	"image/color"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"persepsi/analytics"
	"persepsi/internal/access"
	"persepsi/internal/audit"
	"persepsi/internal/comment"
	"persepsi/internal/evidence"
	"persepsi/internal/jobs"
	"persepsi/internal/manuscript"
	"persepsi/internal/projection"
	"persepsi/internal/storetest"
	"persepsi/survey"
)

// operation is what a store does, and what it needs for that: tables and, after a dot, columns
// whose text must be legible.
type operation struct {
	name, needs string
	do          func() error
}

// last returns the error of two values.
func last(_ any, err error) error { return err }

// without does something while a table has another name, or a column another text.
func without(t *testing.T, db *DB, need string, do func()) {
	t.Helper()
	script := func(query string) {
		t.Helper()
		if err := db.commitDerived(func(c *sqlite.Conn) error { return sqlitex.ExecuteScript(c, query, nil) }); err != nil {
			t.Fatal(err)
		}
	}
	table, column, ok := strings.Cut(need, ".")
	switch {
	case !ok:
		script(`ALTER TABLE ` + table + ` RENAME TO lost`)
		defer script(`ALTER TABLE lost RENAME TO ` + table)
	case column == "hash":
		script(`UPDATE ` + table + ` SET hash = CAST('x' || hash AS BLOB)`)
		defer script(`UPDATE ` + table + ` SET hash = substr(hash, 2)`)
	default:
		script(`UPDATE ` + table + ` SET ` + column + ` = 'x' || ` + column)
		defer script(`UPDATE ` + table + ` SET ` + column + ` = substr(` + column + `, 2)`)
	}
	do()
}

// Nobody is told that something was stored, or that there is nothing, where the store could not
// be asked. What failed left nothing behind: each works when its table is back.
func TestWhatTheStoreCannotDoIsAnError(t *testing.T) {
	t.Parallel()
	db := opened(t, t.TempDir(), storetest.Library(t))
	defer db.Close()
	for _, of := range [][]operation{answering(t, db), accounts(t, db), papers(t, db), importing(t, db), erasing(t, db)} {
		for _, op := range of {
			for need := range strings.FieldsSeq(op.needs) {
				without(t, db, need, func() {
					if op.do() == nil {
						t.Errorf("%s: no error without %s", op.name, need)
					}
				})
			}
			if err := op.do(); err != nil {
				t.Errorf("%s: %v", op.name, err)
			}
		}
	}
}

func answering(t *testing.T, db *DB) []operation {
	ctx, list := t.Context(), storetest.NewMaker(t, 20).Batch(30)
	for _, r := range list {
		r.Unit = "unit-0"
	}
	project := storetest.Project(t, db)
	key := analytics.Key{Period: "2026-s1", Unit: "unit-0", Form: list[0].Form, Level: analytics.LevelDay, Start: list[0].Day}
	ignore := func(*survey.Response) error { return nil }
	skip := func(analytics.Key, projection.Doc) error { return nil }
	none := func(analytics.Key) (*analytics.Tally, error) { return nil, nil } //nolint:nilnil // nobody asked for it
	scan := func(m projection.Scan) error {
		parts, err := m.Parts(ctx)
		if err == nil {
			_, err = m.Starts(ctx)
		}
		if err == nil {
			err = m.Docs(ctx, projection.Selection{TallyFilter: m.Scope()}, skip)
		}
		if err == nil {
			err = m.Count(ctx, parts[0], none)
		}
		return err
	}
	ofUnit := projection.Selection{TallyFilter: analytics.TallyFilter{Level: analytics.LevelDay, Period: "2026-s1", Unit: "unit-0"}}
	release := projection.StoredRelease{Period: "2026-s1", Unit: "unit-0", Serial: 1, Checksum: "a", Body: []byte("{}")}
	return []operation{
		{"append", "responses segments unit_forms", func() error { return last(db.Append(ctx, list)) }},
		{"append again", "responses segments", func() error { return last(db.Append(ctx, list)) }},
		{"find", "responses segments unit_forms", func() error { return last(db.Find(ctx, storetest.IDs(list))) }},
		{"responses", "responses segments unit_forms", func() error { return db.Responses(ctx, survey.Filter{}, ignore) }},
		{"rows", "responses segments unit_forms", func() error {
			return db.Rows(ctx, "2026-s1", map[string][]survey.Date{"unit-0": {list[0].Day}}, ignore)
		}},
		{"settle", "staged import_commit undoing recounts segments unit_forms responses revisions tallies", func() error { return last(project.Settle(ctx)) }},
		{"docs", "tallies revisions", func() error { return db.Docs(ctx, projection.Selection{}, skip) }},
		{"docs of a unit", "tallies revisions", func() error { return db.Docs(ctx, ofUnit, skip) }},
		{"load", "tallies revisions", func() error { return last(db.Load(ctx, []analytics.Key{key})) }},
		{"revisions", "revisions", func() error { return last(db.Revisions(ctx)) }},
		{"scan", "responses segments unit_forms tallies revisions", func() error { return db.Scans(ctx, analytics.TallyFilter{}, scan) }},
		{"count", "responses segments unit_forms", func() error { return db.Count(ctx, []analytics.Key{key}, new(projection.Batch), none) }},
		{"put a release", "erasures releases revisions", func() error { return db.PutRelease(ctx, release) }},
		{"newest releases", "releases", func() error { return last(db.NewestReleases(ctx, "2026-s1")) }},
		{"releases", "releases", func() error {
			return db.Releases(ctx, "2026-s1", "unit-0", 1, func(projection.StoredRelease) error { return nil })
		}},
		{"comments", "responses", func() error { return last(db.Comments(ctx, []uuid.UUID{list[0].ID})) }},
	}
}

func accounts(t *testing.T, db *DB) []operation {
	ctx, now, said := t.Context(), time.Unix(1_800_000_000, 0).UTC(), audit.Entry{At: time.Unix(1_800_000_000, 0)}
	grants := []access.Grant{{Role: access.Viewer, Scope: access.City()}}
	key := access.Key{ID: "k", Name: "kunci", Hash: access.Digest{1}, At: now}
	siti := access.Person{ID: "siti", Email: "siti@kota.example", Name: "Siti", At: now, Version: 1}
	later := siti
	later.Version = 2
	session, _ := access.NewSession("siti", "", false, now)
	arms := storetest.Picture(t, 30, 40, color.Black)
	return []operation{
		{"audit", "audit", func() error { return db.Audit(ctx, said) }},
		{"audit log", "audit", func() error { return db.AuditLog(ctx, func(audit.Entry) error { return nil }) }},
		{"add a key", "api_keys audit", func() error { return db.RecordKey(ctx, key, said) }},
		{"keys", "api_keys api_keys.grants api_keys.hash", func() error { return last(db.Keys(ctx)) }},
		{"grant to a key", "api_keys api_keys.grants audit", func() error { return db.RecordKeyGrants(ctx, "k", nil, grants, said) }},
		{"revoke a key", "api_keys audit", func() error { return db.RecordRevocation(ctx, "k", now, said) }},
		{"add a person", "people audit", func() error { return db.RecordPerson(ctx, siti, said) }},
		{"change a person", "people audit", func() error { return db.RecordPerson(ctx, later, said) }},
		{"people", "people people.doc", func() error { return last(db.People(ctx)) }},
		{"a person", "people people.doc", func() error { return last(db.PersonByID(ctx, "siti")) }},
		{"a person by address", "people people.doc", func() error { return last(db.PersonByEmail(ctx, "siti@kota.example")) }},
		{"begin a session", "sessions", func() error { return db.AddSession(ctx, session) }},
		{"a session", "sessions", func() error { return last(db.SessionByHash(ctx, session.Hash)) }},
		{"sessions", "sessions sessions.hash", func() error { return last(db.SessionsOf(ctx, "siti")) }},
		{"see a session", "sessions", func() error { return db.SeeSession(ctx, session.Hash, now) }},
		{"end sessions", "sessions", func() error { return db.EndSessions(ctx, "siti", session.Hash) }},
		{"end a session", "sessions", func() error { return db.EndSession(ctx, session.Hash) }},
		{"record a catalogue", "catalogues pictures audit", func() error {
			return db.RecordCatalogue(ctx, &survey.Catalogue{Version: 1, City: survey.City{Arms: arms}}, said)
		}},
		{"catalogue", "catalogues catalogues.catalogue pictures", func() error { return last(db.Catalogue(ctx)) }},
		{"its version", "catalogues", func() error { return last(db.CatalogueVersion(ctx)) }},
	}
}

func papers(t *testing.T, db *DB) []operation {
	ctx, now, said := t.Context(), time.Unix(1_800_000_000, 0).UTC(), audit.Entry{At: time.Unix(1_800_000_000, 0)}
	of := evidence.Place{Period: "p", Unit: "u"}
	end := evidence.Expiry{Place: of, File: "file", Due: now}
	added := evidence.Step{Place: of, Serial: 1, Added: &evidence.Entry{File: &evidence.File{ID: "file"}}}
	withdrawn := evidence.Step{Place: of, Serial: 2, Withdrawn: &evidence.Withdrawal{N: 1}}
	text := manuscript.Manuscript{Place: manuscript.Place{Period: "p", Unit: "u", Kind: "skm"}, Version: 1}
	at, id := comment.Place{Period: "p", Unit: "u"}, uuid.UUID{1}
	j := jobs.Job{ID: "j", Version: 1, State: jobs.Running}
	return []operation{
		{"record an evaluation", "evaluations revisions audit", func() error {
			return db.RecordEvaluation(ctx, analytics.Evaluation{Period: "p", Unit: "u", Version: 1}, said)
		}},
		{"evaluations", "evaluations evaluations.entry", func() error { return last(db.Evaluations(ctx, "p")) }},
		{"evaluations of a unit", "evaluations evaluations.entry", func() error { return last(db.EvaluationHistory(ctx, "p", "u")) }},
		{"put an expiry", "evidence_expiries", func() error { return db.PutExpiry(ctx, end) }},
		{"put a piece", "evidence_pieces", func() error { return db.PutPiece(ctx, "file", 0, []byte("isi")) }},
		{"add evidence", "evidence evidence_expiries audit", func() error { return db.RecordEvidence(ctx, added, end, said) }},
		{"evidence", "evidence evidence.body", func() error { return last(db.EvidenceSteps(ctx, of)) }},
		{"a piece", "evidence_pieces", func() error { return last(db.Piece(ctx, "file", 0)) }},
		{"room", "evidence_pieces", func() error { return last(db.EvidenceRoom(ctx)) }},
		{"withdraw evidence", "evidence evidence_expiries audit", func() error { return db.RecordEvidence(ctx, withdrawn, end, said) }},
		{"expiries", "evidence_expiries", func() error { return last(db.Expiries(ctx, now)) }},
		{"end an expiry", "evidence_expiries evidence_pieces", func() error { return db.EndExpiry(ctx, end, true) }},
		{"record a manuscript", "manuscripts audit", func() error { return db.RecordManuscript(ctx, text, said) }},
		{"a manuscript", "manuscripts manuscripts.body", func() error { return last(db.Manuscript(ctx, text.Place, 0)) }},
		{"put a step of comments", "erasures comment_steps", func() error { return db.PutCommentStep(ctx, comment.Step{Period: "p", Unit: "u", Serial: 1}) }},
		{"steps of comments", "comment_steps comment_steps.body", func() error {
			return db.CommentSteps(ctx, at, 1, func(comment.Step) error { return nil })
		}},
		{"put a mark", "erasures comment_marks comment_marked", func() error { return db.PutMark(ctx, comment.Mark{Period: "p", Unit: "u", ID: id, Version: 1}) }},
		{"marks", "comment_marks comment_marks.body", func() error { return last(db.Marks(ctx, at)) }},
		{"a mark", "comment_marks comment_marks.body", func() error { return last(db.Marks(ctx, at, id)) }},
		{"marked", "comment_marked", func() error { return last(db.Marked(ctx)) }},
		{"erase comments", "comment_steps comment_marks comment_marked", func() error { return db.EraseComments(ctx, "p") }},
		{"put a job", "jobs job_parts", func() error { return db.PutJob(ctx, j, &jobs.Part{Key: "a"}) }},
		{"jobs", "jobs jobs.body", func() error { return last(db.Jobs(ctx)) }},
		{"parts", "job_parts", func() error { return last(db.Parts(ctx, "j")) }},
		{"a part", "job_parts", func() error { return last(db.PartData(ctx, "j", "a")) }},
		{"jobs with parts", "job_parts", func() error { return last(db.PartsOf(ctx)) }},
		{"drop parts", "job_parts", func() error { return db.DropParts(ctx, "j") }},
		{"drop a job", "jobs job_parts", func() error { return db.DropJob(ctx, "j") }},
	}
}

func importing(t *testing.T, db *DB) []operation {
	ctx, rows := t.Context(), paper(t, 21, 3)
	all := func() error { return db.Imports(ctx, func(*survey.Import) error { return nil }) }
	return []operation{
		{"import", "staged import_commit imports erasures", func() error { return last(db.Import(ctx, &survey.Import{Period: "2026-s1"}, rows)) }},
		{"note what was imported", "import_rows", func() error { return last(db.Import(ctx, &survey.Import{Period: "2026-s1"}, paper(t, 22, 3))) }},
		{"imports", "staged imports imports.body", all},
		{"replace an import", "imports", func() error { return db.ReplaceImport(ctx, &survey.Import{Serial: 1, Period: "2026-s1"}) }},
		{"undo", "staged imports imports.body erasures undoing revisions", func() error { return db.UndoImport(ctx, 1, survey.Undo{Reason: "keliru"}) }},
		{"undone imports", "imports.undone", all},
		{"what was taken out", "imports import_rows responses segments unit_forms", func() error {
			return db.TakenOut(ctx, "2026-s1", func(int, *survey.Response) error { return nil })
		}},
		{"take out", "undoing import_rows", func() error { return db.takeOut(ctx, 1) }},
		{"begin an undo", "imports imports.body erasures undoing revisions", func() error {
			return db.commitFacts(func(c *sqlite.Conn) error { return beginUndo(c, 2, `{"reason":"keliru"}`) })
		}},
		{"go on with an undo", "undoing import_rows responses recounts", func() error { return db.finishUndo(ctx) }},
		{"settle what was taken out", "recounts tallies", func() error { return last(storetest.Project(t, db).Settle(ctx)) }},
	}
}

func erasing(t *testing.T, db *DB) []operation {
	ctx, said := t.Context(), audit.Entry{At: time.Unix(1_800_000_000, 0)}
	cleared := projection.StoredRelease{Period: "2026-s1", Unit: "unit-0", Serial: 1, Checksum: "b", Body: []byte("{}")}
	return []operation{
		{"begin an erasure", "undoing recounts segments erasures", func() error { return db.BeginErasure(ctx, anErasure()) }},
		{"erasures", "erasures erasures.body seals", func() error { return last(db.Erasures(ctx)) }},
		{"replace a release", "releases erasures seals revisions", func() error { return db.ReplaceRelease(ctx, "a", cleared) }},
		{"put a seal", "undoing revisions erasures seals audit", func() error {
			at, err := db.Revisions(ctx)
			if err != nil {
				return err
			}
			return db.PutSeal(ctx, "2026-s1", at["2026-s1"], new(survey.Seal), said)
		}},
		{"a seal", "seals seals.body", func() error { return last(db.Seal(ctx, "2026-s1")) }},
		{"what is left to erase", "segments responses", func() error { return last(db.Erasable(ctx, "2026-s1")) }},
		{"erase answers", "segments responses erasures seals", func() error { return db.EraseAnswers(ctx, "2026-s1") }},
		{"end an erasure", "erasures", func() error { return db.EndErasure(ctx, "2026-s1") }},
	}
}
