package survey

import (
	"context"
	"time"
)

// Result says what became of one response of a batch.
type Result uint8

// The results of an append.
const (
	Stored    Result = iota // it is new and durable now
	Duplicate               // the same response was stored before
	Differs                 // the id is stored with other content: nothing was written
)

// Outcome is the result for one response, and when the stored one was
// received (for a duplicate: the first time).
type Outcome struct {
	Result     Result
	ReceivedAt time.Time
}

// Appender stores responses durably, each id exactly once.
type Appender interface {
	// Append stores a batch and returns one outcome per response, in order.
	// When it returns nil, every Stored response is durable. An error means
	// that nothing is known to be stored: the batch may be tried again as it
	// is, ids make that safe. Unavailable tells that the store can't be
	// reached or is full.
	Append(ctx context.Context, batch []*Response) ([]Outcome, error)
}

// Filter selects stored responses; empty fields select all.
type Filter struct {
	Period string
	Unit   string
}

// Reader streams stored responses.
type Reader interface {
	// Responses calls fn for each response that the filter selects, those that were
	// taken out excepted: period
	// after period, and within one in an order that stays the same while
	// nothing is stored. The pointer is valid only during the call. It stops at
	// fn's first error and returns it.
	Responses(ctx context.Context, filter Filter, fn func(*Response) error) error
}

// CatalogueStore reads the versions of the city's catalogue.
type CatalogueStore interface {
	// Catalogue returns the newest version; an empty one with Version 0 when
	// nothing was applied yet.
	Catalogue(ctx context.Context) (*Catalogue, error)
	// CatalogueVersion returns the version that Catalogue would give, cheaply:
	// servers ask often whether there is a newer one.
	CatalogueVersion(ctx context.Context) (int64, error)
}
