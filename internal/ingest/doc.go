// Package ingest is the way of an answer into the store: a queue with group
// commit, and before a store that is another machine's a failover to a durable
// local spool, which is drained exactly once. What a spool set aside is resolved
// here too.
package ingest
