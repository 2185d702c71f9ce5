package redistest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// serverVariable names the server program, or several, separated as in PATH: Servers lists all of them, Start takes the first.
const serverVariable = "FAIRLEAD_REDIS_SERVER"

// errNoServer is what a machine without Redis gets to read.
var errNoServer = errors.New("no redis-server or valkey-server on PATH: run `make test` in Fairlead's folder, which installs " +
	"one, or install the package redis-server or valkey, or name a program in $" + serverVariable)

// findBinary returns the program to start: the chosen one, the first in $FAIRLEAD_REDIS_SERVER, or what is on PATH.
func findBinary(chosen string) (string, error) {
	if chosen != "" {
		return lookUp(chosen, "Binary")
	}
	if named := namedBinaries(); len(named) > 0 {
		return lookUp(named[0], "$"+serverVariable)
	}
	for _, name := range []string{"redis-server", "valkey-server"} {
		if path, err := exec.LookPath(name); err == nil {
			return filepath.Abs(path)
		}
	}
	return "", errNoServer
}

// namedBinaries returns the programs in $FAIRLEAD_REDIS_SERVER.
func namedBinaries() []string {
	list := filepath.SplitList(os.Getenv(serverVariable))
	return slices.DeleteFunc(list, func(name string) bool { return name == "" })
}

func lookUp(name, origin string) (string, error) {
	path, err := exec.LookPath(name)
	if err != nil {
		return "", fmt.Errorf("%s names a server program that cannot be run: %w", origin, err)
	}
	return filepath.Abs(path)
}

// Product is one server program of this machine.
type Product struct {
	Name    string // product and version, fit for the name of a subtest: "redis-7.0.15", "valkey-9.1.0"
	Version string // "7.0.15"
	Binary  string // path of the program, for the option of the same name
}

// Servers returns every server product that tests should be run against: the programs in $FAIRLEAD_REDIS_SERVER, separated
// as in PATH, or else the one that Start would choose. A program that is missing fails the test.
//
//	for _, product := range redistest.Servers(t) {
//		t.Run(product.Name, func(t *testing.T) {
//			server := redistest.Start(t, redistest.Binary(product.Binary))
//			…
//		})
//	}
func Servers(t testing.TB) []Product {
	t.Helper()
	names := namedBinaries()
	if len(names) == 0 {
		names = []string{""} // the one that Start would choose
	}
	var products []Product
	for _, name := range names {
		product, err := identify(t.Context(), name)
		if err != nil {
			t.Fatalf("redistest: %v", err)
		}
		products = append(products, product)
	}
	return products
}

// identify asks a server program what it is.
func identify(ctx context.Context, name string) (Product, error) {
	path, err := findBinary(name)
	if err != nil {
		return Product{}, err
	}
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	output, err := exec.CommandContext(ctx, path, "--version").Output()
	if err != nil {
		return Product{}, fmt.Errorf("%s --version failed: %w", path, err)
	}
	return parseVersion(path, string(output))
}

// parseVersion reads the answer to --version: "Redis server v=7.0.15 sha=00000000:0 …".
func parseVersion(path, output string) (Product, error) {
	words := strings.Fields(output)
	for _, word := range words {
		if version, found := strings.CutPrefix(word, "v="); found {
			return Product{Name: strings.ToLower(words[0]) + "-" + version, Version: version, Binary: path}, nil
		}
	}
	return Product{}, fmt.Errorf("%s --version does not answer like a Redis or Valkey server: %q", path, output)
}
