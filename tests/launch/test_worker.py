"""What a worker does when it ends by itself, and with jobs whose end nobody heard of."""

from __future__ import annotations

import pytest
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Job

from guyub.kernel import tasks
from guyub.launch import worker


def test_only_who_was_told_to_end_ends(monkeypatch):
    """The queue's library returns without a word when it loses the connection on which it listens."""
    said = iter([False, ConnectorException("away"), False, True])
    asked = []

    async def work() -> bool:
        asked.append(answer := next(said))
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr(worker, "work", work)
    monkeypatch.setattr(worker, "RETRY_SECONDS", 0)
    worker._work_on()
    assert asked[-1] is True


def job(number: int, *, by: int | None) -> Job:
    return Job(
        id=number,
        queue="guyub",
        lock=None,
        queueing_lock=None,
        task_name=tasks.RUN,
        task_kwargs={},
        worker_id=by,
    )


def test_a_job_whose_end_could_not_be_noted_is_found(monkeypatch):
    clock = [1000.0]
    monkeypatch.setattr(worker.time, "monotonic", lambda: clock[0])
    ended = worker._Ended()
    ended.workers = {7}
    ended.at = {1: clock[0], 2: clock[0], 3: clock[0] - worker.SILENT_SECONDS}
    running = [job(1, by=7), job(2, by=8), job(4, by=7)]  # one is another's by now, one has not ended
    assert ended.silent(running) == []
    clock[0] += worker.SILENT_SECONDS + 1
    assert [one.id for one in ended.silent(running)] == [1]
    assert set(ended.at) == {1}  # what the queue knows to have ended is forgotten


def test_each_queue_is_served():
    assert set(worker.AT_ONCE) == {tasks.QUICK, tasks.SLOW}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "queue"), [("notices.deliver", tasks.QUICK), ("casework.check_evidence", tasks.SLOW)]
)
def test_no_notice_stands_behind_the_comparing_of_pictures(city, name, queue):
    from django.db import connection

    tasks.enqueue(name, notice=1)
    with connection.cursor() as cursor:
        cursor.execute("SELECT queue_name FROM procrastinate_jobs ORDER BY id DESC LIMIT 1")
        assert cursor.fetchone() == (queue,)
