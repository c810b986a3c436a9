DROP TABLE calendar_feeds;
DROP INDEX customers_by_next_activity;
DROP INDEX contacts_by_next_activity;
DROP INDEX leads_by_next_activity;
DROP INDEX opportunities_by_next_activity;
DROP INDEX changes_by_time;
DROP TABLE activity_contacts;
DROP TABLE activities;
DELETE FROM number_counters WHERE record_type = 'activities';
