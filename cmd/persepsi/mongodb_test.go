package main

import (
	"testing"

	"persepsi/internal/testkit"
)

// engine is one of the two stores, as the program is told of it.
type engine struct {
	name string
	// flags returns the settings of an empty store of the test's own.
	flags func(t testing.TB) []string
}

func engines() []engine {
	return []engine{
		{"embedded", func(t testing.TB) []string { return []string{"--data", t.TempDir()} }},
		{"MongoDB", func(t testing.TB) []string {
			return []string{"--data", t.TempDir(), "--mongodb", testkit.MongoDB(t)}
		}},
	}
}
