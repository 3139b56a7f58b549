"""How many people can really leave, or must come, in any scenario: by simulation on the same chances."""
