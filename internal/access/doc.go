// Package access says who may do what: people and API keys, the roles that they are
// granted on the city, an agency or a unit, their sessions and one-time links, and one
// pure rule, Allow.
package access
