-- Digits as every four in a row instead of every ending: an index of ten thousand words instead of as many as there are numbers.
INSERT INTO search_index (search_index) VALUES ('delete-all');
INSERT INTO search_index (rowid, tokens)
SELECT seq, (
    SELECT GROUP_CONCAT(DISTINCT mark || CASE WHEN value GLOB '[0-9][0-9][0-9][0-9]*' THEN SUBSTR(value, 1, 4) ELSE value END)
    FROM json_each('["' || REPLACE(TRIM(tokens), ' ', '","') || '"]')
)
FROM search_docs
CROSS JOIN (
    SELECT 'customer' AS kind, 'c' AS mark
    UNION ALL SELECT 'contact', 'p'
    UNION ALL SELECT 'lead', 'l'
    UNION ALL SELECT 'opportunity', 'o'
    UNION ALL SELECT 'activity', 'a'
) ON kind = record_type
ORDER BY seq;
