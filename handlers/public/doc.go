// Package public is what everybody may see without having been at a counter: the
// way in and the field that takes a typed code, the released results of units, agencies and
// the city, and the privacy notice; of a unit's result also the publication sheet to print, the
// badge and the card for other sites; of a point the symbol and the poster.
package public
