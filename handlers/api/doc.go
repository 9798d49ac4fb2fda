// Package api is the JSON API that openapi.json describes.
package api
