"""Which reviews FSRS's parameters are computed from."""

from collections.abc import Iterable

MAX_REVIEWS = 6000
"""At 20 ms per review, computing the parameters takes two minutes."""
DAY = 86_400

CardReviews = dict[tuple[str, str], list[tuple[int, int]]]


def training_reviews(history: Iterable[tuple[str, str, int, int]]) -> list[tuple[int, int, int]]:
    """Return a number for the card, the time and the rating of each review to compute from, card by card.

    ``history`` has the course, question, time (seconds since 1970) and rating of all reviews, oldest first. A card has
    all of its reviews or none, because the first one is special. If there are more than ``MAX_REVIEWS``, the cards that
    were reviewed last are taken.
    """
    cards: CardReviews = {}
    for course, question, at, rating in history:
        cards.setdefault((course, question), []).append((at, rating))
    found: list[tuple[int, int, int]] = []
    for number, reviews in enumerate(sorted(cards.values(), key=lambda reviews: -reviews[-1][0])):
        if len(found) + len(reviews) > MAX_REVIEWS:
            break
        found += [(number, at, rating) for at, rating in reviews]
    return found


def spaced(reviews: Iterable[tuple[int, int, int]]) -> int:
    """Return how many of the reviews are at least a day after the previous one of their card."""
    count, before = 0, dict[int, int]()
    for card, at, _ in reviews:
        count += card in before and at - before[card] >= DAY
        before[card] = at
    return count
