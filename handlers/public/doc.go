// Package public is what everybody may see without having been at a counter: the
// way in, a unit's result, symbols, and the field that takes a typed code.
package public
