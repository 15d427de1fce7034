"""The command line: commands, exit codes, files."""
