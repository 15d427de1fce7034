"""What there is to read: one page a file, each making a sheet."""
