-- Whose a record was before, where a change gave it to somebody else: whoever could see it then may be told that it has gone.
ALTER TABLE outbox ADD COLUMN from_owner_id BLOB;
ALTER TABLE outbox ADD COLUMN from_team_id BLOB;
