package mongodb

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/x/mongo/driver"
	"go.mongodb.org/mongo-driver/x/mongo/driver/topology"

	"persepsi/survey"
)

// retryAfter is when it makes sense to try again: a replica set elects a new
// primary within some seconds.
const retryAfter = 5 * time.Second

const duplicateKey = 11000

// unavailableCodes are the server's answers that mean: not now.
func unavailableCodes() []int {
	return []int{
		1, 8, // internal and unknown errors
		6, 7, 89, 9001, 202, 317, // network, between the servers of a cluster
		24, 50, 64, 100, 112, 262, // locks, time limits, write concern
		13, 18, 8000, // not allowed, wrong credentials, quota of a hosted service
		14031,            // disk full
		91, 11600, 11602, // shutting down
		133, 134, 189, 10107, 13435, 13436, // no primary now
	}
}

// fault gives a driver's error its kind: Unavailable for all that may pass by
// itself, with the driver's error as cause. It decides by types, codes and
// labels, never by texts.
func fault(action string, err error) error {
	var known *survey.Error
	switch {
	case err == nil:
		return nil
	case errors.As(err, &known), errors.Is(err, context.Canceled):
		return fmt.Errorf("%s: %w", action, err)
	case unavailable(err):
		return fmt.Errorf("%s: %w", action, &survey.Error{
			Code: survey.Unavailable, Message: "the database cannot be reached or is busy",
			RetryAfter: retryAfter, Cause: codesOnly(err),
		})
	default:
		return fmt.Errorf("%s: %w", action, codesOnly(err))
	}
}

// codesOnly replaces the server's words about documents that it refused by their
// codes: they repeat ids and, where a database has rules of its own, what the
// documents hold, and an error's text goes into the log and into the spool.
func codesOnly(err error) error {
	var writes mongo.WriteErrors
	var concern *mongo.WriteConcernError
	var bulk mongo.BulkWriteException
	var single mongo.WriteException
	switch {
	case errors.As(err, &bulk):
		for _, w := range bulk.WriteErrors {
			writes = append(writes, w.WriteError)
		}
		concern = bulk.WriteConcernError
	case errors.As(err, &single):
		writes, concern = single.WriteErrors, single.WriteConcernError
	default:
		return err
	}
	var codes []int
	for _, w := range writes {
		codes = append(codes, w.Code)
	}
	if concern != nil {
		codes = append(codes, concern.Code)
	}
	slices.Sort(codes)
	return fmt.Errorf("the server refuses to write, for %d documents, with the codes %v", len(writes), slices.Compact(codes))
}

func unavailable(err error) bool {
	if notSent(err) || mongo.IsTimeout(err) || mongo.IsNetworkError(err) || errors.Is(err, mongo.ErrClientDisconnected) {
		return true
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return true
	}
	// A connection that could not be made, for a password that changed too.
	var connection topology.ConnectionError
	if errors.As(err, &connection) {
		return true
	}
	var bulk mongo.BulkWriteException
	if errors.As(err, &bulk) && bulk.WriteConcernError != nil {
		return true
	}
	var write mongo.WriteException
	if errors.As(err, &write) && write.WriteConcernError != nil {
		return true
	}
	var server mongo.ServerError
	if !errors.As(err, &server) {
		return false
	}
	return server.HasErrorLabel("RetryableWriteError") || slices.ContainsFunc(unavailableCodes(), server.HasErrorCode)
}

// notSent reports whether an operation failed before it reached a server:
// then it has had no effect and will have none.
func notSent(err error) bool {
	var selection topology.ServerSelectionError
	var queue topology.WaitQueueTimeoutError
	return errors.As(err, &selection) || errors.As(err, &queue) || errors.Is(err, topology.ErrServerSelectionTimeout)
}

// isDuplicate reports whether the only thing wrong with a single write is that
// its _id is taken.
func isDuplicate(err error) bool {
	var write mongo.WriteException
	return errors.As(err, &write) && write.WriteConcernError == nil && write.HasErrorCode(duplicateKey)
}

// What a server says to a user whom it does not know or who may not do this.
const (
	unauthorized         = 13
	authenticationFailed = 18
)

// openFault says in one line what keeps a process from starting.
func openFault(shown string, err error) error {
	var e *survey.Error
	if !errors.As(err, &e) || e.Code != survey.Unavailable {
		return err
	}
	// In a handshake the server's word comes as the driver's inner error.
	var refused driver.Error
	if errors.As(err, &refused) && refused.Code == authenticationFailed {
		return survey.Errorf(survey.Unauthorized, "MongoDB at %s refuses the user name or password", shown)
	}
	var server mongo.ServerError
	if errors.As(err, &server) && (server.HasErrorCode(unauthorized) || server.HasErrorCode(authenticationFailed)) {
		return survey.Errorf(survey.Unauthorized, "MongoDB at %s does not let this user use the database", shown)
	}
	return &survey.Error{
		Code:       survey.Unavailable,
		Message:    fmt.Sprintf("MongoDB at %s cannot be reached: is it running, and is the address right?", shown),
		RetryAfter: retryAfter,
		Cause:      lastReason(err),
	}
}

// lastReason finds why the servers could not be reached: the driver's own error
// is a page about its topology.
func lastReason(err error) error {
	var selection topology.ServerSelectionError
	if !errors.As(err, &selection) {
		return err
	}
	for _, s := range selection.Desc.Servers {
		if s.LastError == nil {
			continue
		}
		reason := s.LastError
		for next := errors.Unwrap(reason); next != nil; next = errors.Unwrap(next) {
			reason = next
		}
		return fmt.Errorf("%s: %s", s.Addr, strings.TrimSpace(reason.Error()))
	}
	return fmt.Errorf("no server answered within %s", selectionTimeout)
}

func onlyDuplicates(err error) bool {
	var bulk mongo.BulkWriteException
	if !errors.As(err, &bulk) || bulk.WriteConcernError != nil {
		return false
	}
	for _, e := range bulk.WriteErrors {
		if e.Code != duplicateKey {
			return false
		}
	}
	return len(bulk.WriteErrors) > 0
}
