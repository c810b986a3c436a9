-- What somebody is told of. `shows_at` is where a line stands among the others: when it came, or when it comes back after it was
-- put off. `dedupe_key` makes it come once, whoever writes it and however often. `subject` tells what kind of record it is
-- about, `subject_id` which (the first, where the line `stands_for` several); `reminded_for` which time of a task it was about.
CREATE TABLE notifications (
    id BLOB PRIMARY KEY,
    user_id BLOB NOT NULL REFERENCES users (id),
    kind TEXT NOT NULL,
    dedupe_key TEXT NOT NULL,
    subject TEXT NOT NULL,
    subject_id BLOB,
    actor_id BLOB REFERENCES users (id),
    due_at INTEGER,
    reminded_for INTEGER,
    stands_for INTEGER NOT NULL CHECK (stands_for > 0),
    in_inbox INTEGER NOT NULL CHECK (in_inbox IN (0, 1)),
    created_at INTEGER NOT NULL,
    shows_at INTEGER NOT NULL CHECK (shows_at >= created_at),
    read_at INTEGER,
    CONSTRAINT notifications_once UNIQUE (user_id, dedupe_key)
) STRICT;
CREATE INDEX notifications_of_user ON notifications (user_id, shows_at, id) WHERE in_inbox = 1;
CREATE INDEX notifications_unread ON notifications (user_id, shows_at, id) WHERE in_inbox = 1 AND read_at IS NULL;
CREATE INDEX notifications_of_subject ON notifications (subject_id);
-- What is old enough to go.
CREATE INDEX notifications_by_read ON notifications (read_at) WHERE read_at IS NOT NULL;
CREATE INDEX notifications_by_created ON notifications (created_at);

-- What somebody wants to be told of, and when not; without a row it is as it comes.
CREATE TABLE notification_settings (
    user_id BLOB PRIMARY KEY REFERENCES users (id),
    kinds TEXT NOT NULL,
    quiet_hours TEXT,
    digest TEXT NOT NULL,
    digest_at TEXT NOT NULL,
    version INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;

-- How far work that follows the clock has come, so that it goes on there after a pause.
CREATE TABLE sweeps (
    name TEXT PRIMARY KEY,
    reached_at INTEGER NOT NULL
) STRICT;

-- Whom alone an event is for: what is theirs and no record that others see.
ALTER TABLE outbox ADD COLUMN for_user_id BLOB;

ALTER TABLE activities ADD COLUMN reminder_at INTEGER;
-- Whom to remind next: what is open, by the time its owner wants to be told of it.
CREATE INDEX activities_to_remind ON activities (COALESCE(reminder_at, due_at), id) WHERE deleted_at IS NULL AND status = 'open' AND owner_id IS NOT NULL;
