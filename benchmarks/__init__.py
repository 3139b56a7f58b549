"""What a contact costs: careloop, its peers and a hand-written C loop, measured side by side."""
