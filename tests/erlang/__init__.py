"""The formulas: against exact cases, against slow oracles, and over their whole domain."""
