"""What is published: editions made of sealed parts, opened, asked, and never edited."""
