"""One file a command; each has ``command``. A file here is all a new one needs."""
