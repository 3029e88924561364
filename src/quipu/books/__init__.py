"""What is kept: the records that money needs and the sealed ledger, behind Django's ORM in SQLite or PostgreSQL."""
