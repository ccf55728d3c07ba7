-- name: begin_quiz
insert into quiz (quiz_id, server_id, channel_id, course, route, seconds, questions, opens_at, closes_at)
values (:quiz, :server, :channel, :course, :route, :seconds, :questions, :opens_at, :closes_at)
on conflict (channel_id) do nothing
returning quiz_id;

-- name: quiz_by_id
select quiz_id, server_id, channel_id, course, route, seconds, questions, state, number, opens_at, closes_at, message_id,
    (
        select quiz_player.learner_id
        from quiz_player
        where quiz_player.quiz_id = quiz.quiz_id and quiz_player.host = 1
    )
from quiz
where quiz_id = :quiz;

-- name: quiz_in_channel
select quiz_id
from quiz
where channel_id = :channel;

-- name: quizzes
select quiz_id
from quiz;

-- name: quizzes_of_server
select quiz_id
from quiz
where server_id = :server;

-- name: host_quiz!
-- The host plays.
insert into quiz_player (quiz_id, learner_id, host, playing)
values (:quiz, :learner, 1, 1);

-- name: join_quiz
-- Returns a row if the learner was not playing yet.
insert into quiz_player (quiz_id, learner_id, playing)
values (:quiz, :learner, 1)
on conflict (quiz_id, learner_id) do update set playing = 1
where quiz_player.playing = 0
returning 1;

-- name: quiz_players
-- The players, whether they are hidden, their correct answers up to question :last, and the milliseconds those took.
select quiz_player.learner_id, coalesce(learner.hidden, 0), coalesce(sum(quiz_answer.correct), 0),
    coalesce(sum(quiz_answer.correct * quiz_answer.took), 0)
from quiz_player
left join learner on learner.learner_id = quiz_player.learner_id
left join quiz_answer on quiz_answer.quiz_id = quiz_player.quiz_id
    and quiz_answer.learner_id = quiz_player.learner_id and quiz_answer.number <= :last
where quiz_player.quiz_id = :quiz and quiz_player.playing = 1
group by quiz_player.learner_id, learner.hidden;

-- name: ask_quiz!
update quiz
set state = 'asking', number = :number, opens_at = :opens_at, closes_at = :closes_at, message_id = null
where quiz_id = :quiz;

-- name: quiz_posted!
update quiz
set message_id = :message, opens_at = :opens_at, closes_at = :closes_at
where quiz_id = :quiz and number = :number;

-- name: answer_quiz!
insert into quiz_answer (quiz_id, number, learner_id, choice, correct, took)
values (:quiz, :number, :learner, :choice, :correct, :took)
on conflict (quiz_id, number, learner_id) do update
set choice = excluded.choice, correct = excluded.correct, took = excluded.took;

-- name: quiz_tally
-- The number of players, of answers to the question and of correct ones, and whether :learner is hidden.
select count(*), count(quiz_answer.learner_id), coalesce(sum(quiz_answer.correct), 0),
    coalesce((select learner.hidden from learner where learner.learner_id = :learner), 0)
from quiz_player
left join quiz_answer on quiz_answer.quiz_id = quiz_player.quiz_id and quiz_answer.number = :number
    and quiz_answer.learner_id = quiz_player.learner_id
where quiz_player.quiz_id = :quiz and quiz_player.playing = 1;

-- name: close_quiz!
update quiz
set state = 'pause'
where quiz_id = :quiz;

-- name: drop_quiz
delete from quiz where quiz_id = :quiz returning quiz_id;

-- name: drop_quiz_players!
delete from quiz_player where quiz_id = :quiz;

-- name: drop_quiz_answers!
delete from quiz_answer where quiz_id = :quiz;

-- name: quiz_mistakes
-- The wrong answers to closed questions of the players who keep their mistakes.
select quiz_answer.learner_id, quiz_answer.number
from quiz_answer
join learner on learner.learner_id = quiz_answer.learner_id
where quiz_answer.quiz_id = :quiz
    and quiz_answer.number <= :last
    and quiz_answer.correct = 0
    and learner.quiz_mistakes = 1
order by quiz_answer.learner_id, quiz_answer.number;
