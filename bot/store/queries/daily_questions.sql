-- The question of the day: one schedule per server, a post per slot, and the answers to it.

-- name: daily_question
select server_id, channel_id, thread, minute, zone, role, state, due_at, active_at, reason, seen, told, set_by,
    thread_reason
from daily_question
where server_id = :server;

-- name: set_daily_question!
insert into daily_question (
    server_id, channel_id, thread, minute, zone, role, state, due_at, active_at, set_by
)
values (:server, :channel, :thread, :minute, :zone, :role, :state, :due_at, :active_at, :set_by)
on conflict (server_id) do update
set channel_id = excluded.channel_id,
    thread = excluded.thread,
    minute = excluded.minute,
    zone = excluded.zone,
    role = excluded.role,
    state = excluded.state,
    due_at = excluded.due_at,
    active_at = excluded.active_at,
    reason = null,
    seen = null,
    told = 0,
    set_by = excluded.set_by,
    thread_reason = null;

-- name: suspend_daily_question
-- Only if it is still on, in the channel that Discord rejected.
update daily_question
set state = 'suspended', reason = :reason, seen = :seen, told = 0
where server_id = :server and state = 'on' and channel_id = :channel
returning state;

-- name: resume_daily_question
update daily_question
set state = 'on', reason = null, seen = null
where server_id = :server and state = 'suspended' and channel_id = :channel
returning state;

-- name: pause_daily_question!
update daily_question
set state = 'paused', reason = :reason, told = 0
where server_id = :server and state = 'on';

-- name: daily_question_told!
update daily_question
set told = 1
where server_id = :server;

-- name: set_daily_question_due!
update daily_question
set due_at = :due_at, told = 0
where server_id = :server;

-- name: set_thread_reason!
update daily_question
set thread_reason = :reason
where server_id = :server;

-- name: due_daily_questions
-- Servers whose question is due, unless an attempt holds the claim or waits. Those that removed the bot are left out.
select daily_question.server_id
from daily_question
left join server on server.server_id = daily_question.server_id
where daily_question.state = 'on' and daily_question.due_at <= :now and server.removed_at is null
    and not exists (
        select 1 from delivery
        where delivery.server_id = daily_question.server_id and delivery.learner_id = 0
            and delivery.kind = 'daily-question' and delivery.series = ''
            and delivery.state = 'claimed' and (delivery.lease_until > :now or delivery.next_try_at > :now)
    )
order by daily_question.due_at
limit :most;

-- name: stopped_daily_questions
-- Those that are suspended, and those that paused by themselves and whose manager hasn't been told.
select daily_question.server_id, channel_id, thread, minute, zone, role, state, due_at, active_at, reason, seen,
    told, set_by, thread_reason
from daily_question
left join server on server.server_id = daily_question.server_id
where (state = 'suspended' or (state = 'paused' and reason is not null and told = 0)) and server.removed_at is null;

-- name: failing_daily_questions
-- Those that are on, whose post keeps failing, and whose manager hasn't been told.
select daily_question.server_id, daily_question.channel_id, thread, minute, zone, role, daily_question.state, due_at,
    active_at, daily_question.reason, seen, told, set_by, thread_reason, delivery.reason
from delivery
join daily_question on daily_question.server_id = delivery.server_id
where delivery.kind = 'daily-question' and delivery.state = 'claimed' and delivery.attempts >= :attempts
    and delivery.reason is not null and daily_question.state = 'on' and daily_question.told = 0;

-- name: daily_post
-- A post with its message, if it was sent.
select daily_post.course, question, fingerprint, reveals, revealed_at, shown, closed, discussed, delivery.channel_id,
    message_id
from daily_post
left join delivery on delivery.server_id = daily_post.server_id and delivery.learner_id = 0
    and delivery.kind = 'daily-question' and delivery.series = '' and delivery.slot = daily_post.slot
where daily_post.server_id = :server and daily_post.slot = :slot;

-- name: add_daily_post!
insert into daily_post (server_id, slot, course, question, fingerprint, reveals)
values (:server, :slot, :course, :question, :fingerprint, :reveals)
on conflict (server_id, slot) do nothing;

-- name: asked_daily_questions
-- How often each question of a course was posted in a server, without slots that were skipped.
select daily_post.question, count(*)
from daily_post
join delivery on delivery.server_id = daily_post.server_id and delivery.learner_id = 0
    and delivery.kind = 'daily-question' and delivery.series = '' and delivery.slot = daily_post.slot
where daily_post.server_id = :server and daily_post.course = :course and delivery.state <> 'skipped'
group by daily_post.question;

-- name: unrevealed_daily_post
-- The latest post before a slot whose answer no other post shows.
select daily_post.slot
from daily_post
join delivery on delivery.server_id = daily_post.server_id and delivery.learner_id = 0
    and delivery.kind = 'daily-question' and delivery.series = '' and delivery.slot = daily_post.slot
where daily_post.server_id = :server and daily_post.slot < :slot and delivery.state = 'sent'
    and not exists (
        select 1
        from daily_post as later
        join delivery as its on its.server_id = later.server_id and its.learner_id = 0
            and its.kind = 'daily-question' and its.series = '' and its.slot = later.slot
        where later.server_id = daily_post.server_id and later.reveals = daily_post.slot and its.state = 'sent'
    )
order by daily_post.slot desc
limit 1;

-- name: revealing_daily_post
-- The message that shows the answer of a slot's question.
select delivery.channel_id, delivery.message_id
from daily_post
join delivery on delivery.server_id = daily_post.server_id and delivery.learner_id = 0
    and delivery.kind = 'daily-question' and delivery.series = '' and delivery.slot = daily_post.slot
where daily_post.server_id = :server and daily_post.reveals = :slot and delivery.state = 'sent';

-- name: reveal_daily_post
-- Only the first time: a returned row means that the answers must be counted now.
update daily_post
set revealed_at = :now
where server_id = :server and slot = :slot and revealed_at is null
returning slot;

-- name: count_daily_answers!
insert into daily_tally (server_id, slot, choice, answers)
select server_id, slot, choice, count(*)
from daily_answer
where server_id = :server and slot = :slot
group by server_id, slot, choice;

-- name: daily_tally
select choice, answers
from daily_tally
where server_id = :server and slot = :slot
order by choice;

-- name: number_of_daily_answers
select count(*)
from daily_answer
where server_id = :server and slot = :slot;

-- name: daily_answer
select choice, correct, answered_at
from daily_answer
where server_id = :server and slot = :slot and learner_id = :learner;

-- name: add_daily_answer!
insert into daily_answer (server_id, slot, learner_id, choice, correct, answered_at)
values (:server, :slot, :learner, :choice, :correct, :now);

-- name: daily_answered_since
select 1
where exists (select 1 from daily_answer where server_id = :server and answered_at >= :since);

-- name: set_daily_post_shown!
update daily_post
set shown = :shown, closed = :closed
where server_id = :server and slot = :slot;

-- name: set_discussed!
update daily_post
set discussed = 1
where server_id = :server and slot = :slot;

-- name: outdated_daily_posts
-- Posts whose message doesn't show the current number of answers, or that their answer was revealed.
select daily_post.server_id, daily_post.slot
from daily_post
join delivery on delivery.server_id = daily_post.server_id and delivery.learner_id = 0
    and delivery.kind = 'daily-question' and delivery.series = '' and delivery.slot = daily_post.slot
where daily_post.closed = 0 and delivery.state = 'sent' and delivery.message_id is not null
    and (
        (
            daily_post.revealed_at is null and daily_post.shown <> (
                select count(*)
                from daily_answer
                where daily_answer.server_id = daily_post.server_id and daily_answer.slot = daily_post.slot
            )
        )
        or exists (
            select 1
            from daily_post as later
            join delivery as its on its.server_id = later.server_id and its.learner_id = 0
                and its.kind = 'daily-question' and its.series = '' and its.slot = later.slot
            where later.server_id = daily_post.server_id and later.reveals = daily_post.slot and its.state = 'sent'
        )
    );

-- name: cards_of_cohort
-- The cards of the visible members.
select member.learner_id, question, state, step, stability, difficulty, due_at, reviewed_at, rating
from member
join card on card.learner_id = member.learner_id and card.course = member.course
left join learner on learner.learner_id = member.learner_id
where member.server_id = :server and member.course = :course and member.left_at is null and member.gone_at is null
    and coalesce(learner.hidden, 0) = 0;

-- name: daily_answers_of_week
-- How many answers the posts of a week got, and from how many members.
select count(*), count(distinct daily_answer.learner_id)
from delivery
join daily_post on daily_post.server_id = delivery.server_id and daily_post.slot = delivery.slot
join daily_answer on daily_answer.server_id = delivery.server_id and daily_answer.slot = delivery.slot
where delivery.server_id = :server and delivery.learner_id = 0 and delivery.kind = 'daily-question'
    and delivery.series = '' and delivery.sent_at >= :since and delivery.sent_at < :until
    and daily_post.course = :course;

-- name: daily_tallies_of_week
-- How many chose what in the questions that were revealed in a week.
select daily_post.slot, daily_post.question, daily_post.fingerprint, delivery.channel_id, delivery.message_id,
    daily_tally.choice, daily_tally.answers
from daily_post
join daily_tally on daily_tally.server_id = daily_post.server_id and daily_tally.slot = daily_post.slot
join delivery on delivery.server_id = daily_post.server_id and delivery.learner_id = 0
    and delivery.kind = 'daily-question' and delivery.series = '' and delivery.slot = daily_post.slot
where daily_post.server_id = :server and daily_post.course = :course
    and daily_post.revealed_at >= :since and daily_post.revealed_at < :until
order by daily_post.slot, daily_tally.choice;

-- name: export_daily_answer
select server_id, slot, choice, correct, answered_at
from daily_answer
where learner_id = :learner
order by answered_at;

-- name: forget_daily_answer
delete from daily_answer where learner_id = :learner returning 1;

-- name: export_daily_question
select server_id, channel_id, minute, zone, state
from daily_question
where set_by = :learner;

-- name: forget_daily_question
-- The server's schedule stays; who set it up is deleted.
update daily_question set set_by = null where set_by = :learner returning 1;

-- name: purge_daily_question!
delete from daily_question where server_id = :server;

-- name: purge_daily_post!
delete from daily_post where server_id = :server;

-- name: purge_daily_answer!
delete from daily_answer where server_id = :server;

-- name: purge_daily_tally!
delete from daily_tally where server_id = :server;
