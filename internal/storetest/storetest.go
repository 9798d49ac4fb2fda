// Package storetest is the contract that every store must pass: one suite, run
// against each engine over a real database, never against a mock.
package storetest

import (
	"context"
	"fmt"
	"math/rand/v2"
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

// Opened is a store with the projection that keeps its tallies up to date, as a
// process has them.
type Opened struct {
	Store
	*projection.Projector
}

// Project gives a store its projection.
func Project(t testing.TB, s Store) *Opened {
	t.Helper()
	return &Opened{s, projection.New(s, Library(t))}
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
	Dump func(t *testing.T, s Store) []Held
	// Earlier makes the erasures what a migration makes of those of earlier programs.
	Earlier func(t *testing.T, s Store)
	// Alone tells that one server has the store to itself, so that it may keep
	// in memory what it counted.
	Alone bool
}

// Held is something that a database holds.
type Held struct {
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

func fresh(t *testing.T, e Engine) *Opened {
	t.Helper()
	return handle(t, e.New(t))
}

func handle(t *testing.T, open func() Store) *Opened {
	t.Helper()
	s := Project(t, open())
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return s
}

// Maker makes responses that differ in everything that a tally tells apart.
type Maker struct {
	rng  *rand.Rand
	form *survey.Form
}

// NewMaker makes a maker whose responses a seed decides, but for their ids.
func NewMaker(t testing.TB, seed uint64) *Maker {
	t.Helper()
	return newMaker(t, seed, "terpadu-16@1")
}

func newMaker(t testing.TB, seed uint64, form string) *Maker {
	t.Helper()
	f, err := Library(t).FormByID(form)
	if err != nil {
		t.Fatal(err)
	}
	return &Maker{rng: rand.New(rand.NewPCG(seed, 1)), form: f}
}

// First is the first day that responses are made for.
func First() survey.Date { return survey.NewDate(2026, time.January, 20) }

// Response makes one response of one of three units over three weeks around
// the end of a month.
func (m *Maker) Response() *survey.Response {
	day := First() + survey.Date(m.rng.IntN(21))
	hour := 8 + m.rng.IntN(8)
	at := day.Time().Add(time.Duration(hour)*time.Hour + time.Duration(m.rng.IntN(3_600_000))*time.Millisecond)
	r := &survey.Response{
		ID: uuid.New(), Period: "2026-s1", Unit: fmt.Sprintf("unit-%d", m.rng.IntN(3)), Service: []string{"ktp", "akta", "kk"}[m.rng.IntN(3)],
		Point: []string{"KUPARI47", "BEDATO92"}[m.rng.IntN(2)], Form: m.form.ID, Mode: survey.Mode(m.rng.IntN(int(survey.ModeCount))),
		Lang: []string{"id", "en"}[m.rng.IntN(2)], Day: day, Hour: uint8(hour), ReceivedAt: at,
	}
	if m.rng.IntN(4) > 0 {
		r.StartedAt = at.Add(-time.Duration(m.rng.IntN(200)) * time.Second)
	}
	if m.rng.IntN(5) == 0 {
		r.Comment = "Loket 1 – “baik”, \n 50% lebih cepat; terima kasih 🙏"
	}
	values := make([]int, len(m.form.Questions))
	for q := range values {
		if values[q] = m.rng.IntN(len(m.form.Questions[q].Options) + 1); values[q] == 0 && q%2 == 0 {
			values[q] = survey.Declined
		}
	}
	r.Answers = survey.MakeMarks(values)
	values = make([]int, len(m.form.Fields))
	for f := range values {
		values[f] = m.rng.IntN(len(m.form.Fields[f].Categories) + 1)
	}
	r.Respondent = survey.MakeMarks(values)
	return r
}

// Batch makes n responses.
func (m *Maker) Batch(n int) []*survey.Response {
	out := make([]*survey.Response, n)
	for i := range out {
		out[i] = m.Response()
	}
	return out
}

// Count returns the right tallies of all levels of some responses.
func Count(t testing.TB, form *survey.Form, list []*survey.Response) map[analytics.Key]*analytics.Tally {
	t.Helper()
	out := map[analytics.Key]*analytics.Tally{}
	for _, r := range list {
		k := analytics.KeyOf(r)
		up := k.Rollups()
		for _, k := range []analytics.Key{k, up[0], up[1]} {
			if out[k] == nil {
				out[k] = analytics.NewTally(form)
			}
			if err := out[k].Add(r); err != nil {
				t.Fatal(err)
			}
		}
	}
	return out
}

// CheckTallies compares every stored tally with the right ones.
func CheckTallies(t testing.TB, s *Opened, want map[analytics.Key]*analytics.Tally) {
	t.Helper()
	seen := 0
	err := s.Docs(context.Background(), projection.Selection{}, func(k analytics.Key, d projection.Doc) error {
		seen++
		if want[k] == nil {
			t.Errorf("unexpected tally %+v", k)
		} else if string(want[k].Encode()) != string(d.Tally) {
			t.Errorf("tally %+v differs from a count of its %d responses", k, want[k].N)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if seen != len(want) {
		t.Errorf("%d tallies are stored, want %d", seen, len(want))
	}
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

func mustSettle(t testing.TB, s *Opened) int {
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
