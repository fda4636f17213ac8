"""Background jobs: the row is the truth, the Celery message only wakes a worker up."""
