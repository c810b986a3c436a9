INSERT INTO search_index (search_index) VALUES ('delete-all');
INSERT INTO search_index (rowid, tokens)
SELECT seq, REPLACE(RTRIM(tokens), ' ', ' ' || mark)
FROM search_docs
CROSS JOIN (
    SELECT 'customer' AS kind, 'c' AS mark
    UNION ALL SELECT 'contact', 'p'
    UNION ALL SELECT 'lead', 'l'
    UNION ALL SELECT 'opportunity', 'o'
    UNION ALL SELECT 'activity', 'a'
) ON kind = record_type
ORDER BY seq;
