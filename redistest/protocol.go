package redistest

import (
	"os"
	"testing"
)

// protocolVariable is the version of RESP that tests speak where they do not choose one.
const protocolVariable = "FAIRLEAD_REDIS_PROTOCOL"

// Protocol returns the version of RESP that a client under test should speak if its test does not choose one: $FAIRLEAD_REDIS_PROTOCOL,
// which is 2 or 3, or 0 if it is not set, for the client's own choice. Another value fails the test.
func Protocol(t testing.TB) int {
	t.Helper()
	switch value := os.Getenv(protocolVariable); value {
	case "":
		return 0
	case "2":
		return 2
	case "3":
		return 3
	default:
		t.Fatalf("redistest: $%s is %q: write 2 or 3, or unset it", protocolVariable, value)
		return 0
	}
}
