package main

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"persepsi/survey"
)

// importKeySize is the length of survey.Import.Key, in bytes.
const importKeySize = 16

// importKey returns the key that the imports of a period have in common; a new one for the
// first.
func importKey(ctx context.Context, s survey.Importer, period string) (key string, err error) {
	if err := s.Imports(ctx, func(i *survey.Import) error {
		if i.Period == period && key == "" {
			key = i.Key
		}
		return nil
	}); err != nil || key != "" {
		return key, err
	}
	fresh := make([]byte, importKeySize)
	if _, err := rand.Read(fresh); err != nil {
		return "", fmt.Errorf("draw an import's key: %w", err)
	}
	return hex.EncodeToString(fresh), nil
}

// keyBytes returns what a key in hexadecimal says; nil for none, as imports of earlier
// programs have.
func keyBytes(key string) ([]byte, error) {
	out, err := hex.DecodeString(key)
	if err != nil {
		return nil, fmt.Errorf("read an import's key: %w", err)
	}
	return out, nil
}

// fileMark returns what the audit tells of a file: an HMAC-SHA-256 with the import's key,
// in hexadecimal. The audit is kept for ever and the key is not: then nobody can try out
// by it what a file of few rows said.
func fileMark(key, data []byte) string {
	sum := hmac.New(sha256.New, key)
	sum.Write(data)
	return hex.EncodeToString(sum.Sum(nil))
}
