-- name: add_course_draft!
insert into course_draft (
    server_id, number, drafted_by, course, version, origin, origin_version, course_text, bank_text, rejected, created_at
)
values (
    :server, :number, :manager, :course, :version, :origin, :origin_version, :course_text, :bank_text, '[]', :now
)
on conflict (server_id, number) do nothing;

-- name: course_draft
select number, drafted_by, course, version, origin, origin_version, course_text, bank_text, rejected
from course_draft
where server_id = :server and number = :number and created_at > :before;

-- name: reject_in_course_draft!
update course_draft set rejected = :rejected where server_id = :server and number = :number;

-- name: drop_course_draft!
delete from course_draft where server_id = :server and number = :number;

-- name: drop_old_course_drafts!
-- Old ones, and those that the manager has replaced by another upload.
delete from course_draft where created_at <= :before or (server_id = :server and drafted_by = :manager);

-- name: purge_course_draft!
delete from course_draft where server_id = :server;

-- name: add_course_news!
-- Everyone with progress in a server's course.
insert into course_news (learner_id, course, version)
select distinct learner_id, course, cast(:version as bigint)
from tick
where course = :course and course >= '~'
on conflict (learner_id, course) do update set version = excluded.version;

-- name: course_news_of
select course, version
from course_news
where learner_id = :learner
order by course;

-- name: drop_course_news!
delete from course_news where learner_id = :learner;

-- name: export_course_news
select course, version from course_news where learner_id = :learner order by course;

-- name: forget_course_news
delete from course_news where learner_id = :learner returning 1;

-- name: export_course_draft
select number, course, version, created_at from course_draft where drafted_by = :learner order by number;

-- name: forget_course_draft
delete from course_draft where drafted_by = :learner returning 1;
