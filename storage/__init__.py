"""PostgreSQL by SQLAlchemy: tables, repositories, read models, the unit of work and migrations."""
