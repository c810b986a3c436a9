DROP INDEX customers_by_owners_name;
DROP INDEX contacts_by_owners_name;
DROP INDEX leads_by_owners_name;
DROP INDEX opportunities_by_owners_name;
CREATE TABLE record_keys_old (
    kind TEXT NOT NULL,
    value TEXT NOT NULL,
    record_type TEXT NOT NULL,
    record_id BLOB NOT NULL,
    PRIMARY KEY (kind, value, record_type, record_id)
) STRICT;
INSERT INTO record_keys_old (kind, value, record_type, record_id)
SELECT kind, value, record_type, record_id FROM record_keys ORDER BY kind, value, record_type, record_id;
DROP TABLE record_keys;
ALTER TABLE record_keys_old RENAME TO record_keys;
CREATE INDEX record_keys_by_record ON record_keys (record_id);
