package main

import "persepsi/internal/storetest"

// What the commands need of a store is what the contract of the stores tries,
// and the other way round: a method of one alone does not compile here.
var (
	_ backend         = storetest.Store(nil)
	_ storetest.Store = backend(nil)
)
