"""A plan as of a day: the days before it are what happened, the rest is simulated from the state observed."""
