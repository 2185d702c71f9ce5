package main

import (
	"cmp"
	"errors"
	"os"

	"github.com/urfave/cli/v3"

	"github.com/fairlead-go/fairlead"
)

const (
	urlVariable = "REDIS_URL"
	defaultURL  = "redis://localhost:6379"
)

// urlFlag names the server. Its value is never printed: it may hold a password.
func urlFlag() cli.Flag {
	return &cli.StringFlag{
		Name:        "url",
		Usage:       "the `URL` of the server, with options such as ?protocol=2 or ?socket_timeout=30",
		DefaultText: "$" + urlVariable + ", or else " + defaultURL,
	}
}

// options reads the URL of the command line, or of the environment.
func options(cmd *cli.Command) (*fairlead.Options, error) {
	o, err := fairlead.ParseURL(cmp.Or(cmd.String("url"), os.Getenv(urlVariable), defaultURL))
	if err != nil {
		return nil, usageError{err}
	}
	return o, nil
}

// open returns a client with a pool of its own. The caller closes both by the function.
func open(o *fairlead.Options) (c *fairlead.Client, closeBoth func(), err error) {
	pool, err := fairlead.NewPool(o)
	if err != nil {
		return nil, nil, usageError{err}
	}
	c = fairlead.NewClient(pool)
	return c, func() { _ = errors.Join(c.Close(), pool.Close()) }, nil // neither can fail
}
