package projection

import (
	"context"
	"errors"

	"github.com/google/uuid"

	"persepsi/analytics"
	"persepsi/survey"
)

// Store is what a projection needs of a store: facts, releases and small documents, and a
// note of what lags. A method that only one kind of store needs, or that is there for speed,
// says so.
type Store interface {
	FactStore
	ReleaseStore
	TallyStore
	ServerStore
	catalogues
}

// FactStore finds the responses that tallies and releases are made of, and what was done to
// them.
type FactStore interface {
	// Rows calls fn with the responses of a period that some units got on some
	// days. The response is valid only during the call. Not all of a period: a release is
	// made of what came since the last one.
	Rows(ctx context.Context, period string, days map[string][]survey.Date, fn func(*survey.Response) error) error
	// TakenOut calls fn with the responses of a period that were taken out; see
	// survey.Importer. Rows leaves them out.
	TakenOut(ctx context.Context, period string, fn func(serial int, r *survey.Response) error) error
	// Find returns the stored responses with these ids, also responses that were taken out.
	Find(ctx context.Context, ids []uuid.UUID) ([]*survey.Response, error)
	// Erasures returns the erasures of all periods, those that go on too. An answer of
	// a period is changed only when its erasure can be read here, and is sealed.
	Erasures(ctx context.Context) ([]survey.Erasure, error)
	// Seal returns the seal of an erased period; nil: there is none. Apart from Erasures, which
	// every batch reads: it has a line for each unit.
	Seal(ctx context.Context, period string) (*survey.Seal, error)
}

// ReleaseStore keeps releases.
type ReleaseStore interface {
	// PutRelease adds a unit's next release. Conflict: there is one of its serial, or
	// the period is erased.
	PutRelease(ctx context.Context, r StoredRelease) error
	// ReplaceRelease replaces a release of a period whose erasure began, and is not sealed,
	// by the same one without what is removed. Conflict: the stored one has another
	// checksum, or there is no such erasure.
	ReplaceRelease(ctx context.Context, checksum string, r StoredRelease) error
	// NewestReleases returns the newest serial of every unit of a period that has
	// a release. For speed: an index tells it, and no release is read that is known.
	NewestReleases(ctx context.Context, period string) (map[string]int, error)
	// Releases calls fn with a unit's releases from a serial on, in their order.
	Releases(ctx context.Context, period, unit string, from int, fn func(StoredRelease) error) error
}

// TallyStore keeps encoded tallies, each replaced by compare-and-swap: alone, or all of a
// batch in one transaction, as the store can.
type TallyStore interface {
	lagStore
	// Count counts buckets from their responses: all those that stored tallies
	// or the batch hold. For a bucket that has none, to may be
	// asked for a tally or not.
	Count(ctx context.Context, keys []analytics.Key, b *Batch, to Sink) error
	// Load returns the document of every key, one without a tally where there is
	// none. Not Docs: what is to be inserted is compared with what was not there, and a
	// batch knows its keys, which lie apart.
	Load(ctx context.Context, keys []analytics.Key) (map[analytics.Key]Doc, error)
	// Docs calls fn with every document of a selection. The bytes are valid only
	// during the call.
	Docs(ctx context.Context, s Selection, fn func(analytics.Key, Doc) error) error
	// Save writes documents, which come in the order of their levels and then of
	// their keys, and then forgets that what the batch held was lacking. Where a document is another
	// by now than the one to be replaced, neither it nor a rollup of its unit is
	// written, and nothing forgotten: the keys of all that was not written are
	// returned, which a store with transactions has none of. ErrMoved: nothing at all was
	// written, and the batch is to be released. After another error nobody knows what was
	// written.
	Save(ctx context.Context, b *Batch, puts []Put) (left []analytics.Key, err error)
	// Revisions returns a counter per period that grows whenever one of its
	// documents or evaluations changes, whichever process changed it, and under
	// AllReleases one that grows with every release of any period. For speed: who looks
	// every second reads no document that did not change.
	Revisions(ctx context.Context) (map[string]int64, error)
	// Scans calls fn with scans of a period (of every one when empty) or of one
	// unit of it, which together cover all of that. How much one covers is the store's to
	// say: all that it can show of one moment, or what it can watch meanwhile.
	Scans(ctx context.Context, f analytics.TallyFilter, fn func(Scan) error) error
}

// lagStore is the note of what tallies lack. How it is kept is the store's: the number of a
// segment's responses that are tallied, or markers and what this process remembers.
type lagStore interface {
	// Take counts into a batch responses that no stored tally holds and that the
	// batch doesn't hold yet, some of them at a time, and reports whether there
	// are more. After an error the batch is to be released.
	Take(ctx context.Context, b *Batch) (more bool, err error)
	// Release ends a batch that was not saved, or of which nobody knows whether
	// it was: a later Take returns again what it held. For want of transactions: a store
	// that notes with the tallies themselves what they hold has nothing to do.
	Release(b *Batch)
}

// AllReleases is the key of the revision of releases: no period has it.
const AllReleases = ""

// ErrMoved tells that another process changed what was to be replaced.
var ErrMoved = errors.New("another process changed it meanwhile")

// Doc is a stored tally.
type Doc struct {
	Tally []byte // nil: there is none
	Rev   int64  // of this document, for the store to compare when it is replaced
	// Made changes whenever the tally is counted from responses instead of
	// growing; 0 in stores where what a batch holds can't have been counted by
	// somebody else.
	Made int64
}

// Put replaces a document.
type Put struct {
	analytics.Key
	Old   Doc    // what it replaces
	Tally []byte // nil: the document is removed
	Made  int64  // of the new document
	// Same says that there is nothing to write: the old document was counted anew and is right.
	// A store without transactions still has to tell others of it, for a Save that wrote it may
	// have been lost before it did.
	Same bool
}

// Selection selects documents; an empty field selects all.
type Selection struct {
	analytics.TallyFilter
	From, Before survey.Date // of the start: From ≤ start < Before; both 0: any
}

// Batch is what was stored and no stored tally holds.
type Batch struct {
	// Fresh holds a tally of such responses by bucket.
	Fresh map[analytics.Key]Delta
	// Anew are buckets of which Fresh does not tell all, or that may lag
	// without anybody knowing by what.
	Anew map[analytics.Key]bool
	// Rows is how many responses were counted.
	Rows int64
	// Mark is the store's own note.
	Mark any

	pool *pool
}

// Delta is what a stored tally lacks.
type Delta struct {
	*analytics.Tally
	// Made is what the document must have to be added to: in another one the
	// same responses may be counted already.
	Made int64
	// Whole tells that the bucket holds nothing else.
	Whole bool
}

// Tally returns the tally of a bucket's lacking responses, an empty one at
// first.
func (b *Batch) Tally(key analytics.Key, whole bool, made int64) (*analytics.Tally, error) {
	d, ok := b.Fresh[key]
	if !ok {
		t, err := b.pool.take(key.Form)
		if err != nil {
			return nil, err
		}
		d = Delta{Tally: t, Whole: whole, Made: made}
		b.Fresh[key] = d
	}
	return d.Tally, nil
}

// Add counts responses that the document of a bucket lacks as long as it has this Made; see
// Delta. One that is to be counted anew needs none.
func (b *Batch) Add(key analytics.Key, made int64, rows []survey.Response) error {
	if b.Anew[key] || len(rows) == 0 {
		return nil
	}
	t, err := b.Tally(key, false, made)
	if err != nil {
		return err
	}
	for i := range rows {
		if err := t.Add(&rows[i]); err != nil {
			return err
		}
	}
	b.Rows += int64(len(rows))
	return nil
}

// Sink finds the tally that a bucket's responses are counted in: the same one again where it
// is asked again.
type Sink func(bucket analytics.Key) (*analytics.Tally, error)

// Scan reads a part of a period so that documents and responses fit each other.
type Scan interface {
	// Scope returns the period and unit that it shows; no unit: all of them, as a store
	// does that has snapshots.
	Scope() analytics.TallyFilter
	// Starts lists the level and start of every stored document. For speed: documents and
	// responses are then compared month by month, with little in memory.
	Starts(ctx context.Context) ([]Start, error)
	// Parts lists what can be counted side by side, by month. For speed.
	Parts(ctx context.Context) ([]Part, error)
	// Docs is Store.Docs within the scan; one caller at a time.
	Docs(ctx context.Context, s Selection, fn func(analytics.Key, Doc) error) error
	// Count counts the responses of a part. Safe for concurrent use.
	Count(ctx context.Context, p Part, to Sink) error
	// Unchanged reports whether nobody wrote responses or documents while they
	// were read: only then what differs is wrong. For want of snapshots.
	Unchanged(ctx context.Context) (bool, error)
	// Discard removes documents under names that nothing can have, and returns
	// them: in a store whose names are numbers a flipped bit makes one.
	Discard(ctx context.Context) ([]analytics.Key, error)
}

// Start is a level and the first day of a document.
type Start struct {
	Level analytics.Level
	Start survey.Date
}

// Part is some days of a month, From ≤ day < Before, in no other part of the
// scan.
type Part struct{ From, Before survey.Date }
