"""People and their mandates: inviting, handing out, confirming, withdrawing, leaving."""
