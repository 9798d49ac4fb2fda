// Package desk is what people see who answer for units: what needs them this morning,
// and each unit, agency and the city at a closer look. What it shows is made beforehand:
// scores are those of releases, counts those of every answer.
package desk
