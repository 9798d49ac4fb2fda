package main

import (
	"context"
	"log/slog"

	"persepsi/internal/permalink"
)

// theServer is who did what a server does of itself.
const theServer = "server"

// firstAdmin returns the path of the link by which somebody becomes the city's first
// administrator; empty where there is one who can sign in, or no link could be made. It
// opens the city: it is printed, and never logged.
func (e *environment) firstAdmin(ctx context.Context, b *deferredStore, log *slog.Logger) string {
	if b.away() {
		log.Warn("MongoDB is away: whether the city has an administrator is not known, and no link is made for one; user add makes one later")
		return ""
	}
	token, err := e.accounts(b.store).FirstAdmin(ctx, theServer)
	if err != nil {
		log.Warn("the link for the first administrator could not be made; user add makes one", "error", err)
		return ""
	}
	if token == "" {
		return ""
	}
	return permalink.Start(token)
}
