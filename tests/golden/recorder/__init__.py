"""Records the consoles of real guests for the golden tests."""
