// Package evaluation is the evaluators' sheet and the session that a key opens.
package evaluation
