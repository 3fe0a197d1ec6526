"""An empty Celery task; run as a program: sends so many, waits for their results, prints how many a second."""

import os
import sys
import time

from celery import Celery

app = Celery("celery_noop", broker=os.environ["BROKER_URL"], backend=os.environ["RESULT_URL"])
app.conf.worker_prefetch_multiplier = 50
app.conf.task_acks_late = True


@app.task(name="celery_noop.noop")
def noop(message):
    return message


if __name__ == "__main__":
    count = int(sys.argv[1])
    began = time.monotonic()
    results = [noop.delay("hello") for _ in range(count)]
    for result in results:
        result.get()
    print(count / (time.monotonic() - began))
