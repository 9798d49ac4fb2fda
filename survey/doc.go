// Package survey holds the words and rules of a citizen survey: city, agency,
// unit, service, point, period, instrument, form, response, what makes each of
// them valid, and the ports that a store must offer.
//
// It knows no store, no web framework and no arithmetic; everything else in
// the module may depend on it, it depends on nothing of ours.
package survey
