package demo

import (
	_ "embed" // what units did is data
	"fmt"

	"go.yaml.in/yaml/v3"

	"persepsi/survey"
)

//go:embed improved.yaml
var improvedFile []byte

// improved returns what units did, up to a day, about the results of the closed
// period that is the back-th before the running one, as an apply file says it.
func improved(back int, to, today survey.Date) (map[string][]map[string]any, error) {
	var all map[string][]struct {
		Back   int         `yaml:"back"`
		Days   int         `yaml:"days"`
		Aspect string      `yaml:"aspect"`
		Text   survey.Text `yaml:"text"`
	}
	if err := yaml.Unmarshal(improvedFile, &all); err != nil {
		return nil, fmt.Errorf("read what the demonstration's units did: %w", err)
	}
	out := map[string][]map[string]any{}
	for unit, list := range all {
		for _, i := range list {
			if done := to + survey.Date(i.Days); i.Back == back && done <= today {
				out[unit] = append(out[unit], map[string]any{"aspect": i.Aspect, "text": i.Text, "done": done.String()})
			}
		}
	}
	return out, nil
}
