//go:build !linux

package main

import (
	"fmt"
	"os"
)

func main() {
	fmt.Fprintln(os.Stderr, "bench: this benchmark needs Linux, as it binds processes to CPUs and reads what they have used from /proc")
	os.Exit(1)
}
