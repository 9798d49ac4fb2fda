package dossier

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"persepsi/internal/evidence"
	"persepsi/internal/jobs"
	"persepsi/survey"
)

// errReleased tells that parts are to be made anew.
var errReleased = &survey.Error{Code: survey.Unavailable, Message: "a release came while the package was made", RetryAfter: renewed}

// lastNote describes the last part: the keys of the package's parts. Parts that were made of
// the same units before a release may be stored beside them.
type lastNote struct {
	Parts []string `json:"parts"`
}

// partsOf returns the parts of a package out of those that are stored.
func partsOf(stored []jobs.Part) ([]jobs.Part, error) {
	i := slices.IndexFunc(stored, func(part jobs.Part) bool { return part.Key == jobs.LastKey })
	if i < 0 {
		return nil, errors.New("the package has no last part")
	}
	var last lastNote
	if err := json.Unmarshal([]byte(stored[i].Note), &last); err != nil {
		return nil, fmt.Errorf("read what is told of a package: %w", err)
	}
	return slices.DeleteFunc(slices.Clone(stored), func(part jobs.Part) bool { return !slices.Contains(last.Parts, part.Key) }), nil
}

// Join writes the package that a job made: the files that its manifest lists, in the order of
// the command's, byte for byte as they were made. One part at a time is in memory.
func (g *Agencies) Join(ctx context.Context, store jobs.Store, j jobs.Job, w io.Writer) (*SummedManifest, error) {
	stored, err := store.Parts(ctx, j.ID)
	if err != nil {
		return nil, err
	}
	parts, err := partsOf(stored)
	if err != nil {
		return nil, err
	}
	outside, err := opened(ctx, store, j.ID, jobs.LastKey)
	if err != nil {
		return nil, err
	}
	text, err := content(outside[manifestName])
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(text)
	out := &SummedManifest{Sum: hex.EncodeToString(sum[:])}
	if err := json.Unmarshal(text, &out.Manifest); err != nil {
		return nil, fmt.Errorf("read the manifest: %w", err)
	}
	a := &archive{zip: zip.NewWriter(w), at: outside[manifestName].Modified.UTC()}
	var of note
	var inside map[string]*zip.File
	folder := ""
	for _, f := range append(slices.Clone(out.Manifest.Files), File{Name: manifestName}) {
		in, _, within := strings.Cut(f.Name, "/")
		files := outside
		if within && in != folder {
			i := slices.IndexFunc(parts, func(part jobs.Part) bool { return part.File == in })
			if i < 0 {
				return nil, fmt.Errorf("there is no part %s", in)
			}
			if of, err = noteOf(parts[i]); err != nil {
				return nil, err
			}
			if inside, err = opened(ctx, store, j.ID, parts[i].Key); err != nil {
				return nil, err
			}
			folder = in
		}
		if within {
			files = inside
		}
		if file := files[f.Name]; file != nil {
			err = a.zip.Copy(file)
		} else {
			err = g.copyKept(ctx, a, f.Name, evidence.Place{Period: out.Manifest.Period, Unit: of.Unit}, of.Kept[f.Name])
		}
		if err != nil {
			return nil, fmt.Errorf("write %s: %w", f.Name, err)
		}
	}
	if err := a.zip.Close(); err != nil {
		return nil, fmt.Errorf("write the package: %w", err)
	}
	return out, nil
}

// copyKept writes the file of an entry of evidence as it is kept.
func (g *Agencies) copyKept(ctx context.Context, a *archive, name string, of evidence.Place, n int) error {
	list, err := evidence.List(ctx, g.Evidence, of)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(list, func(e evidence.Entry) bool { return e.N == n && e.File != nil })
	if i < 0 {
		return errors.New("it is not kept")
	}
	from, err := evidence.Open(ctx, g.Evidence, &list[i])
	if err != nil {
		return err
	}
	defer from.Close() // only read
	return a.add(name, "", true, func(w io.Writer) error {
		_, err := io.Copy(w, from)
		return err
	})
}

// opened returns the files of a part that is a ZIP, by their names.
func opened(ctx context.Context, store jobs.Store, job, key string) (map[string]*zip.File, error) {
	data, err := store.PartData(ctx, job, key)
	if err != nil {
		return nil, err
	}
	r, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, fmt.Errorf("read a part: %w", err)
	}
	out := map[string]*zip.File{}
	for _, f := range r.File {
		out[f.Name] = f
	}
	return out, nil
}

// content returns what a file of a ZIP holds.
func content(f *zip.File) ([]byte, error) {
	if f == nil {
		return nil, errors.New("there is no manifest")
	}
	from, err := f.Open()
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", f.Name, err)
	}
	defer from.Close() // only read
	return io.ReadAll(from)
}
