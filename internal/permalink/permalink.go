// Package permalink has the web addresses that leave the service: in QR symbols, on prints, in
// files, letters and pages of other sites, where nobody can change them any more. The areas of
// handlers register the routes from here, with the parameter in place of the code.
package permalink

import "net/url"

// Codes is where somebody types the code of a point.
const Codes = "/s"

// Form returns the path of a point's form.
func Form(point string) string { return Codes + "/" + url.PathEscape(point) }

// Result returns the path of a unit's newest figures.
func Result(unit string) string { return "/hasil/" + url.PathEscape(unit) }

// Evidence returns the path of what a unit shows beside its figures.
func Evidence(unit string) string { return "/lke/" + url.PathEscape(unit) + "/eviden" }

// Start returns the path of the form that a one-time link opens.
func Start(token string) string { return "/mulai/" + token }
