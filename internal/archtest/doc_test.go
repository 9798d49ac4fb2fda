// Package archtest checks the table of rooms in rules_test.go against what
// the Go tool says the packages draw in, directly and through others, and
// that no tracked file names the place of the checkout.
//
// The linter (depguard in .golangci.yml) states the same rules for direct imports,
// which a test here sees to, so that an editor shows a breach; this one needs
// nothing but Go and also sees what comes in through a third package.
package archtest
