"""Tables of the dashboard."""
