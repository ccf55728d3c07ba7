"""What an operator needs: checks, doctor, backups, logs, metrics."""
