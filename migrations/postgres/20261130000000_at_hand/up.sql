-- Records that somebody wants at hand.
CREATE TABLE favourites (
    user_id uuid NOT NULL REFERENCES users (id),
    kind text NOT NULL,
    record_id uuid NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (user_id, record_id)
);
CREATE INDEX favourites_of_record ON favourites (record_id);

-- What somebody jots down for themselves, about a record or about nothing.
CREATE TABLE sticky_notes (
    id uuid PRIMARY KEY,
    user_id uuid NOT NULL REFERENCES users (id),
    body text NOT NULL,
    colour text NOT NULL,
    about_kind text,
    about_id uuid,
    version bigint NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CHECK ((about_kind IS NULL) = (about_id IS NULL))
);
CREATE INDEX sticky_notes_of_user ON sticky_notes (user_id, created_at, id);
CREATE INDEX sticky_notes_about ON sticky_notes (about_id) WHERE about_id IS NOT NULL;
