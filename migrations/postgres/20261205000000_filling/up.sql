-- An owner's records by name: whoever owns few of very many had all of his read and sorted.
CREATE INDEX customers_by_owners_name ON customers (owner_id, name_sort, id) WHERE deleted_at IS NULL;
CREATE INDEX contacts_by_owners_name ON contacts (owner_id, name_sort, id) WHERE deleted_at IS NULL;
CREATE INDEX leads_by_owners_name ON leads (owner_id, name_sort, id) WHERE deleted_at IS NULL;
CREATE INDEX opportunities_by_owners_name ON opportunities (owner_id, name_sort, id) WHERE deleted_at IS NULL;

-- The key of these rows is an index of its own, which can be made after an empty database has been filled. Keys come in no
-- order: with the tree already there, every transaction that adds some thousands writes nearly all of its pages again.
ALTER TABLE record_keys DROP CONSTRAINT record_keys_pkey;
CREATE UNIQUE INDEX record_keys_unique ON record_keys (kind, value, record_type, record_id);

-- The words of each kind in an index of its own: PostgreSQL makes one by one process, and several beside each other.
DROP INDEX search_docs_tokens;
CREATE INDEX search_docs_words_of_customers ON search_docs USING gin (tokens) WHERE record_type = 'customer';
CREATE INDEX search_docs_words_of_activities ON search_docs USING gin (tokens) WHERE record_type = 'activity';
CREATE INDEX search_docs_words_of_leads ON search_docs USING gin (tokens) WHERE record_type = 'lead';
CREATE INDEX search_docs_words_of_contacts ON search_docs USING gin (tokens) WHERE record_type = 'contact';
CREATE INDEX search_docs_words_of_opportunities ON search_docs USING gin (tokens) WHERE record_type = 'opportunity';
