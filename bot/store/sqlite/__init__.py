"""The SQLite engine: connection, schema, backup and health."""
