package analytics

import (
	"fmt"
	"math/big"

	"go.yaml.in/yaml/v3"
)

// rational is an exact number written as text in a table.
type rational struct{ *big.Rat }

// UnmarshalYAML reads 0.05 or 1/3.
func (r *rational) UnmarshalYAML(n *yaml.Node) error {
	x, ok := new(big.Rat).SetString(n.Value)
	if !ok {
		return fmt.Errorf("line %d: %q is no number", n.Line, n.Value)
	}
	r.Rat = x
	return nil
}
