package redistest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// The environment variables that name the server programs.
const (
	serverVariable  = "FAIRLEAD_REDIS_SERVER"
	serversVariable = "FAIRLEAD_REDIS_SERVERS"
)

// errNoServer is what a machine without Redis gets to read.
var errNoServer = errors.New("no redis-server or valkey-server on PATH: run `make test` in Fairlead's folder, which installs " +
	"one, or install the package redis-server or valkey, or name a program in $" + serverVariable)

// findBinary returns the program to start: the chosen one, $FAIRLEAD_REDIS_SERVER, or what is on PATH.
func findBinary(chosen string) (string, error) {
	if chosen != "" {
		return lookUp(chosen, "Binary")
	}
	if named := os.Getenv(serverVariable); named != "" {
		return lookUp(named, "$"+serverVariable)
	}
	for _, name := range []string{"redis-server", "valkey-server"} {
		if path, err := exec.LookPath(name); err == nil {
			return filepath.Abs(path)
		}
	}
	return "", errNoServer
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

// Servers returns every server product that tests should be run against: the programs in $FAIRLEAD_REDIS_SERVERS, separated
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
	var products []Product
	for _, name := range productBinaries() {
		product, err := identify(t.Context(), name)
		if err != nil {
			t.Fatalf("redistest: %v", err)
		}
		products = append(products, product)
	}
	return products
}

// productBinaries returns the programs of Servers; "" stands for the one that Start would choose.
func productBinaries() []string {
	var names []string
	for _, name := range filepath.SplitList(os.Getenv(serversVariable)) {
		if name != "" {
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		return []string{""}
	}
	return names
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
