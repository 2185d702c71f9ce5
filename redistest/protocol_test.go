package redistest

import "testing"

func TestProtocolOfTheEnvironment(t *testing.T) {
	for value, want := range map[string]int{"": 0, "2": 2, "3": 3} {
		t.Setenv(protocolVariable, value)
		if got := Protocol(t); got != want {
			t.Errorf("%d for %q, want %d", got, value, want)
		}
	}
	t.Setenv(protocolVariable, "RESP2")
	wantFailure(t, "write 2 or 3", func(t testing.TB) { Protocol(t) })
}
