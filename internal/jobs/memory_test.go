package jobs

import (
	"context"
	"maps"
	"slices"
	"sync"

	"persepsi/survey"
)

// memory is a store in memory, as the contract of the stores has it.
type memory struct {
	mu    sync.Mutex
	jobs  map[string]Job
	parts map[string]map[string]Part
	away  bool
	// partsFirst stores a part also where its version comes too late, as MongoDB may.
	partsFirst bool
	// dropless fails where parts are dropped, as where the server dies just before.
	dropless bool
	// reads is called where jobs are read, puts before one is stored.
	reads, puts func()
	// fails tells of each call whether it fails: only this one, as where a connection breaks.
	fails func(call string) bool
}

func newMemory() *memory {
	return &memory{jobs: map[string]Job{}, parts: map[string]map[string]Part{}}
}

func (m *memory) Jobs(context.Context) ([]Job, error) {
	if m.reads != nil {
		m.reads()
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.away || m.fails != nil && m.fails("Jobs") {
		return nil, survey.Errorf(survey.Unavailable, "away")
	}
	var out []Job
	for _, j := range m.jobs {
		out = append(out, j)
	}
	Order(out)
	return out, nil
}

func (m *memory) PutJob(_ context.Context, j Job, part *Part) error {
	if m.puts != nil {
		m.puts()
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.away || m.fails != nil && m.fails("PutJob") {
		return survey.Errorf(survey.Unavailable, "away")
	}
	late := m.jobs[j.ID].Version != j.Version-1
	if late && !m.partsFirst {
		return survey.Errorf(survey.Conflict, "changed")
	}
	if !late {
		m.jobs[j.ID] = j
	}
	if part != nil {
		if m.parts[j.ID] == nil {
			m.parts[j.ID] = map[string]Part{}
		}
		m.parts[j.ID][part.Key] = *part
	}
	if late {
		return survey.Errorf(survey.Conflict, "changed")
	}
	return nil
}

func (m *memory) Parts(_ context.Context, job string) ([]Part, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.fails != nil && m.fails("Parts") {
		return nil, survey.Errorf(survey.Unavailable, "away")
	}
	var out []Part
	for _, p := range m.parts[job] {
		p.Data = nil
		out = append(out, p)
	}
	return out, nil
}

func (m *memory) PartData(_ context.Context, job, key string) ([]byte, error) {
	return m.parts[job][key].Data, nil
}

func (m *memory) PartsOf(context.Context) ([]string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Collect(maps.Keys(m.parts)), nil
}

func (m *memory) DropParts(_ context.Context, job string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.dropless || m.fails != nil && m.fails("DropParts") {
		return survey.Errorf(survey.Unavailable, "away")
	}
	delete(m.parts, job)
	return nil
}

func (m *memory) DropJob(ctx context.Context, job string) error {
	if err := m.DropParts(ctx, job); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.jobs, job)
	return nil
}
