package mongodb

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"go.mongodb.org/mongo-driver/bson/primitive"
	"go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"
	"go.mongodb.org/mongo-driver/mongo/readconcern"
	"go.mongodb.org/mongo-driver/mongo/readpref"
	"go.mongodb.org/mongo-driver/mongo/writeconcern"

	"persepsi/migrations"
	"persepsi/survey"
)

// DB is the store. It is safe for concurrent use, and several processes may
// use one database at the same time.
type DB struct {
	client *mongo.Client
	name   string
	shown  string // the address as it may be shown
	// started tells that Start has succeeded.
	started atomic.Bool
	// writer names this process in the responses and markers that it writes.
	// It begins with the time, so that a later start sorts after an earlier.
	writer primitive.ObjectID
	pace   pace
	now    func() time.Time

	responses, tallies, stale, revisions  *mongo.Collection
	catalogues, evaluations, audit        *mongo.Collection
	manuscripts, pictures, jobs, jobParts *mongo.Collection
	keys, people, sessions, releases      *mongo.Collection
	imports, importParts, erasures        *mongo.Collection
	servers                               *mongo.Collection
	commentSteps, commentMarks            *mongo.Collection
	commentMarked                         *mongo.Collection
	evidence, pieces, expiries            *mongo.Collection

	pending backlog
	lag     lag
	// chaining is held while this process adds to the audit.
	chaining sync.Mutex
}

// pace holds the store's time-outs and intervals.
type pace struct {
	operation time.Duration // one read or write whose caller sets no deadline
	append    time.Duration // one Append, with all its attempts
	attempt   time.Duration // one attempt of an Append
	attempts  int
	// remark is the age from which a marker is no longer trusted to keep
	// others from forgetting its bucket, so it is far below watch.
	remark time.Duration
	// patience is how long another process's marker is left to its owner.
	patience time.Duration
	// watch is how long the bucket of a writer that may have died is counted
	// again: the server may apply its last batch late.
	watch time.Duration
}

func defaultPace() pace {
	return pace{
		operation: 10 * time.Second, append: 8 * time.Second, attempt: 3 * time.Second, attempts: 3,
		remark: 20 * time.Second, patience: 1200 * time.Millisecond, watch: time.Minute,
	}
}

const (
	selectionTimeout = 3 * time.Second
	connectTimeout   = 5 * time.Second
	// socketTimeout bounds every single wait for a reply, also within a long
	// stream that has no deadline of its own.
	socketTimeout = 30 * time.Second
)

// Open is Connect and Start.
func Open(ctx context.Context, uri string) (*DB, error) {
	db, err := Connect(ctx, uri)
	if err != nil {
		return nil, err
	}
	if err := db.Start(ctx); err != nil {
		_ = db.Close() // the first error says more
		return nil, err
	}
	return db, nil
}

// OpenExisting is Open for a database that holds a store already. NotFound: it
// doesn't, and nothing was made in it.
func OpenExisting(ctx context.Context, uri string) (*DB, error) {
	db, err := Connect(ctx, uri)
	if err != nil {
		return nil, err
	}
	if err = db.find(ctx); err == nil {
		err = db.Start(ctx)
	}
	if err != nil {
		_ = db.Close() // the first error says more
		return nil, err
	}
	return db, nil
}

// find fails where the database has no store.
func (db *DB) find(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, db.pace.operation)
	defer cancel()
	there, err := migrations.HasMongoDB(ctx, db.client.Database(db.name))
	if err != nil {
		return openFault(db.shown, fault("look for the store", err))
	}
	if !there {
		return survey.Errorf(survey.NotFound, "there is no store in the database %s", db.Address())
	}
	return nil
}

// Connect makes the store of the database that the URI names (persepsi where it
// names none); a server need not be there. Until Start has succeeded every
// operation is Unavailable at once. Errors: survey.Invalid for a wrong URI; they never hold the password.
func Connect(ctx context.Context, uri string) (*DB, error) {
	name, err := databaseOf(uri)
	if err != nil {
		return nil, err
	}
	journal := true
	opts := options.Client().ApplyURI(uri).
		SetAppName("persepsi").
		SetServerSelectionTimeout(selectionTimeout).
		SetConnectTimeout(connectTimeout).
		SetSocketTimeout(socketTimeout).
		SetReadPreference(readpref.Primary()).
		SetReadConcern(readconcern.Majority()).
		SetWriteConcern(&writeconcern.WriteConcern{W: "majority", Journal: &journal}).
		SetRetryWrites(true)
	client, err := mongo.Connect(ctx, opts)
	if err != nil {
		return nil, survey.Errorf(survey.Invalid, "the MongoDB address %s is not valid: %s", Redact(uri), whyInvalid(uri))
	}
	db := newDB(client, name)
	db.shown = Redact(uri)
	return db, nil
}

func newDB(client *mongo.Client, name string) *DB {
	d := client.Database(name)
	return &DB{
		client: client, name: name, writer: primitive.NewObjectID(), pace: defaultPace(), now: time.Now,
		responses: d.Collection("responses"), tallies: d.Collection("tallies"), stale: d.Collection("stale"),
		revisions: d.Collection("revisions"), catalogues: d.Collection("catalogues"),
		evaluations: d.Collection("evaluations"), manuscripts: d.Collection("manuscripts"), pictures: d.Collection("pictures"), jobs: d.Collection("jobs"), jobParts: d.Collection("job_parts"), audit: d.Collection("audit_entries"), keys: d.Collection("keys"), sessions: d.Collection("sessions"), people: d.Collection("people"),
		releases: d.Collection("releases"), imports: d.Collection("imports"), importParts: d.Collection("import_parts"), erasures: d.Collection("erasures"),
		servers: d.Collection("servers"), commentSteps: d.Collection("comment_steps"), commentMarks: d.Collection("comment_marks"), commentMarked: d.Collection("comment_marked"),
		evidence: d.Collection("evidence"), pieces: d.Collection("evidence_pieces"), expiries: d.Collection("evidence_expiries"),
		pending: newBacklog(), lag: newLag(),
	}
}

// Start brings the database's indexes up to date and lets operations through;
// it may be tried again. Errors: Unavailable where nobody answers, Unauthorized
// where the server refuses the user, Conflict where a newer program wrote the
// database.
func (db *DB) Start(ctx context.Context) error {
	limited, cancel := context.WithTimeout(ctx, db.pace.operation)
	defer cancel()
	if err := fault("ping MongoDB", db.client.Ping(limited, readpref.Primary())); err != nil {
		return openFault(db.shown, err)
	}
	if err := migrations.MongoDB(ctx, db.client.Database(db.name)); err != nil {
		return openFault(db.shown, fault("migrate the database", err))
	}
	db.started.Store(true)
	_ = db.completeAudit(ctx) // else whoever reads the audit does
	return nil
}

// Address names the database by its servers and its name, without user, password
// and options.
func (db *DB) Address() string {
	address := strings.Replace(db.shown, hidden+"@", "", 1)
	if strings.HasSuffix(address, "/"+db.name) {
		return address
	}
	return address + "/" + db.name
}

// Ping asks the primary server for a sign of life.
func (db *DB) Ping(ctx context.Context) error {
	ctx, cancel := db.within(ctx)
	defer cancel()
	return fault("ping MongoDB", db.client.Ping(ctx, readpref.Primary()))
}

// Close ends the connections. What has not yet been settled is left to the next
// process: it is marked in the database.
func (db *DB) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), connectTimeout)
	defer cancel()
	if err := db.client.Disconnect(ctx); err != nil && !errors.Is(err, mongo.ErrClientDisconnected) {
		return fmt.Errorf("disconnect from MongoDB: %w", err)
	}
	return nil
}
