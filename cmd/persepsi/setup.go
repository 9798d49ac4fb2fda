package main

import (
	"context"
	"fmt"
)

type migrateCommand struct{}

// Run opens the store, which migrates it.
func (migrateCommand) Run(ctx context.Context, e *environment) error {
	s, _, err := e.open(ctx)
	if err != nil {
		return err
	}
	defer s.Close() // nothing is left to be written
	_, err = fmt.Fprintln(e.Out, "the store has this program's shape")
	return err
}
