-- The endings of digits are not made again: `rapport doctor --mend` of the release before does.
DROP INDEX search_docs_of_customers;
DROP INDEX search_docs_of_activities;
DROP INDEX search_docs_of_leads;
DROP INDEX search_docs_of_contacts;
DROP INDEX search_docs_of_opportunities;
CREATE INDEX search_docs_words_of_customers ON search_docs USING gin (tokens) WHERE record_type = 'customer';
CREATE INDEX search_docs_words_of_activities ON search_docs USING gin (tokens) WHERE record_type = 'activity';
CREATE INDEX search_docs_words_of_leads ON search_docs USING gin (tokens) WHERE record_type = 'lead';
CREATE INDEX search_docs_words_of_contacts ON search_docs USING gin (tokens) WHERE record_type = 'contact';
CREATE INDEX search_docs_words_of_opportunities ON search_docs USING gin (tokens) WHERE record_type = 'opportunity';
