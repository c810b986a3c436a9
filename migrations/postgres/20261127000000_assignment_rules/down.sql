DROP INDEX leads_by_owners_category;
DROP TABLE lead_assignments;
DROP TABLE assignment_rules;
