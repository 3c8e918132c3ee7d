"""What operators see: logs, metrics and traces, none of them with personal data."""
