// Package datadir is the directory that a server keeps what it must not lose in: the
// embedded store, or the spool of a server whose store is MongoDB. It is shut to everybody
// but its owner, has one server, and is watched as long as files in it are open.
package datadir
