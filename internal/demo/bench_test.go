package demo_test

import (
	"testing"
	"time"

	"persepsi/internal/demo"
	"persepsi/internal/projection"
	"persepsi/internal/sqlite"
	"persepsi/internal/testkit"
	"persepsi/survey"
)

// BenchmarkADemonstration makes the demonstration with its releases, as the first start does:
// most of it is what a city's releases take, the tables of closed periods above all.
func BenchmarkADemonstration(b *testing.B) {
	lib, err := survey.NewLibrary()
	if err != nil {
		b.Fatal(err)
	}
	methods, err := survey.LoadMethods()
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		fillAndRelease(b, lib, methods)
	}
}

func fillAndRelease(b *testing.B, lib *survey.Library, methods *survey.Methods) {
	b.Helper()
	db, err := sqlite.Open(b.Context(), b.TempDir())
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	store := testkit.Project(db, lib)
	if err := demo.Fill(b.Context(), store, lib, methods, testkit.Noon()); err != nil {
		b.Fatal(err)
	}
	register, err := survey.NewRegister(b.Context(), store, lib, methods)
	if err != nil {
		b.Fatal(err)
	}
	if err := store.Refresh(b.Context()); err != nil {
		b.Fatal(err)
	}
	for _, at := range demo.Moments(register.Directory(), testkit.Noon().Add(time.Second)) {
		if _, err := projection.NewReleaser(store.Projector, 0, func() bool { return true }).Release(b.Context(), register.Directory(), at); err != nil {
			b.Fatal(err)
		}
	}
}
