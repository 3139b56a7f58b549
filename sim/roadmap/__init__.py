"""A plan and its targets by day: simulated beside the same scenario without it, on the same chances."""
