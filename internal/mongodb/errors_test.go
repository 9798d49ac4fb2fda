package mongodb

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/mongo"

	"persepsi/survey"
)

// Texts of errors stand in logs and beside what was set aside.
func TestAnErrorRepeatsNothingOfADocumentThatTheServerRefuses(t *testing.T) {
	t.Parallel()
	details, err := bson.Marshal(bson.D{{Key: "failingDocumentId", Value: "0197a1b2"}, {Key: "consideredValue", Value: "443-rahasia"}})
	if err != nil {
		t.Fatal(err)
	}
	refused := mongo.WriteError{Code: 121, Message: "Document failed validation", Details: details}
	taken := mongo.WriteError{Code: 11000, Message: `E11000 duplicate key error collection: p.responses dup key: { _id: UUID("0197a1b2") }`}
	concern := &mongo.WriteConcernError{Code: 64, Message: "rahasia"}
	for name, tc := range map[string]struct {
		err   error
		want  string
		kind  survey.Code
		plain bool // its text is no document's
	}{
		"many": {
			mongo.BulkWriteException{WriteErrors: []mongo.BulkWriteError{{WriteError: taken}, {WriteError: refused}, {WriteError: refused}}},
			"append: the server refuses to write, for 3 documents, with the codes [121 11000]", survey.Internal, false,
		},
		"one": {
			mongo.WriteException{WriteErrors: mongo.WriteErrors{refused}},
			"append: the server refuses to write, for 1 documents, with the codes [121]", survey.Internal, false,
		},
		"many of a busy server": {
			mongo.BulkWriteException{WriteConcernError: concern, WriteErrors: []mongo.BulkWriteError{{WriteError: taken}}},
			"append: the database cannot be reached or is busy: the server refuses to write, for 1 documents, with the codes [64 11000]", survey.Unavailable, false,
		},
		"within others": {
			fmt.Errorf("third try: %w", errors.Join(mongo.BulkWriteException{WriteErrors: []mongo.BulkWriteError{{WriteError: refused}}}, errors.New("rahasia"))),
			"append: the server refuses to write, for 1 documents, with the codes [121]", survey.Internal, false,
		},
		"another": {errors.New("no document in it"), "append: no document in it", survey.Internal, true},
	} {
		got := fault("append", tc.err)
		if got.Error() != tc.want || survey.CodeOf(got) != tc.kind {
			t.Errorf("%s: %s %q, want %s %q", name, survey.CodeOf(got), got, tc.kind, tc.want)
		}
		if text := fmt.Sprintf("%v %+v", got, got); strings.Contains(text, "0197a1b2") || strings.Contains(text, "rahasia") {
			t.Errorf("%s: it repeats what the document holds: %s", name, text)
		}
		if errors.Is(got, tc.err) != tc.plain {
			t.Errorf("%s: the server's own error can be found in it", name)
		}
	}
}

// Who asked went away: that says nothing of the database, which others are not told to wait for.
func TestWhoeverStopsAskingIsNotTheDatabaseBeingAway(t *testing.T) {
	t.Parallel()
	stopped := mongo.CommandError{Labels: []string{"NetworkError"}, Wrapped: context.Canceled}
	if got := fault("find", stopped); survey.CodeOf(got) == survey.Unavailable || !errors.Is(got, context.Canceled) {
		t.Errorf("%s: %v", survey.CodeOf(got), got)
	}
	away := mongo.CommandError{Labels: []string{"NetworkError"}}
	if got := fault("find", away); survey.CodeOf(got) != survey.Unavailable {
		t.Errorf("a lost connection is %s: %v", survey.CodeOf(got), got)
	}
	known := &survey.Error{Code: survey.Conflict, Message: "was changed since", Cause: away}
	if got := fault("store", known); survey.CodeOf(got) != survey.Conflict || !errors.Is(got, known) {
		t.Errorf("what is known already is %s: %v", survey.CodeOf(got), got)
	}
}
