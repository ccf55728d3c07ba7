"""The warning of a deletion, through the whole bot on a simulated Discord."""

from datetime import timedelta


async def test_the_warning_and_its_button(house, rows):
    house.study.retention.months = 12
    await house.command(house.ada, "complete", path="deploy")
    assert rows("select learner_id, used_on from last_use") == [(house.ada.id, f"{house.env.now():%Y-%m-%d}")]
    await house.command(house.bruno, "paths")
    assert len(rows("select * from last_use")) == 1, "nothing is stored about Bruno"
    used = house.env.now().date() - timedelta(days=350)
    rows("update last_use set used_on = ?", used.isoformat())
    house.study.retention._used_today = (used, set())
    await house.wait(30)
    (letter,) = house.letters()
    assert "Your progress will be deleted on" in house.texts()[0]
    assert "To keep everything, press the button below" in house.texts()[0]
    ((warned,),) = rows("select warned_at from last_use")
    assert warned
    reply = await house.click(house.user, letter, "Keep my progress")
    assert "Your progress is safe" in reply.text
    assert rows("select used_on, warned_at from last_use") == [(f"{house.env.now():%Y-%m-%d}", None)]


async def test_somebody_who_takes_no_direct_messages(house, rows):
    house.study.retention.months = 12
    await house.command(house.ada, "complete", path="deploy")
    rows("update last_use set used_on = '2025-01-10'")
    house.close_messages()
    await house.wait(30)
    assert house.letters() == []
    assert rows("select kind, state, reason from delivery") == [
        ("retention", "skipped", "your direct messages are closed to me")
    ]
    assert rows("select count(*) from last_use where warned_at is not null") == [(1,)]
    house.env.backend.advance_clock(timedelta(days=31).total_seconds())
    await house.bot.cogs["RetentionCog"].sweep()
    assert rows("select * from tick") == []


async def test_privacy_says_how_long_data_is_kept(house):
    shown = await house.command(house.ada, "privacy show")
    assert "Your data is kept until you delete it." in shown.text
