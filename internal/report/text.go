package report

import (
	"maps"

	"persepsi/survey"
)

// Text returns the results of a scope as the contract's JSON object; see
// Results, whose AppendJSON writes the same text.
func (r *Reporter) Text(d *survey.Directory, b *Board, s Scope) (*Text, error) {
	a, err := r.find(d, b, s)
	if err != nil {
		return nil, err
	}
	known := func() (textEntry, bool) {
		r.mu.Lock()
		defer r.mu.Unlock()
		entry, ok := r.texts[s]
		return entry, ok && entry.basis == a.basis
	}
	entry, ok := known()
	if !ok {
		r.building.Lock()
		defer r.building.Unlock()
		entry, ok = known()
	}
	if !ok {
		results, units, err := r.build(d, a, true)
		if err != nil {
			return nil, err
		}
		pieces := make([]JSONPiece, len(units))
		for i, u := range units {
			pieces[i] = u.text
		}
		entry = textEntry{basis: a.basis, header: *results}
		if entry.rest, err = results.rest(pieces); err != nil {
			return nil, err
		}
		if s.Unit == "" && s.Agency == "" && !s.Explain {
			r.keepText(s, &entry, units)
		}
	}
	entry.header.GeneratedAt = a.at
	head, err := entry.header.head()
	return &Text{head, entry.rest}, err
}

// mostTexts bounds the texts of a whole city that are kept, some megabytes
// each: those of a few periods are asked for again and again.
const mostTexts = 6

// keepText keeps a text. The units' own texts are then those that it is made
// of: there is one copy. The caller holds building.
func (r *Reporter) keepText(s Scope, entry *textEntry, units []*unitEntry) {
	entry.rest.Serial = r.serial.Add(1)
	last := &entry.rest.Pieces[len(entry.rest.Pieces)-1]
	last.Serial = entry.rest.Serial
	for i, u := range units {
		u.text = entry.rest.Pieces[2*i] // commas stand between them
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for other := range r.texts {
		if other != s && len(r.texts) >= mostTexts {
			delete(r.texts, other)
			maps.DeleteFunc(r.units, func(k unitKey, _ *unitEntry) bool { return k.text && k.period == other.Period })
		}
	}
	r.texts[s] = *entry
}
