"""How people hear of their work: mails at once, the digest, the calendar of deadlines, what changed in their scope."""
