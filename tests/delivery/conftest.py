"""Processes that deliver on a real database, to a Discord that fails when it is told to."""

import pytest

from bot.store import Store
from tests.databases import query
from tests.delivery.cases import BY_NAME, CASES, open_study
from tests.delivery.plain import Chat, PlainMessenger, Process


@pytest.fixture(params=[case.name for case in CASES])
def case(request):
    """Each kind in turn."""
    return BY_NAME[request.param]


@pytest.fixture(params=[case.name for case in CASES if case.recurring])
def recurring(request):
    """Each kind in turn that has a slot in each period."""
    return BY_NAME[request.param]


@pytest.fixture
def chat(clock):
    return Chat(clock.now)


@pytest.fixture
async def process(store, clock, chat):
    return Process(await open_study(store, clock.now), PlainMessenger(chat))


@pytest.fixture
async def another(path, store, clock, chat):
    """A second process on the same database and the same Discord."""
    second = await Store.open(path)
    yield Process(await open_study(second, clock.now), PlainMessenger(chat))
    await second.close()


@pytest.fixture
def go(clock):
    """Moves the clock to an instant."""

    def go(moment):
        clock.moment = moment

    return go


@pytest.fixture
def rows(path):
    """Slot, state, message and reason of each delivery of a kind, oldest first."""

    def read(case, owner=700):
        return query(
            path,
            "select slot, state, message_id, reason from delivery "
            "where kind = ? and server_id + learner_id = ? order by slot_at",
            case.name,
            owner,
        )

    return read
