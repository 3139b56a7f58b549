"""The simulator: compile a scenario into tables, run it, log it, measure it, repeat it."""
