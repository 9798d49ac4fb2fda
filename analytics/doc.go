// Package analytics is the pure arithmetic of the product: tallies (mergeable
// counts), the indexes made of them with interval, grade and explanation,
// sample sizes, reliability, changes, ranks and forecasts, what is hidden of
// small groups, and the points, tests and readiness of the LKE. It has no clock,
// lock, log or goroutine.
//
// Sums and counts are integers and indexes are exact rationals, in machine
// integers where they fit (Ratio); floating point serves display, intervals and
// charts only. It imports only survey.
package analytics
