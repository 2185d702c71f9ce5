// Package driver holds the clients that are measured, each behind the same small interface.
//
// To add one, copy redigo.go, implement Client and list the new Info in All. Nothing else has to change.
package driver

import (
	"context"
	"runtime/debug"
	"slices"
	"unsafe"
)

// Config says where the server is and how large a pool may be.
type Config struct {
	Network string // "tcp" or "unix"
	Addr    string
	Pool    int // connections of clients that give each command one; those that share connections keep their default
}

// A Client is one open client, shared by all goroutines of a worker. Every method returns an error if the server replied
// with one, or with something that is no answer to the command. What is returned may be a view of memory that is valid until
// the next call by the same goroutine.
type Client interface {
	// Get returns a value. A missing key is an error, or no bytes.
	Get(ctx context.Context, key string) ([]byte, error)
	// Set sets a key.
	Set(ctx context.Context, key, value string) error
	// SetPipe sets keys to the same value in one pipe.
	SetPipe(ctx context.Context, keys []string, value string) error
	// MGet returns the values of keys.
	MGet(ctx context.Context, keys []string) (Elements, error)
	// HGetAll returns the fields of a hash with their values.
	HGetAll(ctx context.Context, key string) (Elements, error)
	// LRange is LRANGE key 0 -1.
	LRange(ctx context.Context, key string) (Elements, error)
	// Close ends the client. No call may be under way.
	Close() error
}

// A Sessioner is a client that gives each goroutine a connection of its own.
type Sessioner interface {
	// Session returns the goroutine's own client; closing the whole client closes it too.
	Session() (Client, error)
}

// An Idler is a client that can hold idle connections for one user each.
type Idler interface {
	// Idle makes the client hold n idle connections, each of which has been used.
	Idle(ctx context.Context, n int) error
}

// A Kind says what a driver stands for in the comparison.
type Kind int

// The kinds of drivers.
const (
	Yardstick Kind = iota // bare sockets: the plain way by hand
	Peer                  // another client; "best peer" is chosen among these
	Candidate             // ours
)

// Info describes a driver.
type Info struct {
	Name   string
	Kind   Kind
	Module string // path, for the version; none for what is part of this module
	Note   string // what is not as by default
	// PerGoroutine: it opens a connection for each goroutine, which does not work for 20000 of them.
	PerGoroutine bool
	// Crowd: it shares connections, so that 20000 goroutines are no waste of time.
	Crowd bool
	// OnlyNamed: it takes part only in cells that name it, in Drivers or Also.
	OnlyNamed bool
	Open      func(Config) (Client, error)
}

// All returns the drivers in the order of the tables.
func All() []Info {
	return slices.Concat(rawDrivers, muxDrivers, goRedisDrivers, rueidisDrivers, redigoDrivers, radixDrivers, fairleadDrivers)
}

// Named returns a driver by its name.
func Named(name string) (Info, bool) {
	all := All()
	if i := slices.IndexFunc(all, func(d Info) bool { return d.Name == name }); i >= 0 {
		return all[i], true
	}
	return Info{}, false
}

// Version is the module version that the driver was built with; "this checkout" where there is none.
func (i Info) Version() string {
	build, ok := debug.ReadBuildInfo()
	if !ok {
		return "?"
	}
	for _, module := range build.Deps {
		if module.Path == i.Module && module.Replace == nil && module.Version != "" && module.Version != "(devel)" {
			return module.Version
		}
	}
	return "this checkout"
}

// view reads a string as bytes without copying it; nobody writes to them.
func view(s string) []byte { return unsafe.Slice(unsafe.StringData(s), len(s)) }
