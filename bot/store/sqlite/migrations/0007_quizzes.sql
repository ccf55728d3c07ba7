-- A quiz that is going on in a channel: no more than one in each. Its id is that of the interaction that began it, and the
-- seed of its questions and of the order of their options. All rows of a quiz go when it ends.
create table quiz (
    quiz_id integer primary key,
    server_id integer not null,
    channel_id integer not null unique,
    course text not null,
    -- What it is about: a path or module; null for all of the course.
    route text,
    -- Seconds for each question.
    seconds integer not null,
    -- The ids of the questions in their order, as a JSON list.
    questions text not null,
    -- lobby: members join; asking: question number (from 1) is open; pause: it is closed.
    state text not null default 'lobby' check (state in ('lobby', 'asking', 'pause')),
    number integer not null default 0,
    -- When the question was opened, and when it closes; in the lobby, when that opened, and when the quiz starts.
    opens_at integer not null,
    closes_at integer not null,
    -- The message of the lobby or of the question; null until it is known.
    message_id integer
) strict;

-- Who takes part in a quiz, and who began it (who need not play).
create table quiz_player (
    quiz_id integer not null,
    learner_id integer not null,
    host integer not null default 0 check (host in (0, 1)),
    playing integer not null default 0 check (playing in (0, 1)),
    primary key (quiz_id, learner_id)
) strict, without rowid;

create index quiz_player_by_learner on quiz_player (learner_id);

-- The answer to a question: the option's index in the file, and the milliseconds since the question was opened.
create table quiz_answer (
    quiz_id integer not null,
    number integer not null,
    learner_id integer not null,
    choice integer not null,
    correct integer not null check (correct in (0, 1)),
    took integer not null,
    primary key (quiz_id, number, learner_id)
) strict, without rowid;

create index quiz_answer_by_learner on quiz_answer (learner_id, quiz_id);
