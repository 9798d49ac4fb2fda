package migrations

// sqlitePictures adds the pictures that catalogues name, each once, by the SHA-256 of its
// file in hex.
const sqlitePictures = `
CREATE TABLE pictures (sum TEXT PRIMARY KEY, data BLOB NOT NULL) STRICT;
`
