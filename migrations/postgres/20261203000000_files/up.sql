-- The bytes of files, once however often they are attached. While they arrive, and once nobody has them any more, there is
-- no sum, and they may be removed.
CREATE TABLE file_contents (
    id uuid PRIMARY KEY,
    sha256 text,
    size bigint NOT NULL,
    created_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX file_contents_sha256_unique ON file_contents (sha256);
CREATE INDEX file_contents_loose ON file_contents (created_at) WHERE sha256 IS NULL;

-- They lie in pieces of the same size, so that nobody holds a file whole.
CREATE TABLE file_pieces (
    content_id uuid NOT NULL REFERENCES file_contents (id),
    position integer NOT NULL,
    bytes bytea NOT NULL,
    PRIMARY KEY (content_id, position)
);
-- Nearly all that people attach is packed already.
ALTER TABLE file_pieces ALTER COLUMN bytes SET STORAGE EXTERNAL;

-- How many bytes all contents have together.
CREATE TABLE file_usage (
    name text PRIMARY KEY,
    bytes bigint NOT NULL CHECK (bytes >= 0)
);

-- A file as somebody sent it. Until it is attached it is its sender's, and not for long.
CREATE TABLE files (
    id uuid PRIMARY KEY,
    name text NOT NULL,
    media_type text NOT NULL,
    content_id uuid NOT NULL REFERENCES file_contents (id),
    created_at timestamptz NOT NULL,
    created_by uuid NOT NULL REFERENCES users (id),
    activity_id uuid REFERENCES activities (id),
    loose_since timestamptz,
    CHECK ((activity_id IS NULL) <> (loose_since IS NULL))
);
CREATE INDEX files_of_content ON files (content_id);
CREATE INDEX files_of_activity ON files (activity_id) WHERE activity_id IS NOT NULL;
CREATE INDEX files_loose ON files (loose_since) WHERE loose_since IS NOT NULL;

-- What activities can begin as: everybody's, or somebody's own.
CREATE TABLE activity_templates (
    id uuid PRIMARY KEY,
    owner_id uuid REFERENCES users (id),
    name text NOT NULL,
    name_key text NOT NULL,
    position integer NOT NULL,
    kind text NOT NULL,
    subject text,
    body text,
    direction text,
    outcome text,
    priority text,
    duration_minutes bigint,
    follow_up_days integer,
    follow_up_name text,
    version bigint NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX activity_templates_shared_unique ON activity_templates (name_key) WHERE owner_id IS NULL;
CREATE UNIQUE INDEX activity_templates_own_unique ON activity_templates (owner_id, name_key) WHERE owner_id IS NOT NULL;
