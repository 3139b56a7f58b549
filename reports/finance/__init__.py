"""Money: what care costs, and what a change to it really saves."""
