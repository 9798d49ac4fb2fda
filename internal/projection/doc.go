// Package projection derives the stored tallies from the responses: one
// algorithm for settling what lags, for rolling days up into months and periods
// and for recounting, over a port that both stores fill. A store knows no
// arithmetic; it keeps responses, small documents and a note of what lags.
//
// The tally of a bucket (a unit, period, form and day) is a pure function of
// its responses, a rollup (a month, a period) one of the tallies below it. Where
// it is known that all a document lacks is counted at hand, that is added to it;
// in every other case (another process was at it, it is missing, damaged or may
// lag for a reason that nobody knows any more) it is made anew from what is
// below. Both ways lead to the same bytes.
package projection
