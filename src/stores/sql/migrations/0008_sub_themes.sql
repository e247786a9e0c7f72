-- What the members of a theme say in particular, found with the themes; which theme it is of, its members say.
CREATE TABLE sub_themes (
    id TEXT NOT NULL PRIMARY KEY,
    titles TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
ALTER TABLE feedback ADD COLUMN sub_theme_id TEXT;
CREATE INDEX feedback_by_sub_theme ON feedback (sub_theme_id) WHERE sub_theme_id IS NOT NULL;
