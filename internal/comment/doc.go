// Package comment is what becomes of a comment that a citizen wrote: what in it is masked
// before anybody sees it, which topics it speaks of, what of its answer is told beside it,
// what a person who read it marks, and the lists and searches of them.
//
// Masking, stemming and topics are pure functions over word lists that come with the
// program; how often they are right is published in docs/comments.md.
package comment
