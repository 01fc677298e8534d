"""Reading videos."""
