"""The supervisors' figures as tables, charts and files: one set of tables for the page and for what is exported."""
