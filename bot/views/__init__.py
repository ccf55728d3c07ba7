"""Objects in, Discord layouts out. No await, no decision."""
