"""What is true: money, movements, figures, shares, the record and how it is asked. Plain Python, no engine."""
