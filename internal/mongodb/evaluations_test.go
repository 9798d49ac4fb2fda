package mongodb

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/event"
	"go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"

	"persepsi/analytics"
	"persepsi/internal/audit"
	"persepsi/internal/testkit"
	"persepsi/survey"
)

// entriesAt are entries of units of a period, with what the audit tells of them.
func entriesAt(period string, version int, units ...string) (list []analytics.Evaluation, said []audit.Entry) {
	for _, unit := range units {
		list = append(list, analytics.Evaluation{Period: period, Unit: unit, Version: version, Why: "uji"})
		said = append(said, audit.Entry{Subject: fmt.Sprintf("%s/%s %d", period, unit, version), At: time.UnixMilli(5)})
	}
	return list, said
}

// versions are those that are stored of a unit.
func versions(t *testing.T, db *DB, period, unit string) string {
	t.Helper()
	list, err := db.EvaluationHistory(t.Context(), period, unit)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, e := range list {
		out = append(out, fmt.Sprintf("%s %d", e.Unit, e.Version))
	}
	return strings.Join(out, ", ")
}

func TestEntriesThatAnEarlierBuildStoredGoOn(t *testing.T) {
	t.Parallel()
	db := open(t, testkit.MongoDB(t))
	defer db.Close()
	for version := 1; version <= 11; version++ { // as texts 10 comes before 2
		text, err := json.Marshal(analytics.Evaluation{Period: "p", Unit: "u", Version: version})
		if err != nil {
			t.Fatal(err)
		}
		doc := bson.D{{Key: "_id", Value: fmt.Sprintf("p/u/%d", version)}, {Key: "period", Value: "p"}, {Key: "unit", Value: "u"}, {Key: "version", Value: version}, {Key: "entry", Value: string(text)}}
		if _, err := db.evaluations.InsertOne(t.Context(), doc); err != nil {
			t.Fatal(err)
		}
	}
	list, said := entriesAt("p", 11, "u")
	if err := db.RecordEvaluations(t.Context(), list, said); survey.CodeOf(err) != survey.Conflict {
		t.Errorf("a version that is stored: %v", err)
	}
	more, _ := entriesAt("p", 1, "v", "#00000001")
	list, said = entriesAt("p", 12, "u")
	if err := db.RecordEvaluations(t.Context(), append(list, more...), said); err != nil {
		t.Fatal(err)
	}
	if got := versions(t, db, "p", "u"); got != "u 1, u 2, u 3, u 4, u 5, u 6, u 7, u 8, u 9, u 10, u 11, u 12" {
		t.Errorf("the history is %s", got)
	}
	newest, err := db.Evaluations(t.Context(), "p")
	if diff := cmp.Diff(append(more[1:], list[0], more[0]), newest); err != nil || diff != "" {
		t.Errorf("the newest (-want +got), err = %v:\n%s", err, diff)
	}
}

func TestAProcessThatDiesLeavesAllEntriesOfAnImportOrNone(t *testing.T) {
	t.Parallel()
	uri := testkit.MongoDB(t)
	witness := open(t, uri)
	defer witness.Close()
	before, said := entriesAt("p", 1, "u")
	if err := witness.RecordEvaluations(t.Context(), before, said); err != nil {
		t.Fatal(err)
	}
	// The process stops at its first command, at its second, and so on.
	var left, at atomic.Int64
	var stop context.CancelFunc
	client, err := mongo.Connect(t.Context(), options.Client().ApplyURI(uri).SetMonitor(&event.CommandMonitor{Started: func(context.Context, *event.CommandStartedEvent) {
		if at.Add(1) == left.Load() {
			stop()
		}
	}}))
	if err != nil {
		t.Fatal(err)
	}
	db := newDB(client, witness.name)
	defer db.Close()
	db.started.Store(true)
	seen := map[string]bool{}
	version := 2
	for n := int64(1); n < 30; n++ {
		var ctx context.Context
		ctx, stop = context.WithCancel(t.Context())
		left.Store(n)
		at.Store(0)
		list, said := entriesAt("p", version, "u")
		more, told := entriesAt("p", 1, fmt.Sprintf("v%d", n), fmt.Sprintf("w%d", n))
		err := db.RecordEvaluations(ctx, append(list, more...), append(said, told...))
		stop()
		u, v, w := versions(t, witness, "p", "u"), versions(t, witness, "p", more[0].Unit), versions(t, witness, "p", more[1].Unit)
		stored := strings.HasSuffix(u, fmt.Sprintf("u %d", version))
		if stored != (v != "") || stored != (w != "") {
			t.Errorf("after %d commands u has %s, v %q, w %q", n, u, v, w)
		}
		if err == nil && !stored {
			t.Errorf("after %d commands it says that all is stored", n)
		}
		count := 0
		for _, subject := range strings.Split(subjects(t, witness), ", ") {
			if strings.HasPrefix(subject, "p/"+more[0].Unit+" ") || strings.HasPrefix(subject, "p/"+more[1].Unit+" ") || subject == fmt.Sprintf("p/u %d", version) {
				count++
			}
		}
		if want := map[bool]int{true: 3}[stored]; count != want {
			t.Errorf("after %d commands the audit tells of %d entries, want %d", n, count, want)
		}
		if seen[fmt.Sprint(stored, err == nil)] = true; stored {
			version++
		}
		if at.Load() < n {
			break // it came to its end
		}
	}
	if !seen["false false"] || !seen["true false"] || !seen["true true"] {
		t.Errorf("the process died in too few places: %v", seen)
	}
}

// losing passes connections to a server on and loses the reply to the first insert into a
// collection.
func losing(t *testing.T, server, collection string) (address string, lost *atomic.Int64) {
	t.Helper()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	lost = new(atomic.Int64)
	insert := []byte("\x02insert\x00" + string([]byte{byte(len(collection) + 1), 0, 0, 0}) + collection + "\x00")
	go func() {
		for {
			in, err := l.Accept()
			if err != nil {
				return
			}
			out, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", server)
			if err != nil {
				_ = in.Close()
				return
			}
			var loses atomic.Bool
			end := sync.OnceFunc(func() { _, _ = in.Close(), out.Close() })
			pass := func(to io.Writer, from io.Reader, each func([]byte) bool) {
				defer end()
				buffer := make([]byte, 64<<10)
				for {
					n, err := from.Read(buffer)
					if err != nil || !each(buffer[:n]) {
						return
					}
					if _, err := to.Write(buffer[:n]); err != nil {
						return
					}
				}
			}
			go pass(out, in, func(data []byte) bool {
				if bytes.Contains(data, insert) && lost.CompareAndSwap(0, 1) {
					loses.Store(true)
				}
				return true
			})
			go pass(in, out, func([]byte) bool { return !loses.Load() })
		}
	}()
	return l.Addr().String(), lost
}

func TestEntriesWhoseReplyWasLostAreStoredOnce(t *testing.T) {
	t.Parallel()
	uri := testkit.MongoDB(t)
	at, err := url.Parse(uri)
	if err != nil {
		t.Fatal(err)
	}
	proxied := *at
	var lost *atomic.Int64
	proxied.Host, lost = losing(t, at.Host, "evaluations")
	db := open(t, proxied.String())
	defer db.Close()
	list, said := entriesAt("p", 1, "u", "v")
	if err := db.RecordEvaluations(t.Context(), list, said); err != nil || lost.Load() != 1 {
		t.Fatalf("%d replies were lost: %v", lost.Load(), err)
	}
	if got := versions(t, db, "p", "u") + ", " + versions(t, db, "p", "v") + "; " + subjects(t, db); got != "u 1, v 1; p/u 1, p/v 1" {
		t.Errorf("stored is %s", got)
	}
}
