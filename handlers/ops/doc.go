// Package ops is for those who run the service: health, readiness and metrics.
package ops
