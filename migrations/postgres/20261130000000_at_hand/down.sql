DROP TABLE sticky_notes;
DROP TABLE favourites;
