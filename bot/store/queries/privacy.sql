-- Each table that refers to a person has an export_ and a forget_ query. A test compares them with the schema.

-- name: export_learner
select hidden, zone, zone_asked, course, announces, quiz_mistakes
from learner
where learner_id = :learner;

-- name: export_member
select server_id, course, joined_at, left_at, gone_at, away_until, highlighted_at
from member
where learner_id = :learner
order by joined_at;

-- name: export_study_day
select day, first_at, last_at, zone
from study_day
where learner_id = :learner
order by day;

-- name: export_exam
select course, exam_on, shared, asked_at, by_command
from exam
where learner_id = :learner;

-- name: export_plan
select course, minutes_a_week, days, start_on, baseline_minutes, session_minute
from plan
where learner_id = :learner;

-- name: export_away
select first_on, last_on
from away
where learner_id = :learner
order by first_on;

-- name: export_cohort
select server_id, course, channel_id, day, minute, zone, state
from cohort
where set_by = :learner;

-- name: export_tick
select course, route, former, done_at, made_at, server_id, change_id
from tick
where learner_id = :learner
order by course, done_at, route;

-- name: export_milestone
select course, route, reached_at, server_id
from milestone
where learner_id = :learner
order by reached_at, route;

-- name: export_announcement
select course, route, server_id, channel_id, message_id, posted_at
from announcement
where learner_id = :learner
order by posted_at, route, message_id;

-- name: forget_announcement
delete from announcement where learner_id = :learner returning 1;

-- name: forget_learner
delete from learner where learner_id = :learner returning 1;

-- name: forget_member
delete from member where learner_id = :learner returning 1;

-- name: forget_study_day
delete from study_day where learner_id = :learner returning 1;

-- name: forget_exam
delete from exam where learner_id = :learner returning 1;

-- name: export_reminder
select course, state, days, minute, due_at, since_at, channel_id, reason, told
from reminder
where learner_id = :learner;

-- name: export_delivery
select server_id, kind, series, slot, course, slot_at, state, owner, lease_until, attempts, tried_at, next_try_at, channel_id,
    message_id, sent_at, repeated, reason
from delivery
where learner_id = :learner
order by slot_at;

-- name: forget_reminder
delete from reminder where learner_id = :learner returning 1;

-- name: forget_delivery
delete from delivery where learner_id = :learner returning 1;

-- name: forget_plan
delete from plan where learner_id = :learner returning 1;

-- name: forget_away
delete from away where learner_id = :learner returning 1;

-- name: forget_cohort
-- The server's digest stays; who set it up is deleted.
update cohort set set_by = null where set_by = :learner returning 1;

-- name: forget_tick
delete from tick where learner_id = :learner returning 1;

-- name: forget_milestone
delete from milestone where learner_id = :learner returning 1;

-- name: set_hidden!
insert into learner (learner_id, hidden)
values (:learner, :hidden)
on conflict (learner_id) do update set hidden = excluded.hidden;

-- name: announces
select announces
from learner
where learner_id = :learner;

-- name: set_announces!
insert into learner (learner_id, announces)
values (:learner, :announces)
on conflict (learner_id) do update set announces = excluded.announces;

-- name: leave_cohort
update member
set left_at = :left_at
where learner_id = :learner and server_id = :server and left_at is null
returning course;

-- name: rejoin_cohort
update member
set left_at = null
where learner_id = :learner and server_id = :server and left_at is not null
returning course;

-- name: memberships
select server_id, course, joined_at, left_at
from member
where learner_id = :learner
order by joined_at;

-- name: export_card
select course, question, state, step, stability, difficulty, due_at, reviewed_at, rating
from card
where learner_id = :learner
order by course, question;

-- name: export_review
select number, course, question, source, counted, reviewed_at, rating, correct, guessed, duration, chosen, old_missed_at, old_right_on, old_state, old_step, old_stability, old_difficulty, old_due_at, old_reviewed_at, old_rating
from review
where learner_id = :learner
order by number;

-- name: export_reviewing
select course, route, beyond, goal, extra, done, correct, question, seed, shown_at, chosen, duration, number, scope, queue
from reviewing
where learner_id = :learner;

-- name: export_mistake
select course, question, missed_at, right_on
from mistake
where learner_id = :learner
order by course, question;

-- name: forget_mistake
delete from mistake where learner_id = :learner returning 1;

-- name: forget_card
delete from card where learner_id = :learner returning 1;

-- name: forget_review
delete from review where learner_id = :learner returning 1;

-- name: forget_reviewing
delete from reviewing where learner_id = :learner returning 1;

-- name: export_quiz_player
select quiz_id, host, playing
from quiz_player
where learner_id = :learner;

-- name: export_quiz_answer
select quiz_id, number, choice, correct, took
from quiz_answer
where learner_id = :learner
order by quiz_id, number;

-- name: forget_quiz_player
delete from quiz_player where learner_id = :learner returning 1;

-- name: forget_quiz_answer
delete from quiz_answer where learner_id = :learner returning 1;

-- name: export_mock
select course, number, started_at, ends_at, place, ended_at, correct, asked, points
from mock
where learner_id = :learner
order by course, number;

-- name: export_mock_answer
select course, number, place, question, chosen, flagged
from mock_answer
where learner_id = :learner
order by course, number, place;

-- name: forget_mock
delete from mock where learner_id = :learner returning 1;

-- name: forget_mock_answer
delete from mock_answer where learner_id = :learner returning 1;

-- name: export_server_course_version
select course, number, summary, published_at
from server_course_version
where published_by = :learner
order by published_at;

-- name: forget_server_course_version
-- The version stays; who published it is deleted.
update server_course_version set published_by = null where published_by = :learner returning 1;
