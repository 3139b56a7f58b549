"""From what happened to what a scenario file says: estimates with their standard errors."""
