"""Search and ingestion at scale: 10,000 to a million passages, beside what others use."""
