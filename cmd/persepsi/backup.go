package main

import (
	"context"
	"fmt"

	"persepsi/internal/sqlite"
	"persepsi/survey"
)

type backupCommand struct {
	File string `arg:"" help:"The file to write." type:"path"`
}

// Run writes a backup of the embedded store, beside a server or without one.
func (b *backupCommand) Run(ctx context.Context, e *environment) error {
	if err := e.embeddedOnly("backup"); err != nil {
		return err
	}
	if err := e.storeThere(); err != nil {
		return err
	}
	done, err := sqlite.WriteBackup(ctx, e.Data, b.File)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(e.Out, "backup written: %d responses, %d bytes, SHA-256 %s\n", done.Responses, done.Bytes, done.SHA256)
	return err
}

type restoreCommand struct {
	File string `arg:"" help:"A file that backup wrote, or a plain SQLite file." type:"path"`
}

// Run makes a store out of a backup, checks it and counts it anew.
func (r *restoreCommand) Run(ctx context.Context, e *environment) error {
	if err := e.embeddedOnly("restore"); err != nil {
		return err
	}
	rules, err := loadRules()
	if err != nil {
		return err
	}
	done, err := sqlite.Restore(ctx, e.Data, r.File, rules.library)
	if err != nil {
		return err
	}
	if err := e.tellRecounted(done.Recounted); err != nil {
		return err
	}
	if _, err := fmt.Fprintf(e.Out, "restored: %d responses\n", done.Responses); err != nil {
		return err
	}
	return unsound("the store is restored; the audit in it", done.Unsound)
}

// embeddedOnly refuses what a database server has its own tools for.
func (e *environment) embeddedOnly(command string) error {
	if e.MongoDB == "" {
		return nil
	}
	return survey.Errorf(survey.Invalid, "--mongodb: %s is for the embedded store; a database has its own tools: docs/backup.md tells the steps", command)
}

// storeThere fails where --data holds no store, and makes nothing.
func (e *environment) storeThere() error {
	there, err := sqlite.Exists(e.Data)
	if err == nil && !there {
		err = survey.Errorf(survey.NotFound, "--data: there is no store in %s %s", e.Data, whoMakes)
	}
	return err
}
