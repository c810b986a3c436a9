-- An owner's records by name: whoever owns few of very many had all of his read and sorted.
CREATE INDEX customers_by_owners_name ON customers (owner_id, name_sort, id) WHERE deleted_at IS NULL;
CREATE INDEX contacts_by_owners_name ON contacts (owner_id, name_sort, id) WHERE deleted_at IS NULL;
CREATE INDEX leads_by_owners_name ON leads (owner_id, name_sort, id) WHERE deleted_at IS NULL;
CREATE INDEX opportunities_by_owners_name ON opportunities (owner_id, name_sort, id) WHERE deleted_at IS NULL;

-- The key of these rows is an index of its own, which can be made after an empty database has been filled. Keys come in no
-- order: with the tree already there, every transaction that adds some thousands writes nearly all of its pages again.
CREATE TABLE record_keys_new (
    kind TEXT NOT NULL,
    value TEXT NOT NULL,
    record_type TEXT NOT NULL,
    record_id BLOB NOT NULL
) STRICT;
INSERT INTO record_keys_new (kind, value, record_type, record_id)
SELECT kind, value, record_type, record_id FROM record_keys ORDER BY rowid;
DROP TABLE record_keys;
ALTER TABLE record_keys_new RENAME TO record_keys;
CREATE UNIQUE INDEX record_keys_unique ON record_keys (kind, value, record_type, record_id);
CREATE INDEX record_keys_by_record ON record_keys (record_id);
