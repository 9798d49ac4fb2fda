package api

import _ "embed" // the description of the API is a file

//go:embed openapi.json
var openAPI []byte
