"""The house itself: jobs, the nightly check, settings in force; for administrators."""
