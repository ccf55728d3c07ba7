"""Tools for operators: the command line, checks, doctor, backups, logs, metrics."""
