// Package web is what every area of the pages and the API needs: the edge where
// errors become replies, who a request is from and what body it may bring, limits,
// keys, compression and rendering.
package web
