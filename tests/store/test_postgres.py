"""What happens to PostgreSQL and its connections: every answer is true, and everything recovers by itself."""

import asyncio
import os
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import psycopg
import pytest

from bot.errors import BadSettings, Busy, UnusableDatabase
from bot.operation.doctor import findings
from bot.store import Store
from bot.store.engines import secrets_of
from bot.store.postgres.connection import POOL_SIZE
from bot.store.postgres.schema import migrations
from bot.study.study import utc_now
from tests.databases import break_on, query, repair
from tests.store.changes import ADA, BEN, routes, tick

ROOT = Path(__file__).parents[2]


@pytest.fixture
def address(postgres):
    made = postgres.create()
    yield made
    postgres.drop(made)


@asynccontextmanager
async def opened(address):
    store = await Store.open(address)
    try:
        yield store
    finally:
        await store.close()


def end_connections(address, *, but=0):
    """End every other connection to the database, as a restart of the server does."""
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity"
            " where datname = current_database() and pid <> pg_backend_pid() and pid <> %s",
            (but,),
        )


def end(*sockets):
    """Close sockets that other threads may be waiting for."""
    for each in sockets:
        with suppress(OSError):
            each.shutdown(socket.SHUT_RDWR)
        each.close()


class Proxy:
    """A TCP proxy before the server that loses connections at a message that a test chooses."""

    def __init__(self, address):
        parts = psycopg.conninfo.conninfo_to_dict(address)
        self._unix = str(Path(str(parts["host"])) / f".s.PGSQL.{parts.get('port', 5432)}")
        self._listener = socket.create_server(("127.0.0.1", 0))
        port = self._listener.getsockname()[1]
        self.address = psycopg.conninfo.make_conninfo(**parts | {"host": "127.0.0.1", "port": str(port)})
        self.cut_before = self.cut_after = b""
        self._threads = ThreadPoolExecutor(64)
        self._sockets = []
        self.cuts = 0
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                server = socket.socket(socket.AF_UNIX)
                server.connect(self._unix)
                self._sockets += [client, server]
                self._threads.submit(self._pump, client, server)
                self._threads.submit(self._back, server, client)

    def _pump(self, client, server):
        """What the client says. ``cut_before`` never arrives; ``cut_after`` arrives, but its answer doesn't."""
        with suppress(OSError):
            while data := client.recv(65536):
                if self.cut_before and self.cut_before in data:
                    self.cut_before = b""
                    break
                if self.cut_after and self.cut_after in data:
                    self.cut_after = b""
                    client.shutdown(socket.SHUT_RDWR)
                    server.sendall(data)
                    self._wait_for(server)
                    break
                server.sendall(data)
        self.cuts += 1
        end(client, server)

    def _wait_for(self, server):
        """Let the server do what it was told before its connection ends."""
        time.sleep(0.05)  # the client knows nothing of it: no test waits for this

    def _back(self, server, client):
        with suppress(OSError):
            while data := server.recv(65536):
                client.sendall(data)
        end(client, server)

    def close(self):
        end(self._listener, *self._sockets)
        self._threads.shutdown()


@pytest.fixture
def proxy(address):
    made = Proxy(address)
    yield made
    made.close()


async def test_a_restart_of_the_server_is_not_noticed(address):
    async with opened(address) as store:
        await tick(store, ADA, "a")
        await asyncio.gather(*(routes(store, ADA) for _ in range(30)))
        await asyncio.to_thread(end_connections, address)
        assert await routes(store, ADA) == {"a"}
        await asyncio.to_thread(end_connections, address)
        assert (await tick(store, ADA, "b")).delta.add == ("b",)
        await store.settings.set("name", "value")
        assert await routes(store, ADA) == {"a", "b"}


@pytest.mark.parametrize("statement", [b"insert into tick", b"insert into milestone", b"commit"])
async def test_lost_before_the_server_got_it_is_tried_again(address, proxy, statement):
    async with opened(proxy.address) as store:
        await tick(store, BEN, "warm")
        proxy.cut_before = statement
        done = await tick(store, ADA, "a", complete=["a"])
        assert (done.delta.add, done.announceable) == (("a",), frozenset({"a"}))
    assert query(address, "select count(*) from tick where learner_id = ?", ADA) == [(1,)]


async def test_lost_after_the_commit_the_answer_is_still_true(address, proxy):
    """The server committed; nobody heard of it. It is done once, and told as what it was."""
    async with opened(proxy.address) as store:
        await tick(store, BEN, "warm")
        proxy.cut_after = b"commit"
        done = await tick(store, ADA, "a", "b", complete=["a"])
        assert (done.delta.add, done.announceable) == (("a", "b"), frozenset({"a"}))
        assert proxy.cuts >= 1
        assert (await tick(store, ADA, "a")).delta.add == ()
    assert query(address, "select count(*) from tick where learner_id = ?", ADA) == [(2,)]
    assert query(address, "select count(*) from study_day where learner_id = ?", ADA) == [(1,)]


async def test_a_server_that_stays_away_is_busy_in_time_and_comes_back(address, proxy):
    async with opened(proxy.address) as store:
        await tick(store, ADA, "a")
        port = proxy._listener.getsockname()[1]
        end(proxy._listener, *proxy._sockets)
        start = asyncio.get_running_loop().time()
        with pytest.raises(Busy, match="nothing was changed"):
            await tick(store, ADA, "b")
        with pytest.raises(Busy):
            await routes(store, ADA)
        assert asyncio.get_running_loop().time() - start < 6, "each within the 3 s that Discord waits"
        proxy._listener = socket.create_server(("127.0.0.1", port))
        threading.Thread(target=proxy._accept, daemon=True).start()
        async with asyncio.timeout(20):
            while True:
                with suppress(Busy):
                    assert (await tick(store, ADA, "b")).delta.add == ("b",)
                    break
    assert query(address, "select count(*) from tick") == [(2,)]


async def test_an_exhausted_pool_is_busy_and_recovers(address):
    async with opened(address) as store:
        await tick(store, ADA, "a")
        with psycopg.connect(address) as other:
            other.execute("lock table tick in access exclusive mode")
            waiting = [tick(store, number, "a") for number in range(1, POOL_SIZE + 4)]
            outcomes = await asyncio.gather(*waiting, return_exceptions=True)
            assert all(isinstance(outcome, Busy) for outcome in outcomes)
        assert await routes(store, ADA) == {"a"}
        assert (await tick(store, BEN, "a")).delta.add == ("a",)


async def test_a_standby_or_a_read_only_server_is_busy_and_nothing_is_lost(address):
    async with opened(address) as store:
        await tick(store, ADA, "a")
        name = psycopg.conninfo.conninfo_to_dict(address)["dbname"]
        query(address, f'alter database "{name}" set default_transaction_read_only = on')
        await asyncio.to_thread(end_connections, address)
        with pytest.raises(Busy):
            await tick(store, ADA, "b")
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute("set default_transaction_read_only = off")
            connection.execute(f'alter database "{name}" reset default_transaction_read_only')
        async with asyncio.timeout(20):
            while True:
                with suppress(Busy):
                    assert (await tick(store, ADA, "b")).delta.add == ("b",)
                    break


async def test_a_full_disk_is_a_sentence_and_loses_nothing(address):
    async with opened(address) as store:
        await tick(store, ADA, "a")
        break_on(address, "before insert on tick", code="53100")
        with pytest.raises(Busy, match="can't save anything"):
            await tick(store, ADA, "b")
        assert await routes(store, ADA) == {"a"}
        repair(address, "before insert on tick")
        assert (await tick(store, ADA, "b")).delta.add == ("b",)


async def test_a_slow_statement_is_ended(address):
    async with opened(address) as store:

        def work(statements):
            statements._connection.execute("select pg_sleep(10)")

        start = asyncio.get_running_loop().time()
        with pytest.raises(Busy):
            await store.engine.transact(work)
        assert asyncio.get_running_loop().time() - start < 3
        assert await routes(store, ADA) == set()


async def test_conflicts_are_tried_again_and_nothing_happens_twice(address):
    """Two processes complete the same units of the same learners at once."""
    async with opened(address) as first, opened(address) as second:
        for number in range(12):
            both = await asyncio.gather(
                *(tick(store, number + 1, "a", "b", complete=["a"]) for store in (first, second, first, second))
            )
            assert sorted(len(done.delta.add) for done in both) == [0, 0, 0, 2]
            assert [done.announceable for done in both if done.announceable] == [frozenset({"a"})]
    for table, count in {"tick": 24, "milestone": 12, "study_day": 12}.items():
        assert query(address, f"select count(*) from {table}") == [(count,)]


async def test_work_that_fails_is_not_tried_again(address):
    async with opened(address) as store:
        runs = []

        def work(statements):
            runs.append(1)
            raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            await store.engine.transact(work)
        assert runs == [1]
        assert (await tick(store, ADA, "a")).delta.add == ("a",)


def test_processes_that_start_together_migrate_once(postgres):
    address = postgres.create(empty=True)
    try:
        code = (
            "import asyncio, sys; from bot.store import Store\n"
            "async def main():\n    await (await Store.open(sys.argv[1])).close()\n"
            "asyncio.run(main())"
        )
        command = [sys.executable, "-c", code, address]
        running = [subprocess.Popen(command, cwd=ROOT) for _ in range(4)]
        assert [process.wait(60) for process in running] == [0] * 4
        assert query(address, "select version from schema_version") == [(max(migrations()),)]
    finally:
        postgres.drop(address)


async def test_a_newer_schema_is_refused_and_left_alone(address):
    query(address, "update schema_version set version = version + 1")
    with pytest.raises(UnusableDatabase, match="Install the newer Waymark"):
        await Store.open(address)
    assert query(address, "select version from schema_version") == [(max(migrations()) + 1,)]


@pytest.mark.parametrize(
    ("url", "error", "said"),
    [
        ("postgresql://nobody:secret-word@/postgres?host={host}", BadSettings, "nobody"),
        ("postgresql://postgres@/no_such_database?host={host}", BadSettings, "no_such_database"),
        ("postgresql://u:secret-word@127.0.0.1:1/x", UnusableDatabase, "can't be used"),
        ("postgresql://u:secret-word@[broken/x", BadSettings, "not an address"),
    ],
)
async def test_what_cant_be_opened_is_a_sentence_without_the_password(postgres, url, error, said):
    host = psycopg.conninfo.conninfo_to_dict(postgres.url)["host"]
    with pytest.raises(error) as caught:
        await Store.open(url.format(host=host))
    assert said in str(caught.value)
    assert "secret-word" not in str(caught.value)
    assert caught.value.exit_code == (78 if error is BadSettings else 1)


def test_the_password_is_cut_out_of_logs():
    assert secrets_of("postgresql://u:p%40ss@h/d") == ["postgresql://u:p%40ss@h/d", "p@ss"]
    assert secrets_of(Path("waymark.db")) == []


async def test_doctor_knows_the_engine(address, tmp_path, monkeypatch):
    async with opened(address) as store:
        await tick(store, ADA, "a")
    parts = psycopg.conninfo.conninfo_to_dict(address)
    monkeypatch.setenv("DATABASE_URL", f"postgresql://{parts['user']}@/{parts['dbname']}?host={parts['host']}")
    monkeypatch.setenv("DISCORD_TOKEN", "")
    found = [str(finding) async for finding in findings(utc_now(), tmp_path / ".env")]
    assert any("database: PostgreSQL is intact; version" in line for line in found), found
    monkeypatch.setenv("DATABASE_URL", "postgresql://u:secret-word@127.0.0.1:1/x")
    found = [str(finding) async for finding in findings(utc_now(), tmp_path / ".env")]
    assert any("x at 127.0.0.1 can't be used" in line for line in found), found
    assert "secret-word" not in "\n".join(found)


def test_without_psycopg_the_sentence_says_what_to_install(tmp_path):
    """A process that can't import psycopg, as an installation without the extra."""
    code = (
        "import sys; sys.modules['psycopg'] = None; import asyncio; from bot.store import Store\n"
        "from bot.errors import BadSettings\n"
        "try: asyncio.run(Store.open('postgresql://h/d'))\n"
        "except BadSettings as error: print(error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, env=dict(os.environ), check=True
    )
    assert "pip install 'waymark[postgres]'" in done.stdout
