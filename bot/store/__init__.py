"""The only room that knows SQLAlchemy: tables, migrations, and the book, which answers in domain words."""
