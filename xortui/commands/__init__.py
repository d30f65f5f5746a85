"""The commands, one per file. Each is a `Command`; nothing heavy is imported before one runs."""
