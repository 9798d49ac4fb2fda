// Package connection bounds the open connections of a service: who may have how many, which
// gives way to a new one, how long one may stay silent, and how one ends.
package connection
