package testkit

import (
	"context"
	"time"

	"persepsi/handlers"
	accountpages "persepsi/handlers/account"
	"persepsi/handlers/api"
	"persepsi/handlers/citizen"
	deskpages "persepsi/handlers/desk"
	"persepsi/handlers/evaluation"
	"persepsi/handlers/ops"
	"persepsi/handlers/public"
	"persepsi/handlers/web"
	"persepsi/internal/account"
	"persepsi/internal/comment"
	"persepsi/internal/desk"
	"persepsi/internal/dossier"
	"persepsi/internal/ingest"
	"persepsi/internal/jobs"
	"persepsi/internal/lke"
	"persepsi/internal/report"
	"persepsi/internal/reporting"
	"persepsi/survey"
)

// Deps is what an application under test is made from, as far as tests alter it: each once,
// however many areas need it.
type Deps struct {
	web.Settings
	Submit       ingest.Submitter
	Find         ingest.Finder
	Figures      *report.Builder
	Comments     *comment.Reader // nil: over the store
	Accounts     *account.Service
	City         accountpages.CitySignIn
	Evaluations  lke.Store
	MostEvidence int64
	Health       func(context.Context) (map[string]ops.Part, bool)
}

// mount makes the application of what it is made from.
func (k *Kit) mount() {
	k.t.Helper()
	d, now := &k.deps, func() time.Time { return k.deps.Now() }
	var err error
	if d.Comments == nil {
		d.Comments, err = comment.NewReader(k.Store, k.Store.Projector, func() *survey.Directory { return d.Directories.Directory() }, now)
		check(k.t, err)
	}
	k.Comments, k.desks = d.Comments, desk.NewBuilder(d.Figures.Figures, k.Store, d.Comments, now)
	check(k.t, k.desks.Refresh(context.Background()))
	reports, err := reporting.NewReports(d.Figures, d.Comments, k.Store, d.Cache, d.PublicURL, now)
	check(k.t, err)
	entries, err := lke.NewEntries(d.Evaluations, d.Figures.Check, d.Now)
	check(k.t, err)
	k.Dossiers = &dossier.Maker{Reports: reports, Desks: k.desks, Facts: k.Store, Evidence: k.Store, Audit: k.Store, Version: version, Now: now}
	all := &reporting.AllReports{Reports: reports, Desks: k.desks, People: k.Store, Audit: k.Store, Erased: k.Store, Now: now}
	k.Work = deskpages.Work{
		Jobs:    &jobs.Queue{Store: k.Store, Now: now},
		Reports: all, Evidence: &dossier.Agencies{Maker: k.Dossiers, All: all},
	}
	d.Sessions = d.Accounts
	receiver := ingest.NewReceiver(d.Submit, d.Find, d.Now)
	k.App, err = handlers.New(handlers.Deps{
		Site:       d.Settings,
		Citizen:    citizen.Deps{Receiver: receiver},
		Public:     public.Deps{Figures: d.Figures},
		Desk:       deskpages.Deps{Desks: k.desks, Comments: d.Comments, Reports: reports, Dossiers: k.Dossiers, Work: k.Work},
		Evaluation: evaluation.Deps{Figures: d.Figures, Desks: k.desks, Entries: entries, Evidence: k.Store, MostEvidence: d.MostEvidence},
		Account:    accountpages.Deps{Accounts: d.Accounts, City: d.City},
		API:        api.Deps{Receiver: receiver, Figures: d.Figures, Entries: entries},
		Ops:        ops.Deps{Version: version, Figures: d.Figures, Health: d.Health},
	})
	check(k.t, err)
}

const version = "test"
