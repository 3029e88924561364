"""What the public sent us: one file per letter in HOME/letters, dropped by the gateway and taken in by the office."""
