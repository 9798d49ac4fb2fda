package handlers_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"persepsi/internal/demo"
	"persepsi/internal/projection"
	"persepsi/internal/racetest"
	"persepsi/internal/sqlite"
	"persepsi/internal/testkit"
	"persepsi/internal/testtools"
	"persepsi/survey"
)

// demoFile is the name of an embedded store's database.
const demoFile = "persepsi.db"

// copyDemo puts the database of the demonstration city, with its releases, into a directory.
// It is filled once, for all tests: that takes seconds.
var copyDemo = testtools.Copies(demoFile, func(dir string) error {
	if err := fillDemo(context.Background(), dir); err != nil {
		return fmt.Errorf("fill the demonstration: %w", err)
	}
	return nil
})

func fillDemo(ctx context.Context, dir string) (err error) {
	lib, err := survey.NewLibrary()
	if err != nil {
		return err
	}
	methods, err := survey.LoadMethods()
	if err != nil {
		return err
	}
	db, err := sqlite.Open(ctx, dir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	store := testkit.Project(db, lib)
	if err := demo.Fill(ctx, store, lib, methods, testkit.Noon()); err != nil {
		return err
	}
	register, err := survey.NewRegister(ctx, store, lib, methods)
	if err != nil {
		return err
	}
	if err := store.Refresh(ctx); err != nil {
		return err
	}
	for _, at := range demo.Moments(register.Directory(), testkit.Noon().Add(time.Second)) {
		if _, err := projection.NewReleaser(store.Projector, 0, func() bool { return true }).Release(ctx, register.Directory(), at); err != nil {
			return err
		}
	}
	return nil
}

// newDemo is an application with the demonstration city, in a store of its own.
func newDemo(t *testing.T) *testkit.Kit {
	t.Helper()
	k := demoBeforeComments(t)
	k.Refresh()
	return k
}

// demoBeforeComments is one that has read no comments yet, which takes most of its start.
func demoBeforeComments(t *testing.T) *testkit.Kit {
	t.Helper()
	racetest.Skip(t)
	dir := t.TempDir()
	if err := copyDemo(dir); err != nil {
		t.Fatal(err)
	}
	return testkit.Open(t, dir, "", func(d *testkit.Deps) { d.PublicURL = "https://persepsi.kotacendana.go.id" })
}
