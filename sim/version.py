"""The version: with the scenario and the seed, it names the bytes of a result."""

__version__ = "0.1.0"
