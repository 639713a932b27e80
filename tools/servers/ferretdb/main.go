// A FerretDB gateway for local runs: MongoDB's wire protocol over a PostgreSQL that has DocumentDB.
// Without authentication, so it must only ever listen on the loopback address it is given.
package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"github.com/FerretDB/FerretDB/v2/ferretdb"
)

func main() {
	if len(os.Args) != 4 {
		fmt.Fprintln(os.Stderr, "usage: ferretdb <postgresql url> <listen address> <state folder>")
		os.Exit(2)
	}
	telemetry := false
	gateway, err := ferretdb.New(&ferretdb.Config{
		PostgreSQLURL: os.Args[1],
		ListenAddr:    os.Args[2],
		StateDir:      os.Args[3],
		Telemetry:     &telemetry,
		LogLevel:      slog.LevelWarn,
		LogOutput:     os.Stderr,
	})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	gateway.Run(ctx)
}
