//go:build !linux

package redistest

import "syscall"

// dieWithParent: no such wish can be made here. A server outlives a test process that is killed.
func dieWithParent() *syscall.SysProcAttr { return nil }

// isStopped trusts that the signal takes effect at once, since there is no cheap way to ask.
func isStopped(int) bool { return true }
