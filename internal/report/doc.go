// Package report is what is shown: the current totals of every unit and period
// in memory (Board), and the one Results value made of them that pages, API,
// exports and command line read, so that two places can't show two numbers.
package report
