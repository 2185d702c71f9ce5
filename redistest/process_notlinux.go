//go:build !linux

package redistest

import "syscall"

// dieWithParent: no such wish can be made here. A server outlives a test process that is killed.
func dieWithParent() *syscall.SysProcAttr { return nil }
