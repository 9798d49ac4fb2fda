// Package sqlite is the embedded store: one SQLite file in write-ahead mode,
// written by one connection with full synchronisation, so that an acknowledged
// answer survives a loss of power. Several processes may use one data
// directory: every read-modify-write is one immediate transaction.
package sqlite
