"""Letters of the public: taken in, forwarded, handed over, answered, closed."""
