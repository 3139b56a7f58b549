"""Why an interval is as it is, and why a formula differs: changed scenarios on the same chances."""
