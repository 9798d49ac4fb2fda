// Package mongodb is the production store: all that a city has, from responses
// and tallies to people and evidence, in MongoDB. Any number of processes may
// share one database.
//
// It uses no transaction, change stream or collation: one document is the unit
// of atomicity. Responses are facts that are only ever added. Everything that
// is derived from them is written after them, replaced by compare-and-set, and
// can be rebuilt:
//
//   - before the first response of a bucket is sent, a marker in the collection
//     stale says that the bucket's tally may lag;
//   - responses carry the process that wrote them (w) and its running number
//     (q), so that a retry after an unknown outcome recognises its own work;
//   - Save stores the tallies of day, month and period in this order, makes
//     the period's revision grow and deletes the marker last.
//
// An import that is undone is the one case in which a response changes: its bucket's
// name moves to another field, so that it is found by its id alone.
//
// A crash anywhere in between leaves a marker, and the next Take of any process
// has that bucket counted anew.
package mongodb
