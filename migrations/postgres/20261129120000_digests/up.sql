-- Who gets by e-mail what they have not read, and when next. What came after `told_until` has not been told yet. While one is
-- under way it has an id, which becomes its Message-ID, and tells what came up to `mail_until`; `due_at` is then when whoever
-- has it has failed, or when it is tried again.
CREATE TABLE digests (
    user_id uuid PRIMARY KEY REFERENCES users (id),
    due_at timestamptz NOT NULL,
    told_until timestamptz NOT NULL,
    mail_id uuid,
    mail_until timestamptz,
    attempts integer NOT NULL CHECK (attempts >= 0),
    CONSTRAINT digests_under_way CHECK ((mail_id IS NULL) = (mail_until IS NULL))
);
CREATE INDEX digests_by_due ON digests (due_at, user_id);
-- Those who have chosen one already.
INSERT INTO digests (user_id, due_at, told_until, attempts) SELECT user_id, updated_at, updated_at, 0 FROM notification_settings WHERE digest <> 'off';

-- What somebody wants to have by e-mail only.
CREATE INDEX notifications_by_mail ON notifications (user_id, shows_at, id) WHERE NOT in_inbox AND read_at IS NULL;
