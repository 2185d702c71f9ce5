//go:build !linux

package conn

import "errors"

// hasRawCalls: there are none here; package net is as good.
const hasRawCalls = false

func readSocket(uintptr, []byte) (int, error)  { return 0, errors.ErrUnsupported }
func writeSocket(uintptr, []byte) (int, error) { return 0, errors.ErrUnsupported }
func isNonblocking(uintptr) bool               { return false }
