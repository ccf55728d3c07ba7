-- Courses that belong to a server. Their IDs begin with a tilde, which sorts after all letters.

-- name: server_courses_since
-- What is visible changes with these rows. Removed courses are included, so that other processes notice.
select course, server_id, version, changed, removed_at
from server_course
where changed > :changed
order by changed;

-- name: server_courses_of
select course, server_id, code, title, version, created_at, removed_at, share_code, origin, origin_version
from server_course
where server_id = :server
order by created_at, course;

-- name: all_server_courses
select course, server_id, code, title, version, created_at, removed_at, share_code, origin, origin_version
from server_course
order by server_id, created_at, course;

-- name: server_course
select course, server_id, code, title, version, created_at, removed_at, share_code, origin, origin_version
from server_course
where course = :course;

-- name: server_course_by_share_code
select course, server_id, code, title, version, created_at, removed_at, share_code, origin, origin_version
from server_course
where share_code = :share_code and removed_at is null;

-- name: server_courses_of_learner
-- The servers' courses that a learner studies or has chosen, wherever they are.
select course from tick where learner_id = :learner and course >= '~'
union select course from member where learner_id = :learner and course >= '~'
union select course from exam where learner_id = :learner and course >= '~'
union select course from reminder where learner_id = :learner and course >= '~'
union select course from card where learner_id = :learner and course >= '~'
union select course from mock where learner_id = :learner and course >= '~'
union select course from learner where learner_id = :learner and course >= '~';

-- name: last_server_course_change
select coalesce(max(changed), 0)
from server_course;

-- name: add_server_course!
insert into server_course (course, server_id, code, title, version, changed, created_at, origin, origin_version)
values (:course, :server, :code, :title, 1, :changed, :now, :origin, :origin_version);

-- name: change_server_course
-- Changes nothing unless the course still has the expected version.
update server_course
set code = :code, title = :title, version = version + 1, changed = :changed,
    origin_version = coalesce(:origin_version, origin_version)
where course = :course and server_id = :server and version = :expected and removed_at is null
returning version;

-- name: remove_server_course
update server_course
set removed_at = :now, changed = :changed, share_code = null
where course = :course and removed_at is null
returning course;

-- name: restore_server_course
update server_course
set removed_at = null, changed = :changed
where course = :course and removed_at is not null
returning course;

-- name: set_share_code!
update server_course
set share_code = :share_code
where course = :course and server_id = :server and removed_at is null and share_code is null;

-- name: end_sharing!
update server_course set share_code = null where course = :course and server_id = :server;

-- name: add_course_text!
insert into course_text (hash, text)
values (:hash, :text)
on conflict (hash) do nothing;

-- name: add_server_course_version!
insert into server_course_version (
    course, number, course_hash, bank_hash, mapping, carried, summary, published_at, published_by
)
values (
    :course, :number, :course_hash, :bank_hash, :mapping, :carried, :summary, :now, :manager
);

-- name: server_course_versions
select number, published_at, published_by, summary, mapping
from server_course_version
where course = :course
order by number;

-- name: server_course_files
-- The current version, or the version with a number.
select version.number, files.text, bank.text, version.carried
from server_course
join server_course_version as version on version.course = server_course.course
join course_text as files on files.hash = version.course_hash
left join course_text as bank on bank.hash = version.bank_hash
where server_course.course = :course
and version.number = case when :number = 0 then server_course.version else :number end;

-- name: add_server_course_title!
insert into server_course_title (course, route, title)
values (:course, :route, :title)
on conflict (course, route) do update set title = excluded.title;

-- name: server_course_titles
select route, title
from server_course_title
where course = :course;

-- name: server_course_uploads
select number
from server_course_upload
where server_id = :server
order by number;

-- name: add_server_course_upload!
insert into server_course_upload (server_id, number, uploaded_at)
values (:server, :number, :now)
on conflict (server_id, number) do update set uploaded_at = excluded.uploaded_at;

-- name: drop_server_course_uploads!
delete from server_course_upload where uploaded_at <= :before;

-- name: remove_courses_of_server!
update server_course
set removed_at = :now, changed = :changed, share_code = null
where server_id = :server and removed_at is null;

-- name: drop_old_server_course_versions!
-- Versions that were replaced before, and those of courses that were removed before, except the last one.
delete from server_course_version
where number < (
    select version from server_course
    where server_course.course = server_course_version.course
    and (removed_at <= :before or exists (
        select 1 from server_course_version as later
        where later.course = server_course_version.course and later.number = server_course_version.number + 1
        and later.published_at <= :before
    ))
);

-- name: unused_server_courses
-- Courses that were removed before and in which nobody has ticks any more.
select course
from server_course
where removed_at <= :before
and not exists (select 1 from tick where tick.course = server_course.course and tick.course >= '~');

-- name: drop_server_course!
delete from server_course where course = :course;

-- name: drop_server_course_versions!
delete from server_course_version where course = :course;

-- name: drop_server_course_titles!
delete from server_course_title where course = :course;

-- name: drop_unused_course_texts!
delete from course_text
where not exists (
    select 1 from server_course_version
    where course_hash = course_text.hash or bank_hash = course_text.hash
);
