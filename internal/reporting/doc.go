// Package reporting makes the reports that an office signs of a unit in a period: the SKM
// report and the SPKP/SPAK report. It chooses what is told, in which order and with which
// sentence; the figures are those of internal/report and internal/desk, the words those of
// internal/wording, and what it makes is a document.Document, which any format can be
// written of.
//
// What a person may edit are texts, signers, comments that were chosen and follow-ups; a
// figure never is. Each sentence that tells of figures is true for these figures.
package reporting
