//go:build !linux

package conn

import "time"

// setUserTimeout does nothing: only Linux has TCP_USER_TIMEOUT.
func setUserTimeout(uintptr, time.Duration) error { return nil }

// peekEnded knows nothing here: the resident reader notices the end a few milliseconds later.
func peekEnded(uintptr) bool { return false }
