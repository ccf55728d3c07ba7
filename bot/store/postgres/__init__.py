"""PostgreSQL, for several machines. The only package that imports psycopg."""
