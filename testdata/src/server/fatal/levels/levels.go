// Package levels logs, and ends the process at one level.
package levels

import (
	"log/slog"
	"os"

	"google.golang.org/grpc"
)

// Registrar makes the package reach grpc.
type Registrar = grpc.ServiceRegistrar

const critical = slog.LevelError + 4

// A Logger logs.
type Logger struct{ Name string }

func (l *Logger) put(level slog.Level, text string) {
	slog.Log(nil, level, text)
	if level == critical {
		os.Exit(1)
	}
}

// Info logs.
func (l *Logger) Info(text string) { l.put(slog.LevelInfo, text) }

// Log logs at a level.
func (l *Logger) Log(level slog.Level, text string) { l.put(level, text) }
