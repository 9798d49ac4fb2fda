package sqlite

import (
	"context"

	"persepsi/internal/projection"
)

// Servers returns none: one server has the directory, and what it acknowledged is in
// the store.
func (db *DB) Servers(context.Context) ([]projection.Server, error) { return nil, nil }
