"""How many people it takes: the requirement by formula, and the search that repairs it by simulation."""
