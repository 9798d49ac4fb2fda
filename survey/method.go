package survey

import (
	_ "embed" // the methods are data
	"fmt"
	"math/big"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

//go:embed methods.yaml
var methodData []byte

// Method is a named, versioned way to turn answers into an index.
type Method struct {
	Name    string
	Version int
	// Scale is the highest answer the method is for.
	Scale int
	// Weight is the printed weight of one aspect; nil: exactly 1/k.
	Weight *big.Rat
	// Aspects is the number of aspects that the printed weight is meant for;
	// 0: any.
	Aspects int
	// Slope and Offset convert a mean of answers to the 0-4 scale.
	Slope, Offset *big.Rat
	ValidFrom     Date
	Source        Text
}

// Ref returns the method's reference, NAME@VERSION.
func (m *Method) Ref() string { return m.Name + "@" + strconv.Itoa(m.Version) }

// Fits reports whether the method's weight is meant for an index of which k aspects
// have answers: a printed weight is for all of its aspects and no other number.
func (m *Method) Fits(k int) bool { return m.Aspects == 0 || m.Aspects == k }

// Methods is the table of the methods by name.
type Methods struct{ list []*Method }

// LoadMethods reads the shipped table.
func LoadMethods() (*Methods, error) { return parseMethods(methodData) }

func parseMethods(data []byte) (*Methods, error) {
	var rows []struct {
		Name      string `yaml:"name"`
		Version   int    `yaml:"version"`
		Scale     int    `yaml:"scale"`
		Weight    string `yaml:"weight"`
		Aspects   int    `yaml:"aspects"`
		Slope     string `yaml:"slope"`
		Offset    string `yaml:"offset"`
		ValidFrom string `yaml:"valid_from"`
		Source    Text   `yaml:"source"`
	}
	if err := yaml.Unmarshal(data, &rows); err != nil {
		return nil, fmt.Errorf("read methods: %w", err)
	}
	t := &Methods{}
	for _, r := range rows {
		m := &Method{Name: r.Name, Version: r.Version, Scale: r.Scale, Aspects: r.Aspects, Source: r.Source}
		var err error
		if m.ValidFrom, err = ParseDate(r.ValidFrom); err != nil {
			return nil, fmt.Errorf("method %s: %w", r.Name, err)
		}
		for _, v := range []struct {
			to   **big.Rat
			text string
		}{{&m.Weight, r.Weight}, {&m.Slope, r.Slope}, {&m.Offset, r.Offset}} {
			if v.text == "" {
				continue
			}
			x, ok := new(big.Rat).SetString(v.text)
			if !ok {
				return nil, fmt.Errorf("method %s: %q is no number", r.Name, v.text)
			}
			*v.to = x
		}
		if m.Slope == nil || m.Offset == nil {
			return nil, fmt.Errorf("method %s: slope and offset are required", r.Name)
		}
		t.list = append(t.list, m)
	}
	for _, m := range t.list {
		if m.Weight != nil && t.Used(m, m.Aspects+1) == m {
			return nil, fmt.Errorf("method %s: its weight is for no number of aspects, or no method takes its place for another", m.Name)
		}
	}
	return t, nil
}

// For returns the method of that name for an index, or says why it doesn't fit.
func (t *Methods) For(x *Index, name string) (*Method, error) {
	var known []string
	for _, m := range t.list {
		if m.Scale != x.Scale {
			continue
		}
		if !m.Fits(len(x.Aspects)) {
			if m.Name == name || m.Ref() == name {
				return nil, fmt.Errorf("method %s is for %d aspects, index %s has %d", name, m.Aspects, x.Code, len(x.Aspects))
			}
			continue
		}
		if m.Name == name || m.Ref() == name {
			return m, nil
		}
		known = append(known, m.Name)
	}
	return nil, fmt.Errorf("unknown method %q for index %s on a scale of 1-%d (known: %s)", name, x.Code, x.Scale, strings.Join(known, ", "))
}

// Used returns the method that an index with k answered aspects is computed by: the
// chosen one or, where its weight is meant for another number of aspects, the one of
// the same scale and conversion with the weight 1/k. Eight unsur, all 4, would make
// 88.00 with w0.11; they make 100.
func (t *Methods) Used(chosen *Method, k int) *Method {
	if chosen.Fits(k) {
		return chosen
	}
	for _, m := range t.list {
		if m.Weight == nil && m.Scale == chosen.Scale && m.Slope.Cmp(chosen.Slope) == 0 && m.Offset.Cmp(chosen.Offset) == 0 {
			return m
		}
	}
	return chosen // no table without it is loaded
}

// Alternatives returns the other methods that an officer may have used for an
// index of which k aspects have answers: for reconciliation lines.
func (t *Methods) Alternatives(x *Index, k int, used *Method) []*Method {
	var out []*Method
	for _, m := range t.list {
		if m.Scale == x.Scale && m != used && m.Fits(len(x.Aspects)) && m.Fits(k) {
			out = append(out, m)
		}
	}
	return out
}
