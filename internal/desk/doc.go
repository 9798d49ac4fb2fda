// Package desk is what a morning page says: of each unit and period the newest released
// figures, how they changed, how far the sample is, where answers came in and where they
// did not, and what of all that needs somebody's attention, as typed items with numbers.
//
// A Builder makes it in the background and publishes it whole as an immutable Desk;
// Desk.For cuts out what a person may see. Scores are functions of releases alone, for
// every role: evaluators find live ones on the sheet and on the result pages. Counts of
// answers are live. docs/desk.md tells the rules.
package desk
