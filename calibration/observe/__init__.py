"""Facts -> small tables: counts, durations, waits, agents, days; integers summed up in the database."""
