"""Result tables -> what people read: scorecards, charts, pages and files of tables.

Nothing heavy is imported here; the modules below load what they need when they are used.
"""
