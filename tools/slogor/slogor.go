// Package slogor stands in for lego 5's log in colours, so that no module from outside the usual hosts is fetched for it:
// the same functions, and a log of plain text.
package slogor

import (
	"io"
	"log/slog"
)

// OptionFn is an option, of which a plain log has none.
type OptionFn func()

// SetLevel says from which level on there is a log.
func SetLevel(slog.Leveler) OptionFn { return nil }

// SetTimeFormat says how times are written.
func SetTimeFormat(string) OptionFn { return nil }

// DisableColor takes the colours away.
func DisableColor() OptionFn { return nil }

// NewHandler writes the log to writer.
func NewHandler(writer io.Writer, _ ...OptionFn) slog.Handler { return slog.NewTextHandler(writer, nil) }
