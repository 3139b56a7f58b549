"""How a team learns: what it sees day by day, what it decides, and whether that has worked."""
