// Package storetest is the contract that every store must pass: one suite, run
// against each engine over a real database, never against a mock.
package storetest

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"persepsi/analytics"
	"persepsi/internal/access"
	"persepsi/internal/account"
	"persepsi/internal/audit"
	"persepsi/internal/comment"
	"persepsi/internal/evidence"
	"persepsi/internal/jobs"
	"persepsi/internal/lke"
	"persepsi/internal/manuscript"
	"persepsi/internal/projection"
	"persepsi/internal/retention"
	"persepsi/survey"
)

// Store is everything that a store must offer.
type Store interface {
	survey.Appender
	survey.Importer
	survey.Reader
	survey.CatalogueStore
	audit.Store
	projection.Store
	retention.Store
	lke.Store
	Evaluations(ctx context.Context, period string) ([]analytics.Evaluation, error)
	access.KeyReader
	account.Store
	comment.Store
	manuscript.Store
	evidence.Store
	jobs.Store
	RecordCatalogue(ctx context.Context, c *survey.Catalogue, said ...audit.Entry) error
	RecordKey(ctx context.Context, k access.Key, said ...audit.Entry) error
	RecordKeyGrants(ctx context.Context, id string, was, grants []access.Grant, said ...audit.Entry) error
	RecordRevocation(ctx context.Context, id string, at time.Time, said ...audit.Entry) error
	Find(ctx context.Context, ids []uuid.UUID) ([]*survey.Response, error)
	Ping(ctx context.Context) error
	Close() error
}

// OpenStore is a store with the projection that keeps its tallies up to date, as a
// process has them.
type OpenStore struct {
	Store
	*projection.Projector
}

// Project gives a store its projection.
func Project(t testing.TB, s Store) *OpenStore {
	t.Helper()
	return &OpenStore{s, projection.New(s, Library(t))}
}

// Engine opens handles onto databases.
type Engine struct {
	// New makes an empty database and returns a function that opens another
	// handle onto it, as another process would. The suite closes the handles.
	New func(t *testing.T) (open func() Store)
	// Spoil replaces the stored tally of a key behind the store's back; nil removes it.
	Spoil func(t *testing.T, s Store, k analytics.Key, tally []byte)
	// SpoilAnswers replaces the answers of a response behind the store's back; without
	// any it removes the response.
	SpoilAnswers func(t *testing.T, s Store, id uuid.UUID, answers survey.Marks)
	// SpoilAudit replaces the text of an entry of the audit behind the store's
	// back; an empty one removes the entry.
	SpoilAudit func(t *testing.T, s Store, serial int64, text string)
	// Dump returns every text and every run of bytes that the database holds, with the name
	// of the table or collection that it is in, as whoever has a backup reads them.
	Dump func(t *testing.T, s Store) []StoredValue
	// Earlier makes the erasures what a migration makes of those of earlier programs.
	Earlier func(t *testing.T, s Store)
	// Alone tells that one server has the store to itself, so that it may keep
	// in memory what it counted.
	Alone bool
}

// StoredValue is something that a database holds.
type StoredValue struct {
	In    string
	Value []byte
}

// Run runs the whole contract.
func Run(t *testing.T, e Engine) {
	t.Helper()
	for _, c := range []struct {
		name string
		test func(*testing.T, Engine)
	}{
		{"SheetsOfLongAgoAreGradedByTheTableOfTheirTime", archive},
		{"EveryFieldComesBackAsItWas", everyField},
		{"AnIDIsStoredOnce", once},
		{"TheSameIDTwiceInABatch", twiceInABatch},
		{"ConcurrentRetriesStoreOnce", concurrentRetries},
		{"ADeclinedAnswerIsKeptAndCountedAsOne", declinedAnswers},
		{"AnImportStoresEachRowOnce", imports},
		{"ImportsAreFacts", importFacts},
		{"ImportsOfAPeriodShareAKey", importKeys},
		{"AnUndoneImportCountsNowhereAndIsKept", undone},
		{"AnUndoTakesOutWhatItsImportStoredAlone", undoneAlone},
		{"WhatIsUndoneWhileOthersCountIsNotCounted", undoneBetween},
		{"ResponsesStreamInOrderAndByFilter", streaming},
		{"AStreamStopsAtTheFirstError", streamError},
		{"TalliesEqualACountOfAllResponses", talliesEqual},
		{"SettlingWhileAnswersComeLosesNone", settleWhileAppending},
		{"TwoProcessesShareOneStore", twoHandles},
		{"AProcessThatDiedUnsettledIsHealed", healed},
		{"ARecountFindsAndMendsWhatDiffers", recount},
		{"ARecountTellsWhatItMendedWhileItSettled", recountTells},
		{"ATallyThatCannotBeReadIsMadeAnew", unreadable},
		{"ABoardMendsWhatItCannotRead", board},
		{"WhatCannotBeReadIsCountedAnewUnitByUnit", mendedAlone},
		{"WhatAProcessCountsInMemoryIsNeitherLostNorDoubled", liveFigures},
		{"WhatIsCountedInMemoryIsSavedForWhoAsks", settledOnAsking},
		{"DaysAreCountedByServicePointAndHour", days},
		{"AnswersToTwoFormsAreCountedApart", twoForms},
		{"DeclaredFormsAreFound", declared},
		{"AnotherProcessMaySettleBetweenAnyTwoSteps", interleaved},
		{"DocumentsAreSavedInOneOrder", ordered},
		{"ABucketThatGrowsIsNotReadAgain", growing},
		{"WhatIsCountedIsSavedNowAndThen", sparing},
		{"WhoReadsFiguresWaitsForNoRefresh", unwaited},
		{"ABucketThatIsMendedMeanwhileIsNotOverwritten", mendedMeanwhile},
		{"NothingAboveABucketThatMovedIsWritten", movedBucket},
		{"RevisionsTellOfChanges", revisions},
		{"FiguresAreReleasedByTheRule", releases},
		{"FiguresAreReleasedAsSoonAsTheRuleAllows", soonReleases},
		{"ReleasesAreFacts", releaseFacts},
		{"APeriodIsFinalAlsoWhereFewWait", finalAnyway},
		{"ADamagedReleaseHoldsUpNoOtherUnit", brokenRelease},
		{"BeforeAReleaseThatCannotBeReadNoneIsTheNewest", damagedLater},
		{"WhatCouldNotBeReleasedIsAtTheNextLook", releaseAgain},
		{"WhatIsUndoneLeavesWhatIsReleasedByTheRule", releasedUndo},
		{"AMendedImportTellsNotWhatWasMended", mendedImport},
		{"RowsOfSomeUnitsAndDays", releasedRows},
		{"AnErasedPeriodKeepsItsFiguresAndNothingElse", erased},
		{"AnErasureThatWasBrokenOffIsFinished", erasedLater},
		{"AnErasedPeriodIsFinished", erasedFinished},
		{"AnErasureThatIsNotSealedForgetsNobody", erasedBegun},
		{"WhatTheStoreFailsInIsTold", outages},
		{"WhatAnErasedPeriodLostIsSaid", erasedDamage},
		{"WhoForgesAFigureOfAnErasedPeriodIsNoticed", erasedForged},
		{"WhoForgesWhatRespondentsToldIsNoticed", erasedCells},
		{"NothingIsErasedThatIsNotSealed", erasedSealed},
		{"ASealIsWhatTheAuditTold", erasedSeals},
		{"AnErasureMayBeginWhileOthersRead", erasedMeanwhile},
		{"WhoForgesAnswersOfAnErasedPeriodIsNoticed", erasedAnswers},
		{"WhoHoldsADatabaseReadsNothingOfWhoWasAlone", attacked},
		{"WhoReportedBriberyIsNotToldByWhatIsLeft", erasedOutlier},
		{"WhatAnEarlierProgramErasedIsErasedAgain", erasedAgain},
		{"AnErasureMayBeBrokenOffAtAnyStep", erasedInSteps},
		{"ServersTellOfTheirSpools", servers},
		{"NoFigureIsFinalBeforeAllSpoolsAreEmpty", finalAfterAll},
		{"AServerThatIsNotHeardOfIsWaitedForADay", finalWithoutOne},
		{"AFinalFollowsWhatWasReleasedMeanwhile", finalAfterOthers},
		{"OnlyFinalReleasesFollowAFinalOne", finalGoesOn},
		{"CataloguesAreVersions", catalogues},
		{"CataloguesKeepTheirPictures", pictures},
		{"EvaluationsAreVersions", evaluations},
		{"EvaluationsOfSeveralUnitsAreTakenTogether", evaluationsTogether},
		{"EvaluationsThatRaceAreStoredWholeOrNot", evaluationsRace},
		{"ManuscriptsAreVersions", manuscripts},
		{"EvidenceIsARowOfSteps", evidenceSteps},
		{"AFileIsThereWithItsEntryOrNotAtAll", evidenceFiles},
		{"AFileGoesWhenItsTimeIsOver", evidenceSwept},
		{"AUnitHasNoMoreEvidenceThanItMayHoweverManyAddAtOnce", evidenceTogether},
		{"TheFilesOfACityHaveABound", evidenceRoom},
		{"LongWorkIsChangedOneChangeAtATime", longWork},
		{"TheAuditIsAChain", auditChain},
		{"TheAuditTakesEntriesOfTwoProcessesInARow", auditTogether},
		{"AnEntryIsAddedOnce", auditOnce},
		{"WhatWasDoneToTheAuditIsFound", auditSpoilt},
		{"AFactAndItsEntriesAreStoredTogether", auditedFacts},
		{"KeysAreKeptUntilTheyAreRevoked", keys},
		{"CommentsOfAReleaseAreNotedOnce", commentSteps},
		{"MarksAreVersions", commentMarks},
		{"CommentsAreReadOfAnswersThatCount", commentTexts},
		{"CommentsAreShownFromTheReleaseThatHoldsThem", commentsShown},
		{"NothingIsLeftOfTheCommentsOfAnErasedPeriod", commentsErased},
		{"PeopleAreChangedOneChangeAtATime", people},
		{"SessionsAreSharedAndEnd", sessions},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			c.test(t, e)
		})
	}
}

// MustBeginErasure begins an erasure and seals the period: what it has is removed by Erase
// from then on.
func MustBeginErasure(t testing.TB, s Store, e survey.Erasure) {
	t.Helper()
	if err := s.BeginErasure(context.Background(), e); err != nil {
		t.Fatal(err)
	}
	seal, at, err := Project(t, s).MakeSeal(context.Background(), e.Period)
	if err == nil {
		err = s.PutSeal(context.Background(), e.Period, at, seal)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// Library loads the shipped instruments.
func Library(t testing.TB) *survey.Library {
	t.Helper()
	lib, err := survey.NewLibrary()
	if err != nil {
		t.Fatal(err)
	}
	return lib
}

func fresh(t *testing.T, e Engine) *OpenStore {
	t.Helper()
	return handle(t, e.New(t))
}

func handle(t *testing.T, open func() Store) *OpenStore {
	t.Helper()
	s := Project(t, open())
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return s
}

func mustAppend(t testing.TB, s survey.Appender, list []*survey.Response) {
	t.Helper()
	out, err := s.Append(context.Background(), list)
	if err != nil {
		t.Fatal(err)
	}
	for i, o := range out {
		if o.Result != survey.Stored {
			t.Fatalf("response %d: %v, want it stored", i, o.Result)
		}
	}
}

func mustSettle(t testing.TB, s *OpenStore) int {
	t.Helper()
	n, err := s.Settle(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func all(t testing.TB, s survey.Reader, f survey.Filter) []survey.Response {
	t.Helper()
	var out []survey.Response
	if err := s.Responses(context.Background(), f, func(r *survey.Response) error {
		c := *r
		c.Comment, c.Answers = strings.Clone(r.Comment), survey.Marks(strings.Clone(string(r.Answers)))
		out = append(out, c)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return out
}
