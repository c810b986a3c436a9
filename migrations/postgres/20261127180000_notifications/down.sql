DROP INDEX activities_to_remind;
ALTER TABLE activities DROP COLUMN reminder_at;
DROP TABLE sweeps;
DROP TABLE notification_settings;
DROP TABLE notifications;
