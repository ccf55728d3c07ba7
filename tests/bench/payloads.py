"""What Discord sends: a server, a member's command, a message that it has taken."""

from typing import Any

BOT_USER: dict[str, Any] = {
    "id": "100200300400500600", "username": "waymark", "discriminator": "0000", "global_name": None, "avatar": None,
    "bot": True, "mfa_enabled": True, "locale": "en-US", "verified": True, "email": None, "flags": 0,
    "public_flags": 0, "banner": None, "accent_color": None, "avatar_decoration_data": None,
}  # fmt: skip
APPLICATION: dict[str, Any] = {
    "id": BOT_USER["id"], "name": "Waymark", "description": "", "flags": 0, "icon": None, "team": None,
    "bot_public": True, "bot_require_code_grant": False, "verify_key": "", "owner": BOT_USER, "rpc_origins": None,
}  # fmt: skip
JOINED = "2026-01-14T09:31:42.123000+00:00"
SERVER = 800_000_000_000_000_000
PERMISSIONS = "2222085186571841"
MANAGER = str(int(PERMISSIONS) | 0x20)
"""The same with Manage Server, for who looks at the digest."""
CATEGORIES, TALKS, VOICES, ROLES = 3, 14, 3, 10
SUBJECTS = ("general", "introductions", "az-104", "identity", "storage", "networking", "compute", "monitoring",
            "exam-dates", "resources", "labs", "off-topic", "announcements", "rules")  # fmt: skip


def server(number: int, *, topics: bool = True) -> dict[str, Any]:
    """GUILD_CREATE of a small server: 20 channels (three are categories), 10 roles, five emojis, no member but the bot.

    ``topics`` puts one into each text channel, which discord.py keeps.
    """
    own = SERVER + number * 1000
    roles = [_role(own, place) for place in range(ROLES)]
    channels = [_channel(own, place, topics=topics) for place in range(CATEGORIES + TALKS + VOICES)]
    return {
        "id": str(own), "name": f"Cloud study group {number}", "icon": f"{own:032x}", "description": None,
        "splash": None, "discovery_splash": None, "banner": None, "owner_id": str(own + 900), "application_id": None,
        "region": "rotterdam", "afk_channel_id": None, "afk_timeout": 300, "system_channel_id": channels[3]["id"],
        "system_channel_flags": 0, "widget_enabled": False, "widget_channel_id": None, "verification_level": 1,
        "roles": roles, "default_message_notifications": 1, "mfa_level": 0, "explicit_content_filter": 2,
        "max_presences": None, "max_members": 500000, "max_video_channel_users": 25, "vanity_url_code": None,
        "premium_tier": 0, "premium_subscription_count": 0, "preferred_locale": "en-US", "rules_channel_id": None,
        "features": ["COMMUNITY", "NEWS"], "public_updates_channel_id": None, "safety_alerts_channel_id": None,
        "hub_type": None, "premium_progress_bar_enabled": False, "nsfw": False, "nsfw_level": 0, "stickers": [],
        "emojis": [{"id": str(own + 700 + place), "name": f"study{place}", "roles": [], "require_colons": True,
                    "managed": False, "animated": False, "available": True} for place in range(5)],
        "joined_at": JOINED, "large": False, "unavailable": False, "member_count": 41, "voice_states": [],
        "members": [{"user": BOT_USER, "nick": None, "avatar": None, "roles": [roles[1]["id"]], "joined_at": JOINED,
                     "premium_since": None, "deaf": False, "mute": False, "flags": 0, "pending": False}],
        "channels": channels, "threads": [], "presences": [], "stage_instances": [], "guild_scheduled_events": [],
        "soundboard_sounds": [], "version": 1_700_000_000_000 + number,
    }  # fmt: skip


def _role(own: int, place: int) -> dict[str, Any]:
    name = "@everyone" if place == 0 else f"Study role {place}"
    return {"id": str(own + 100 * bool(place) + place), "name": name, "color": 0x3498DB * bool(place), "hoist": False,
            "colors": {"primary_color": 0x3498DB, "secondary_color": None, "tertiary_color": None}, "icon": None,
            "unicode_emoji": None, "position": place, "permissions": PERMISSIONS, "managed": place == 1,
            "mentionable": False, "flags": 0,
            **({"tags": {"bot_id": BOT_USER["id"]}} if place == 1 else {})}  # fmt: skip


def _channel(own: int, place: int, *, topics: bool = True) -> dict[str, Any]:
    shut = [{"id": str(own), "type": 0, "allow": "0", "deny": "2048"},
            {"id": str(own + 102), "type": 0, "allow": "2048", "deny": "0"}]  # fmt: skip
    made: dict[str, Any] = {"id": str(own + 200 + place), "position": place, "flags": 0, "version": 1,
                            "permission_overwrites": shut if place % 5 == 0 else []}  # fmt: skip
    if place < CATEGORIES:
        return {**made, "type": 4, "name": f"Part {place}"}
    made["parent_id"] = str(own + 200 + place % CATEGORIES)
    if place < CATEGORIES + TALKS:
        name = SUBJECTS[place - CATEGORIES]
        topic = f"Questions and notes about {name}" if topics else None
        return {**made, "type": 0, "name": name, "topic": topic, "nsfw": False,
                "last_message_id": str(own + 500 + place), "rate_limit_per_user": 0, "icon_emoji": None,
                "theme_color": None, "last_pin_timestamp": None}  # fmt: skip
    return {**made, "type": 2, "name": f"Room {place}", "bitrate": 64000, "user_limit": 0, "rtc_region": None,
            "nsfw": False, "rate_limit_per_user": 0, "last_message_id": None, "status": None}  # fmt: skip


def command(number: int, learner: int, name: str, options: dict[str, str], focused: str = "") -> dict[str, Any]:
    """INTERACTION_CREATE of a slash command in the first server, or of its autocomplete while ``focused`` is typed.

    A ``name`` of two words is a command of a group.
    """
    own = SERVER
    channel = {**_channel(own, 5), "guild_id": str(own), "permissions": PERMISSIONS}
    filled: list[dict[str, Any]] = [
        {"name": key, "type": 3, "value": value, **({"focused": True} if key == focused else {})}
        for key, value in options.items()
    ]
    group, _, within = name.partition(" ")
    if within:
        filled = [{"name": within, "type": 1, "options": filled}]
    return {
        "id": str(900_000_000_000_000_000 + number), "application_id": BOT_USER["id"], "type": 4 if focused else 2,
        "token": f"aW50ZXJhY3Rpb24{number:0190d}", "version": 1, "guild_id": str(own), "channel_id": channel["id"],
        "guild": {"id": str(own), "locale": "en-US", "features": ["COMMUNITY", "NEWS"]}, "channel": channel,
        "member": {"user": user(learner), "nick": None, "avatar": None, "banner": None, "roles": [str(own + 103)],
                   "joined_at": JOINED, "premium_since": None, "deaf": False, "mute": False, "flags": 0,
                   "pending": False, "unusual_dm_activity_until": None, "permissions": MANAGER,
                   "communication_disabled_until": None},
        "app_permissions": PERMISSIONS, "locale": "en-US", "guild_locale": "en-US", "entitlements": [],
        "entitlement_sku_ids": [], "authorizing_integration_owners": {"0": str(own)}, "context": 0,
        "attachment_size_limit": 10485760,
        "data": {"id": "7001", "name": group, "type": 1, "options": filled},
    }  # fmt: skip


def press(learner: int, custom_id: str) -> dict[str, Any]:
    """INTERACTION_CREATE of a button of a public message in the first server."""
    button = {"type": 2, "style": 1, "label": "A", "custom_id": custom_id}
    row = {"type": 1, "components": [button]}
    sent = {"flags": 1 << 15, "components": [{"type": 17, "components": [row]}]}
    data = {"custom_id": custom_id, "component_type": 2}
    return {**command(1, learner, "", {}), "type": 3, "data": data, "message": message(str(SERVER + 600), sent)}


def user(learner: int) -> dict[str, Any]:
    return {"id": str(learner), "username": f"member{learner}", "global_name": f"Member {learner}", "avatar": None,
            "discriminator": "0", "public_flags": 0, "clan": None, "primary_guild": None, "collectibles": None,
            "avatar_decoration_data": None}  # fmt: skip


def message(own: str, sent: dict[str, Any]) -> dict[str, Any]:
    """The message that Discord makes of what a bot sent."""
    return {
        "id": own, "type": 20, "channel_id": str(SERVER + 205), "author": BOT_USER, "content": sent.get("content", ""),
        "components": sent.get("components") or [], "flags": sent.get("flags", 0), "attachments": [], "embeds": [],
        "mentions": [], "mention_roles": [], "mention_everyone": False, "pinned": False, "tts": False,
        "timestamp": JOINED, "edited_timestamp": None, "webhook_id": BOT_USER["id"],
        "application_id": BOT_USER["id"],
    }  # fmt: skip
