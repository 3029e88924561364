"""Registers: what stands behind a count. Their kinds and fields, what a row may say, how rows are counted, what may be told."""
