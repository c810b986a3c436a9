-- Records that somebody wants at hand.
CREATE TABLE favourites (
    user_id BLOB NOT NULL REFERENCES users (id),
    kind TEXT NOT NULL,
    record_id BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (user_id, record_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX favourites_of_record ON favourites (record_id);

-- What somebody jots down for themselves, about a record or about nothing.
CREATE TABLE sticky_notes (
    id BLOB PRIMARY KEY,
    user_id BLOB NOT NULL REFERENCES users (id),
    body TEXT NOT NULL,
    colour TEXT NOT NULL,
    about_kind TEXT,
    about_id BLOB,
    version INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    CHECK ((about_kind IS NULL) = (about_id IS NULL))
) STRICT;
CREATE INDEX sticky_notes_of_user ON sticky_notes (user_id, created_at, id);
CREATE INDEX sticky_notes_about ON sticky_notes (about_id) WHERE about_id IS NOT NULL;
