"""The warning of a deletion, through the whole bot on a simulated Discord."""

from datetime import timedelta


async def test_the_warning_and_its_button(reminder_sim, rows):
    reminder_sim.study.retention.months = 12
    await reminder_sim.command(reminder_sim.ada, "complete", what="deploy")
    assert rows("select learner_id, used_on from last_use") == [
        (reminder_sim.ada.id, f"{reminder_sim.env.now():%Y-%m-%d}")
    ]
    await reminder_sim.command(reminder_sim.bruno, "paths")
    assert len(rows("select * from last_use")) == 1, "nothing is stored about Bruno"
    used = reminder_sim.env.now().date() - timedelta(days=350)
    rows("update last_use set used_on = ?", used.isoformat())
    reminder_sim.study.retention._used_today = (used, set())
    await reminder_sim.wait(30)
    (message,) = reminder_sim.direct_messages()
    assert "Your progress will be deleted on" in reminder_sim.texts()[0]
    assert "To keep everything, press the button below" in reminder_sim.texts()[0]
    ((warned,),) = rows("select warned_at from last_use")
    assert warned
    reply = await reminder_sim.click(reminder_sim.user, message, "Keep my progress")
    assert "Your progress is safe" in reply.text
    assert rows("select used_on, warned_at from last_use") == [(f"{reminder_sim.env.now():%Y-%m-%d}", None)]


async def test_somebody_who_takes_no_direct_messages(reminder_sim, rows):
    reminder_sim.study.retention.months = 12
    await reminder_sim.command(reminder_sim.ada, "complete", what="deploy")
    rows("update last_use set used_on = '2025-01-10'")
    reminder_sim.close_messages()
    await reminder_sim.wait(30)
    assert reminder_sim.direct_messages() == []
    assert rows("select kind, state, reason from delivery") == [
        ("retention", "skipped", "your direct messages are closed to me")
    ]
    assert rows("select count(*) from last_use where warned_at is not null") == [(1,)]
    reminder_sim.env.backend.advance_clock(timedelta(days=31).total_seconds())
    await reminder_sim.bot.cogs["RetentionCog"].sweep()
    assert rows("select * from tick") == []


async def test_privacy_says_how_long_data_is_kept(reminder_sim):
    shown = await reminder_sim.privacy(reminder_sim.ada)
    assert "Your data is kept until you delete it." in shown.text
