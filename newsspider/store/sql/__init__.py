"""The ledger in tables: the statements that SQLite and PostgreSQL share."""
