// Package report is what is shown: the current totals of every unit and period in memory
// (Board), and the one Results value made of them (Builder) that pages, API, exports and command
// line read, so that two places can't show two numbers. From the same figures comes what somebody
// asks for first: how a unit went from period to period and month to month (History), its cells
// by service or respondent field (Breakdown), and how far units are from WBK and WBBM
// (Results.Readiness).
package report
