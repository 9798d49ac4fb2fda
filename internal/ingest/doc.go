// Package ingest is the way of an answer into the store: a queue with group
// commit and, in front of a store on another machine, a failover to a durable
// local spool, which is drained exactly once. Responses that the store refuses
// are quarantined in the spool; what becomes of them is decided here too.
package ingest
