DROP TABLE activity_templates;
DROP TABLE files;
DROP TABLE file_usage;
DROP TABLE file_pieces;
DROP TABLE file_contents;
