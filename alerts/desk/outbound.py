"""Messages of one incident that wait in the outbox: how they are taken back."""

from dataclasses import replace

from alerts.books import Books
from alerts.notification import Fate


def cancel(books: Books, number: int, now: float) -> int:
    """Whatever of this incident still waits to be sent, on every channel, is not sent any more; how many."""
    waiting = books.notifications(number, (Fate.QUEUED,))
    for notification in waiting:
        books.put_notification(replace(notification, fate=Fate.CANCELLED, ended_at=now))
    return len(waiting)
