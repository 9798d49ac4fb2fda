package main

import (
	"go.yaml.in/yaml/v3"

	"persepsi/survey"
)

// A demonstration's store stays one: its door lets anybody in as administrator, so no
// city's own data may come to lie behind it.

// served refuses to serve a demonstration's store without --demo. Conflict.
func (c *serveCommand) served(city *survey.City) error {
	if c.Demo || !city.Demo {
		return nil
	}
	return survey.Errorf(survey.Conflict, "the store holds a demonstration, %s, where anybody enters as administrator: serve it with --demo, or give your city a store of its own (--data DIR or --mongodb URI)", city.Name)
}

// declarable refuses a file that declares a city of another name in a demonstration's
// store, whatever else is wrong with it: Conflict. What can't be read is for survey.Apply
// to tell.
func declarable(text []byte, city *survey.City) error {
	var file struct {
		City struct {
			Name string `yaml:"name"`
		} `yaml:"city"`
	}
	if err := yaml.Unmarshal(text, &file); err != nil || !city.Demo || file.City.Name == "" || file.City.Name == city.Name {
		return nil //nolint:nilerr // told with its line by survey.Apply
	}
	return survey.Errorf(survey.Conflict, "city.name: the store holds a demonstration, %s, where anybody enters as administrator; give %s a store of its own (--data DIR or --mongodb URI)", city.Name, survey.Printable(file.City.Name))
}
