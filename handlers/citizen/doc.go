// Package citizen is what a scan leads to: the form, sending it, and thanks.
package citizen
