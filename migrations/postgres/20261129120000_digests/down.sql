DROP INDEX notifications_by_mail;
DROP TABLE digests;
