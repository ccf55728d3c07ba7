"""A simulated server with the real bot: members act, and the responses are returned as text."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pytest
import simcord
from simcord import actors
from simcord.backend import serializers
from simcord.builders import ChannelHandle, UserHandle
from simcord.enums import InteractionType
from simcord.results import InteractionResult, ResponseMessage

from bot.client.bot import StudyBot
from bot.core.course.catalogue import Catalogue
from bot.core.course.course import Course
from bot.store import Store
from bot.study import Asker, Study

V2 = 1 << 15
WRONG = "Something went wrong on my end"

Member = simcord.MemberActor | UserHandle
"""A member of the server, or a user in direct messages with the bot."""


def parts(payload: Any) -> Iterator[dict[str, Any]]:
    """Yield all objects in a payload, in order."""
    for one in payload if isinstance(payload, list) else [payload]:
        if isinstance(one, dict):
            yield one
            for inner in one.values():
                yield from parts(inner)


INVISIBLE = dict.fromkeys(map(ord, "\u2068\u2069\u200b"))
"""Characters that isolate names from the text around them; see tests/views/test_names.py."""


def text_of(payload: Any) -> str:
    """Return the readable text of a message or form: titles, contents, labels, descriptions, placeholders."""
    kinds = ("title", "content", "label", "placeholder", "description")
    text = "\n".join(part[kind] for part in parts(payload) for kind in kinds if isinstance(part.get(kind), str))
    return text.translate(INVISIBLE)


@dataclass
class Reply:
    """The bot's response to one interaction."""

    result: InteractionResult

    @property
    def message(self) -> ResponseMessage:
        """The last private message, such as an error after a response."""
        own = [each for each in self.result.followups if each.ephemeral]
        message = own[-1] if own else self.result.response
        assert message is not None, "the bot did not respond"
        return message

    @property
    def text(self) -> str:
        return text_of(self.message.components)

    @property
    def private(self) -> bool:
        return self.message.ephemeral

    @property
    def public(self) -> list[str]:
        """The texts of public follow-ups."""
        return [text_of(each.components) for each in self.result.followups if not each.ephemeral]

    @property
    def modal(self) -> dict[str, Any]:
        assert self.result.modal is not None, "the bot opened no form"
        return self.result.modal

    @property
    def buttons(self) -> list[str]:
        return [part["label"] for part in parts(self.message.components) if part.get("type") == 2]

    @property
    def links(self) -> dict[str, str]:
        found = [part for part in parts(self.message.components) if part.get("type") == 2 and "url" in part]
        return {part["label"]: part["url"] for part in found}

    def custom_id(self, label: str) -> str:
        return next(part["custom_id"] for part in parts(self.message.components) if part.get("label") == label)

    def select_id(self, start: str) -> str:
        """The ``custom_id`` of the message's select whose verb and state start with ``start``."""
        ids = [part["custom_id"] for part in parts(self.message.components) if part.get("type") in (3, 6, 8)]
        return next(each for each in ids if each.startswith(f"wms1:{start}"))

    def options(self, start: str = "") -> dict[str, str]:
        """Labels and values of the message's select, or of the one whose verb and state start with ``start``."""
        menus = [part for part in parts(self.message.components) if part.get("type") == 3]
        (menu,) = [each for each in menus if each["custom_id"].startswith(f"wms1:{start}")]
        return {option["label"]: option["value"] for option in menu["options"]}


class Simulation:
    """A server with three members and a channel, and the bot on a real database."""

    def __init__(self, env: simcord.Env, study: Study, store: Store) -> None:
        self.env, self.study, self.store = env, study, store
        self.guild = env.create_guild("Cloud study group")
        self.channel = self.guild.create_text_channel("az-104")
        names = ("Ada", "Bruno", "Cleo")
        self.ada, self.bruno, self.cleo = (
            self.guild.add_member(env.create_user(name.lower(), global_name=name)) for name in names
        )

    @property
    def bot(self) -> StudyBot:
        bot = self.env.bot
        assert isinstance(bot, StudyBot)
        return bot

    async def privacy(self, who: Member, *labels: str) -> Reply:
        """Open ``/privacy`` and press buttons one after the other."""
        reply = await self.command(who, "privacy")
        for label in labels:
            reply = await self.click(who, reply, label)
        return reply

    def _place(self, who: Member) -> ChannelHandle:
        return who.dm_channel if isinstance(who, UserHandle) else self.channel

    async def dispatch(self, who: Member, kind: InteractionType, data: dict[str, Any], **more: Any) -> Reply:
        """Dispatch an interaction that a client might not offer."""
        return Reply(await actors._dispatch_actor_interaction(who, kind, self._place(who), data, **more))

    async def command(self, who: Member, name: str, /, **options: Any) -> Reply:
        """Run a command as typed, in the channel (a member) or in direct messages (a user)."""
        return Reply(await actors._slash(who, self._place(who), name, options))

    async def join(self, *members: Member, course: str | None = None) -> None:
        """Let members join the study group of this server."""
        found = self.study.course(self.guild.id, course)
        for member in members:
            await self.study.progress.join(self.asker(member), found, visible=True)

    def asker(self, member: Member) -> Asker:
        """Return a member as the product knows them."""
        return Asker(member.id, self.guild.id, member.name)

    async def menu(self, who: Member, name: str, target: Member) -> Reply:
        """Choose an entry of the menu of a member."""
        assert isinstance(who, simcord.MemberActor)
        return Reply(await who.context_menu(self.channel, name, target))

    async def click(self, who: Member, on: Reply | ResponseMessage, label: str, *, nth: int = 0) -> Reply:
        """Press a button; of several with the same label, the one with the number ``nth``."""
        message = on.message if isinstance(on, Reply) else on
        found = [part["custom_id"] for part in parts(message.components) if part.get("label") == label]
        given = {"custom_id": found[nth], "label": None} if nth else {"custom_id": None, "label": label}
        return Reply(await actors._component_click(who, message, **given))

    async def choose(self, who: Member, on: Reply, label: str, start: str = "") -> Reply:
        """Choose the option ``label`` in the message's select, or in the one whose verb and state start with
        ``start``.
        """
        custom_id = on.select_id(start) if start else None
        return Reply(await actors._component_select(who, on.message, [on.options(start)[label]], custom_id=custom_id))

    async def press(self, who: Member, custom_id: str, on: ResponseMessage, *values: str) -> Reply:
        """Dispatch a component interaction, even if the component isn't visible or enabled."""
        found = [part for part in parts(on.components) if part.get("custom_id") == custom_id]
        component_type = found[0]["type"] if found else 3 if values else 2
        data = {"custom_id": custom_id, "component_type": component_type, "values": list(values)}
        told = {"message": dict(serializers.message_payload(self.env.backend, on._message))}
        kind = InteractionType.MESSAGE_COMPONENT
        return await self.dispatch(who, kind, data, extra=told, source_message_id=on.id)

    async def submit(self, who: Member, form: Reply, *titles: str, **texts: str) -> Reply:
        """Submit a form with exactly the boxes of these titles checked, and these text fields filled in."""
        values: dict[str, Any] = dict(texts)
        for group in boxes(form.modal):
            values[group["custom_id"]] = [each["value"] for each in group["options"] if each["label"] in titles]
        return Reply(await who.submit_modal(form.result, values))

    async def fill(self, who: Member, form: Reply, **values: Any) -> Reply:
        """Submit a form with its current values, except for those given."""
        return Reply(await who.submit_modal(form.result, current_values(form.modal) | values))

    async def set_plan(self, who: Member, course: str | None = None, **values: Any) -> Reply:
        """Set an exam date or change a plan: open the panel, fill in the form, and save."""
        panel = await self.command(who, "plan", **({"course": course} if course else {}))
        label = next(label for label in ("Set exam date", "Edit plan", "Rescheduled") if label in panel.buttons)
        return await self.fill(who, await self.click(who, panel, label), **values)

    async def set_reminder(
        self, who: Member, days: Sequence[int] = range(7), time: str = "18:00", **more: str
    ) -> Reply:
        """Set a reminder for a course, by default the server's: open the panel, fill in the form, and save."""
        panel = await self.command(who, "remind")
        label = next(label for label in ("Set a reminder", "Add a reminder") if label in panel.buttons)
        chosen = {"course": [more["course"]]} if more else {}
        return await self.fill(
            who, await self.click(who, panel, label), days=[str(day) for day in days], time=time, **chosen
        )

    async def open_panel(self, who: Member, verb: str, *state: str) -> Reply:
        """Open a panel with a button of a public message."""
        return await self.press_old(who, ":".join(["wm1", verb, *state]))

    async def press_old(self, who: Member, custom_id: str) -> Reply:
        """Press a button of an earlier public message."""
        message = self.old_message({"type": 2, "style": 2, "label": "Press", "custom_id": custom_id})
        return await self.press(who, custom_id, message)

    async def add_days_off(self, who: Member, first: str, last: str = "") -> Reply:
        """Add days off: open the panel with a button of any message, fill in the form, and save."""
        panel = await self.open_panel(who, "daysoff")
        return await self.fill(who, await self.click(who, panel, "Add days off"), first=first, last=last)

    async def submit_raw(self, who: Member, custom_id: str, values: Sequence[str] = ()) -> Reply:
        """Submit a form with any ``custom_id``."""
        inner = {"type": 22, "id": 2, "custom_id": "group0", "values": list(values)}
        data = {"custom_id": custom_id, "components": [{"type": 18, "id": 1, "component": inner}]}
        return await self.dispatch(who, InteractionType.MODAL_SUBMIT, data)

    async def offered(self, who: Member, command: str, option: str, typed: str, /, **filled: Any) -> dict[str, str]:
        """Return autocomplete choices as names and values."""
        found = await self.choices(who, command, option, typed, **filled)
        return {each["name"]: each["value"] for each in found}

    async def choices(self, who: Member, command: str, option: str, typed: str, /, **filled: Any) -> list[Any]:
        """Return autocomplete choices as Discord receives them."""
        return await actors._autocomplete(who, self._place(who), command, option, typed, filled)

    def old_message(self, *components: dict[str, Any], to: UserHandle | None = None) -> ResponseMessage:
        """Create an earlier message of the bot with these components, in the channel or in direct messages."""
        row = {"type": 1, "components": list(components)}
        backend = self.env.backend
        stored = backend.create_message(
            (to.dm_channel if to else self.channel).id, backend.bot_user.id, components=[row], flags=V2
        )
        return ResponseMessage(self.env, stored)

    def channel_texts(self) -> list[str]:
        """Return the texts of public messages in the channel, without the welcome message."""
        stored = self.env.backend.messages.get(self.channel.id, {}).values()
        texts = [text_of(message.components) for message in stored if not message.is_ephemeral]
        return [text for text in texts if "Hi, I'm Waymark" not in text]

    def sent(self, path: str = "") -> list[Any]:
        """Return the JSON of every request whose path contains ``path``."""
        return [each.json for each in self.env.http_requests if path in each.path]

    def file(self, reply: Reply) -> Any:
        """Return the JSON of the message's only attachment."""
        (attachment,) = reply.message.attachments
        return json.loads(self.env.backend.cdn.get(attachment.url) or b"")

    async def concurrently(self, *acts: Any) -> list[Reply]:
        """Run several of the calls above concurrently."""
        return list(await asyncio.gather(*acts))

    async def restart(self, *courses: Course) -> None:
        """Restart the bot on the same database, optionally with other courses."""
        catalogue = Catalogue(courses, courses[0].id) if courses else self.study.catalogue
        self.study = await Study.open(self.store, catalogue, now=self.study.now)
        await self.env.restart_bot(StudyBot(self.study, self.store, shard_count=1))


def current_values(modal: dict[str, Any]) -> dict[str, Any]:
    """Return the values that a form shows: texts, and the chosen options."""
    values: dict[str, Any] = {}
    for part in parts(modal["components"]):
        chosen = [each["value"] for each in part.get("options") or [] if each.get("default")]
        match part.get("type"):
            case 4:
                values[part["custom_id"]] = part.get("value") or ""
            case 3:
                values[part["custom_id"]] = chosen
            case 21 if chosen:
                values[part["custom_id"]] = chosen[0]
    return values


def boxes(modal: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the checkbox groups of a form."""
    return [part for part in parts(modal["components"]) if part.get("type") == 22]


class FastEnv(simcord.Env):
    """Checks every 2 ms instead of 50 ms whether the bot is idle."""

    async def _settle_internal(self, *, idle: float = 0.002, **more: Any) -> None:
        await super()._settle_internal(idle=idle, **more)


@pytest.fixture
async def env(study: Study, store: Store) -> AsyncIterator[simcord.Env]:
    # simcord treats refusals as errors because the tree handles them; it must not raise them.
    bot = StudyBot(study, store, shard_count=1)
    # A slow machine needs more than 5 s for many concurrent commands. Longer delays are simulated with advance_time.
    env = FastEnv(bot, shard_count=1, check_errors=False, settle_timeout=12.0)
    await env.start()
    yield env
    await env.shutdown()


@pytest.fixture
async def sim(env: simcord.Env, study: Study, store: Store) -> Simulation:
    simulation = Simulation(env, study, store)
    await env.settle()  # the server is welcomed
    return simulation
