"""Theory tests: simulated figures held against exact and published ones."""
