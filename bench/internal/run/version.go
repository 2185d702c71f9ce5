package run

import (
	"context"
	"strings"

	"github.com/fairlead-go/fairlead/bench/internal/driver"
	"github.com/fairlead-go/fairlead/redistest"
)

// ServerVersion starts a server for a moment and returns what it says it is, as "redis 7.0.15".
func ServerVersion(ctx context.Context, program string) (string, error) {
	var settings []redistest.Option
	if program != "" {
		settings = append(settings, redistest.Binary(program))
	}
	server, err := redistest.StartProcess(ctx, settings...)
	if err != nil {
		return "", err
	}
	defer server.Close()
	conn, err := driver.Dial(driver.Config{Network: "tcp", Addr: server.Addr()})
	if err != nil {
		return "", err
	}
	defer conn.Close()
	info, err := conn.Do("INFO", "server")
	if err != nil {
		return "", err
	}
	return product(info), nil
}

// product reads the name and version of the server from INFO; Valkey says which version of Redis it is compatible with, too.
func product(info string) string {
	found := map[string]string{}
	for line := range strings.Lines(info) {
		key, value, _ := strings.Cut(strings.TrimSpace(line), ":")
		found[key] = value
	}
	if version := found["valkey_version"]; version != "" {
		return "valkey " + version
	}
	return "redis " + found["redis_version"]
}
