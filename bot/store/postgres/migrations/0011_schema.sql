-- The whole schema of version 11, as SQLite's migrations make it. Later versions add numbered files to both folders.

-- SQLite's functions that PostgreSQL lacks, so that both engines share the queries.

-- The elements of a JSON array or object as text. Keys of an array are its indices.
create function json_each(document text) returns table (key text, value text)
language plpgsql immutable as $$
begin
    if jsonb_typeof(document::jsonb) = 'array' then
        return query
            select (element.ordinality - 1)::text, element.value
            from jsonb_array_elements_text(document::jsonb) with ordinality as element (value, ordinality);
    else
        return query select element.key, element.value from jsonb_each_text(document::jsonb) as element;
    end if;
end
$$;

create aggregate group_concat(text, text) (
    sfunc = string_agg_transfn,
    stype = internal,
    finalfunc = string_agg_finalfn
);

-- Text compares by code point (collation "C"), as in SQLite.

create table learner (
    learner_id bigint primary key,
    hidden bigint not null default 0 check (hidden in (0, 1)),
    zone text collate "C",
    zone_asked bigint not null default 0 check (zone_asked in (0, 1))
);

create table server (
    server_id bigint primary key,
    course text collate "C",
    removed_at bigint
);

create table member (
    server_id bigint not null,
    course text collate "C" not null,
    learner_id bigint not null,
    joined_at bigint not null,
    left_at bigint,
    gone_at bigint,
    away_until bigint,
    primary key (server_id, course, learner_id)
);

create index member_by_learner on member (learner_id);

create table tick (
    learner_id bigint not null,
    course text collate "C" not null,
    route text collate "C" not null,
    done_at bigint not null,
    made_at bigint not null,
    server_id bigint,
    change_id bigint not null,
    primary key (learner_id, course, route)
);

create table milestone (
    learner_id bigint not null,
    course text collate "C" not null,
    route text collate "C" not null,
    reached_at bigint not null,
    server_id bigint,
    primary key (learner_id, course, route)
);

create table setting (
    name text collate "C" primary key,
    value text collate "C" not null
);

create table cohort (
    server_id bigint not null,
    course text collate "C" not null,
    channel_id bigint not null,
    -- A thread that sleeps is not told by Discord at the start, so one that is unknown is not a deleted one.
    thread bigint not null default 0 check (thread in (0, 1)),
    day bigint not null check (day between 0 and 6),
    minute bigint not null check (minute between 0 and 1439),
    zone text collate "C" not null,
    -- on: due_at is the slot to serve; paused by an administrator; suspended by a lost channel or permission; off.
    state text collate "C" not null default 'on' check (state in ('on', 'paused', 'suspended', 'off')),
    due_at bigint not null,
    reason text collate "C",
    -- What Discord allowed when the digest was suspended: it resumes once that has changed for the better.
    seen text collate "C",
    told bigint not null default 0 check (told in (0, 1)),
    set_by bigint,
    primary key (server_id, course)
);

create index cohort_due on cohort (due_at) where state = 'on';

create index cohort_suspended on cohort (server_id) where state = 'suspended';

create index cohort_set_by on cohort (set_by) where set_by is not null;

create table exam (
    learner_id bigint not null,
    course text collate "C" not null,
    exam_on text collate "C" not null,
    shared bigint not null default 0 check (shared in (0, 1)),
    primary key (learner_id, course)
);

create table study_day (
    learner_id bigint not null,
    day text collate "C" not null,
    first_at bigint not null,
    last_at bigint not null,
    zone text collate "C" not null,
    primary key (learner_id, day)
);

create table plan (
    learner_id bigint not null,
    course text collate "C" not null,
    minutes_a_week bigint not null check (minutes_a_week > 0),
    -- The weekdays to study on, as bits: 1 is Monday, 64 is Sunday.
    days bigint not null check (days between 1 and 127),
    start_on text collate "C" not null,
    -- What was left of the course when the plan was set.
    baseline_minutes bigint not null,
    primary key (learner_id, course)
);

create table away (
    learner_id bigint not null,
    first_on text collate "C" not null,
    last_on text collate "C" not null,
    primary key (learner_id, first_on)
);

create table reminder (
    learner_id bigint not null,
    course text collate "C" not null,
    -- on: due_at is when to look again; paused by the learner or by the end of the course; suspended by Discord; off.
    state text collate "C" not null default 'on' check (state in ('on', 'paused', 'suspended', 'off')),
    days bigint not null check (days between 1 and 127),
    minute bigint not null check (minute between 0 and 1439),
    due_at bigint not null,
    -- Slots before this moment are over: served, put off, or from before it was set.
    since_at bigint not null,
    -- The direct message, so that it is opened once.
    channel_id bigint not null,
    reason text collate "C",
    told bigint not null default 0 check (told in (0, 1)),
    primary key (learner_id, course)
);

create index reminder_due on reminder (due_at) where state = 'on';

create index reminder_news on reminder (told) where state = 'suspended';

create table card (
    learner_id bigint not null,
    course text collate "C" not null,
    question text collate "C" not null,
    -- FSRS: 1 learning, 2 review, 3 relearning; its step while it is learned, else null; days; 1 to 10.
    state bigint not null check (state between 1 and 3),
    step bigint,
    stability double precision not null,
    difficulty double precision not null,
    due_at bigint not null,
    reviewed_at bigint not null,
    -- 1 again, 2 hard, 3 good, 4 easy.
    rating bigint not null check (rating between 1 and 4),
    primary key (learner_id, course, question)
);

create table review (
    learner_id bigint not null,
    number bigint not null,
    course text collate "C" not null,
    question text collate "C" not null,
    reviewed_at bigint not null,
    rating bigint not null check (rating between 1 and 4),
    correct bigint not null check (correct in (0, 1)),
    -- Milliseconds from the question to the answer; null where nobody knows.
    duration bigint,
    -- The options chosen, as indices in the file with commas between them: an undo shows the answer again.
    chosen text collate "C",
    old_state bigint,
    old_step bigint,
    old_stability double precision,
    old_difficulty double precision,
    old_due_at bigint,
    old_reviewed_at bigint,
    old_rating bigint,
    primary key (learner_id, number)
);

create table reviewing (
    learner_id bigint not null,
    course text collate "C" not null,
    -- What was asked for: a path or module (null for all), modules that aren't ticked too, so many cards, so many new ones
    -- beyond those of the day.
    route text collate "C",
    beyond bigint not null default 0 check (beyond in (0, 1)),
    goal bigint not null,
    extra bigint not null default 0,
    -- How far it is: cards answered, and right ones among them.
    done bigint not null default 0,
    correct bigint not null default 0,
    -- The card that is shown (null when the round is over), its order of options, and since when.
    question text collate "C",
    seed bigint not null default 0,
    shown_at bigint not null default 0,
    -- Once it is answered: the options chosen, as indices with commas between them; the milliseconds; and the number of
    -- its review, null where that was taken back.
    chosen text collate "C",
    duration bigint,
    number bigint,
    primary key (learner_id, course)
);

create table quiz (
    quiz_id bigint primary key,
    server_id bigint not null,
    channel_id bigint not null unique,
    course text collate "C" not null,
    -- What it is about: a path or module; null for all of the course.
    route text collate "C",
    -- Seconds for each question.
    seconds bigint not null,
    -- The ids of the questions in their order, as a JSON list.
    questions text collate "C" not null,
    -- lobby: members join; asking: question number (from 1) is open; pause: it is closed.
    state text collate "C" not null default 'lobby' check (state in ('lobby', 'asking', 'pause')),
    number bigint not null default 0,
    -- When the question was opened, and when it closes; in the lobby, when that opened, and when the quiz starts.
    opens_at bigint not null,
    closes_at bigint not null,
    -- The message of the lobby or of the question; null until it is known.
    message_id bigint
);

create table quiz_player (
    quiz_id bigint not null,
    learner_id bigint not null,
    host bigint not null default 0 check (host in (0, 1)),
    playing bigint not null default 0 check (playing in (0, 1)),
    primary key (quiz_id, learner_id)
);

create index quiz_player_by_learner on quiz_player (learner_id);

create table quiz_answer (
    quiz_id bigint not null,
    number bigint not null,
    learner_id bigint not null,
    choice bigint not null,
    correct bigint not null check (correct in (0, 1)),
    took bigint not null,
    primary key (quiz_id, number, learner_id)
);

create index quiz_answer_by_learner on quiz_answer (learner_id, quiz_id);

create table mock (
    learner_id bigint not null,
    course text collate "C" not null,
    -- Above all of the learner's earlier ones in the course, and never given twice; the order of options is drawn by it.
    number bigint not null,
    started_at bigint not null,
    -- When the time is over; null where it isn't timed.
    ends_at bigint,
    -- The question that is shown, by its place from 0.
    place bigint not null default 0,
    -- Once it is over: when, and how many answers of how many questions were right.
    ended_at bigint,
    correct bigint,
    asked bigint,
    primary key (learner_id, course, number)
);

create unique index mock_open on mock (learner_id, course) where ended_at is null;

create table mock_answer (
    learner_id bigint not null,
    course text collate "C" not null,
    number bigint not null,
    place bigint not null,
    question text collate "C" not null,
    -- The options chosen, as indices with commas between them; null where nothing is.
    chosen text collate "C",
    primary key (learner_id, course, number, place)
);

create table delivery (
    -- Whom it is for: a server or a learner; 0 for the other.
    server_id bigint not null default 0,
    learner_id bigint not null default 0,
    kind text collate "C" not null,
    -- Slots are unique within a series: a server has one for each course, a learner has one of reminders.
    series text collate "C" not null default '',
    -- The period that gets one message at most: an ISO week such as 2026-W48, or a local date.
    slot text collate "C" not null,
    course text collate "C" not null,
    slot_at bigint not null,
    state text collate "C" not null check (state in ('claimed', 'sent', 'skipped')),
    owner text collate "C",
    lease_until bigint,
    attempts bigint not null default 0,
    -- When the last attempt began to send: its message, if there is one, is not older. channel_id is where it went.
    tried_at bigint,
    next_try_at bigint,
    channel_id bigint,
    message_id bigint,
    sent_at bigint,
    -- The learner asked for the message once more: slot_at is when.
    repeated bigint not null default 0 check (repeated in (0, 1)),
    -- Why it was skipped, or what kept the last attempt from succeeding.
    reason text collate "C",
    primary key (server_id, learner_id, kind, series, slot)
);

create index delivery_by_learner on delivery (learner_id);

create index delivery_open on delivery (kind, slot_at) where state = 'claimed';

create table shard_lease (
    -- Count and number, such as 4:0, or "all" for a process that serves every shard.
    shard text collate "C" primary key,
    owner text collate "C" not null,
    host text collate "C" not null,
    process bigint not null,
    renewed_at bigint not null,
    -- Another process asked for the shard: its owner stops.
    handover bigint not null default 0 check (handover in (0, 1))
);

create table last_use (
    learner_id bigint primary key,
    -- The last day (UTC) with a command, button or form.
    used_on text collate "C" not null,
    -- When the learner was told that their data will be deleted, or when telling them turned out to be impossible.
    warned_at bigint
);

create index last_use_by_day on last_use (used_on);

create view stored_learner as
select learner_id from learner
union all select learner_id from member
union all select learner_id from tick
union all select learner_id from milestone
union all select learner_id from study_day
union all select learner_id from exam
union all select learner_id from plan
union all select learner_id from away
union all select learner_id from reminder
union all select learner_id from card
union all select learner_id from review
union all select learner_id from reviewing
union all select learner_id from mock
union all select learner_id from mock_answer;
