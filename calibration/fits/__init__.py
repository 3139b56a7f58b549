"""Small tables of what was seen -> laws with their intervals, how well they fit, and what to beware of."""
