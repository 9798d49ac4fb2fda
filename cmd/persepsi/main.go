// Command persepsi serves citizen surveys, stores the answers and turns them
// into the result indicators of the Zona Integritas evaluation.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"syscall"
	"time"
	_ "time/tzdata" // a bare machine may have no time zones

	"github.com/alecthomas/kong"
	"github.com/google/uuid"

	"persepsi/internal/evidence"
	"persepsi/survey"
)

// version is set when a release is built.
var version = "dev"

func main() {
	uuid.EnableRandPool() // the ids of forms need not be secret: sixteen are drawn at once
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := Run(ctx, os.Args[1:], Streams{In: os.Stdin, Out: os.Stdout, Err: os.Stderr, Terminal: isTerminal(os.Stdout)})
	stop()
	os.Exit(code)
}

// Streams are what a command reads and writes.
type Streams struct {
	In       io.Reader
	Out, Err io.Writer
	Terminal bool // Out is a terminal
}

// Exit codes of the contract.
const (
	exitDone   = 0
	exitFailed = 1
	exitUsage  = 2
)

// Common are the settings of every command; each may come from the environment
// as PERSEPSI_<FLAG>.
type Common struct {
	Data    string `help:"Directory of the embedded store." default:"data" placeholder:"DIR" env:"PERSEPSI_DATA"`
	MongoDB string `name:"mongodb" help:"Address of a MongoDB replica set." placeholder:"URI" shown:"the embedded store" env:"PERSEPSI_MONGODB"`
}

// flagVars are what the tags of flags refer to.
func flagVars() kong.Vars {
	return kong.Vars{
		"version": titled(), "answer_formats": answerFormats(), "result_formats": resultFormatNames(), "evidence_gb": strconv.Itoa(evidence.MostCity >> 30),
	}
}

type cli struct {
	Common

	ShowVersion kong.VersionFlag `name:"version" help:"Print the program's version." env:"-"`

	Serve   serveCommand   `cmd:"" default:"withargs" help:"Serve the pages and the API (the default)."`
	Apply   applyCommand   `cmd:"" help:"Declare agencies, units, services, points and periods from a YAML file."`
	Dump    dumpCommand    `cmd:"" help:"Write what is declared as an apply file."`
	Import  importCommand  `cmd:"" help:"Import paper answers from CSV or XLSX: all rows or none."`
	Form    formCommand    `cmd:"" help:"Write the questionnaire on paper, or the empty file that its answers are typed into."`
	Results resultsCommand `cmd:"" help:"Print the result indicators of a period."`
	LKE     lkeCommand     `cmd:"" name:"lke" help:"Write the LKE workbook of a period."`
	Report  reportCommand  `cmd:"" help:"Write the report of a unit that is signed."`
	Dossier dossierCommand `cmd:"" name:"evidence" help:"Write the evidence package of a unit or agency: everything that evaluators ask of its survey, in one ZIP file."`
	Export  exportCommand  `cmd:"" help:"Write the raw responses of a period."`
	Recount recountCommand `cmd:"" help:"Rebuild every tally from raw responses and tell how many differed."`
	Audit   auditCommand   `cmd:"" help:"List who changed what, when and why."`
	QR      qrCommand      `cmd:"" name:"qr" help:"Write the QR symbol of a point."`
	Poster  posterCommand  `cmd:"" help:"Write posters with the QR symbols of points: of one, a unit, an agency or the city, in one PDF."`
	Sheet   sheetCommand   `cmd:"" help:"Write the publication sheet of a unit's released figures, to be hung up."`
	APIKey  apikeyCommand  `cmd:"" name:"apikey" help:"Manage API keys."`
	User    userCommand    `cmd:"" help:"Manage the people who sign in."`
	Spool   spoolCommand   `cmd:"" help:"Look at and decide about answers that MongoDB did not take from the local spool."`
	Backup  backupCommand  `cmd:"" help:"Write the embedded store into one file, also while it is served."`
	Restore restoreCommand `cmd:"" help:"Make a store out of a backup, check it and count it anew."`
	Migrate migrateCommand `cmd:"" help:"Bring the store to this program's shape."`
	Version versionCommand `cmd:"" help:"Print the program's version."`
	Help    helpCommand    `cmd:"" help:"Show help on a command."`
}

// environment is what every command runs in.
type environment struct {
	Streams
	Common
	now func() time.Time
}

// exitCode carries an exit code out of the argument parser, which ends --help.
type exitCode int

// Run runs the program with its arguments and returns the exit code: 0 done, 1
// failed with the reason on Err, 2 wrong usage.
func Run(ctx context.Context, args []string, streams Streams) (code int) {
	defer func() {
		switch e := recover().(type) {
		case nil:
		case exitCode:
			code = int(e)
		default:
			panic(e) // a bug must not look like success
		}
	}()
	var c cli
	parser, err := kong.New(&c,
		kong.Name("persepsi"),
		kong.Description("Citizen surveys at service counters, and the indexes of the Zona Integritas evaluation."),
		kong.Writers(streams.Out, streams.Err),
		kong.Exit(func(code int) { panic(exitCode(code)) }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
		kong.ValueFormatter(shown),
		flagVars(),
		kong.DefaultEnvars("PERSEPSI"),
	)
	if err != nil {
		fmt.Fprintf(streams.Err, "persepsi: %v\n", err)
		return exitFailed
	}
	k, err := parse(parser, args)
	if err == nil {
		k.BindTo(ctx, (*context.Context)(nil))
		err = k.Run(&environment{Streams: streams, Common: c.Common, now: time.Now})
	}
	var usage usageError
	switch {
	case errors.As(err, &usage):
		fmt.Fprintf(streams.Err, "persepsi: %v (see persepsi --help)\n", usage)
		return exitUsage
	case err != nil:
		fmt.Fprintf(streams.Err, "persepsi: %s\n", explained(err))
		return exitFailed
	}
	return exitDone
}

// explained returns an error as a person at a terminal should read it: the
// message and every fault, and the cause only where there is nothing better.
func explained(err error) string {
	var e *survey.Error
	if !errors.As(err, &e) {
		return err.Error()
	}
	lines := []string{e.Message}
	for _, f := range e.Faults {
		lines = append(lines, "  "+f.Field+": "+f.Message)
	}
	if e.Code == survey.Internal && e.Cause != nil {
		lines[0] += ": " + e.Cause.Error()
	}
	return strings.Join(lines, "\n")
}

func isTerminal(f *os.File) bool {
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
