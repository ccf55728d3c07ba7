"""The domain: pure values and functions. No Discord, no SQL, no clock, no await."""
