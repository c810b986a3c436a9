-- The bytes of files, once however often they are attached. While they arrive, and once nobody has them any more, there is
-- no sum, and they may be removed.
CREATE TABLE file_contents (
    id BLOB PRIMARY KEY,
    sha256 TEXT,
    size INTEGER NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX file_contents_sha256_unique ON file_contents (sha256);
CREATE INDEX file_contents_loose ON file_contents (created_at) WHERE sha256 IS NULL;

-- They lie in pieces of the same size, so that nobody holds a file whole.
CREATE TABLE file_pieces (
    content_id BLOB NOT NULL REFERENCES file_contents (id),
    position INTEGER NOT NULL,
    bytes BLOB NOT NULL,
    PRIMARY KEY (content_id, position)
) STRICT;

-- How many bytes all contents have together.
CREATE TABLE file_usage (
    name TEXT PRIMARY KEY,
    bytes INTEGER NOT NULL CHECK (bytes >= 0)
) STRICT;

-- A file as somebody sent it. Until it is attached it is its sender's, and not for long.
CREATE TABLE files (
    id BLOB PRIMARY KEY,
    name TEXT NOT NULL,
    media_type TEXT NOT NULL,
    content_id BLOB NOT NULL REFERENCES file_contents (id),
    created_at INTEGER NOT NULL,
    created_by BLOB NOT NULL REFERENCES users (id),
    activity_id BLOB REFERENCES activities (id),
    loose_since INTEGER,
    CHECK ((activity_id IS NULL) <> (loose_since IS NULL))
) STRICT;
CREATE INDEX files_of_content ON files (content_id);
CREATE INDEX files_of_activity ON files (activity_id) WHERE activity_id IS NOT NULL;
CREATE INDEX files_loose ON files (loose_since) WHERE loose_since IS NOT NULL;

-- What activities can begin as: everybody's, or somebody's own.
CREATE TABLE activity_templates (
    id BLOB PRIMARY KEY,
    owner_id BLOB REFERENCES users (id),
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    position INTEGER NOT NULL,
    kind TEXT NOT NULL,
    subject TEXT,
    body TEXT,
    direction TEXT,
    outcome TEXT,
    priority TEXT,
    duration_minutes INTEGER,
    follow_up_days INTEGER,
    follow_up_name TEXT,
    version INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX activity_templates_shared_unique ON activity_templates (name_key) WHERE owner_id IS NULL;
CREATE UNIQUE INDEX activity_templates_own_unique ON activity_templates (owner_id, name_key) WHERE owner_id IS NOT NULL;
