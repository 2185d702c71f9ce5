//go:build !unix

package lock_test

// holdOrders is false: processes are stopped and woken by signals of unix.
func holdOrders() bool { return false }
