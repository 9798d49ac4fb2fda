// Package evaluation is the evaluators' sheet.
package evaluation
