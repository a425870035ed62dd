"""The An Giang case played from the notice to the report: simulated people, the real house."""
