DROP INDEX activities_to_remind;
ALTER TABLE activities DROP COLUMN reminder_at;
ALTER TABLE outbox DROP COLUMN for_user_id;
DROP TABLE sweeps;
DROP TABLE notification_settings;
DROP TABLE notifications;
