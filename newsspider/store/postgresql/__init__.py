"""The ledger in a PostgreSQL database: the only package that imports psycopg, and only `database`
does."""
