package fairlead_test

import (
	"os"
	"testing"
)

// modulePath is the import path of the root module.
const modulePath = "github.com/fairlead-go/fairlead"

// floors names every folder of the root module that holds a package, and the folders of the module which its code
// may import. Imports only go down. Tests may import any of them.
//
// redistest and internal/gen stand beside the house: every floor's tests use the one, nothing imports the other.
var floors = map[string][]string{
	"resp":            {},
	"internal/stats":  {},
	"internal/budget": {},

	"redis": {"resp"},

	"internal/conn":  {"redis", "resp", "internal/stats"},
	"internal/cache": {"redis", "resp", "internal/stats"},

	"internal/pool": {"internal/conn", "internal/budget", "internal/stats"},

	// resp, because a redirection arrives as a *resp.Error.
	"internal/route": {"internal/pool", "internal/conn", "internal/cache", "internal/budget", "internal/stats", "redis", "resp"},

	"internal/pubsub": {"internal/conn", "redis", "resp"},

	".": {
		"internal/route", "internal/pubsub", "internal/pool", "internal/conn", "internal/cache", "internal/budget", "internal/stats",
		"redis", "resp",
	},

	"inspect": {".", "internal/stats"},

	// What is made of commands alone.
	"lock":       {".", "redis", "resp"},
	"limit":      {".", "redis", "resp"},
	"cacheaside": {".", "redis", "resp", "lock"},

	"redistest":    {"resp"},
	"internal/gen": {"resp"},
}

// mayImportNet gives the reason why a folder, or one file outside these folders, imports package net.
// Connections are internal/conn's alone: everybody else would see a socket without its state.
var mayImportNet = map[string]string{
	"internal/conn": "it dials, reads and writes",
	"redistest":     "its servers and networks are the other end of a connection",
	"internal/gen":  "it asks running servers which commands they have",
	"options.go":    "Options.Dialer returns a net.Conn and Options.KeepAlive is a net.KeepAliveConfig",
	"url.go":        "a URL's host and port are split and joined by package net",
}

// mayHoldCRLF are the folders that write protocol bytes out.
var mayHoldCRLF = map[string]bool{"resp": true, "redistest": true}

// mayHaveTypeParameters are the folders where generic code may stand: commands and replies have a type only for
// the user; below, all of them are one concrete call.
var mayHaveTypeParameters = map[string]bool{".": true, "redis": true, "redistest": true, "internal/gen": true, "cacheaside": true}

// vagueNames say nothing about what is inside, so everything ends up there.
var vagueNames = map[string]bool{"util": true, "common": true, "types": true, "base": true}

// mayRequire is the one module besides the standard library that the root module may use.
const mayRequire = "golang.org/x/sys"

// longestFunction is how many lines a hand-written function may have.
const longestFunction = 80

func TestFloors(t *testing.T) {
	t.Parallel()
	violations, err := inspectModule(os.DirFS("."))
	if err != nil {
		t.Fatal(err)
	}
	for _, violation := range violations {
		t.Error(violation)
	}
}
