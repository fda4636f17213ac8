"""A job that takes a moment and whose effect can be counted."""

import time

from django.db import connection

from taskplanner.jobs.registry import JobContext, Result, register_handler


@register_handler("test.effect")
def add_effect(context: JobContext) -> Result:
    """Wait as long as asked, then add one row to the table `effect`."""
    for step in range(10):
        time.sleep(context.arguments["seconds"] / 10)
        context.progress(step * 10, "waiting")

    def apply() -> None:
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO effect (job) VALUES (%s)", [str(context.job_id)])

    return Result(data={"waited": context.arguments["seconds"]}, apply=apply)
