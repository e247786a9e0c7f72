-- What people changed in the themes, replayed on the groups of each run; payload is JSON, undone_at is empty while it holds.
CREATE TABLE theme_edits (
    id TEXT NOT NULL PRIMARY KEY,
    made_at BIGINT NOT NULL,
    made_by TEXT NOT NULL,
    kind TEXT NOT NULL,
    payload TEXT NOT NULL,
    undone_at BIGINT
);
CREATE INDEX theme_edits_by_time ON theme_edits (made_at, id);

-- What a person called a theme was kept with the theme until now.
INSERT INTO theme_edits (id, made_at, made_by, kind, payload)
    SELECT id, created_at, '', 'rename', '{"kind":"rename","theme":"' || id || '","titles":' || given_titles || '}'
    FROM themes WHERE given_titles <> '{}';
ALTER TABLE themes DROP COLUMN given_titles;

-- What the last run found, before the edits; themes holds what people see.
CREATE TABLE theme_groups (
    id TEXT NOT NULL PRIMARY KEY,
    titles TEXT NOT NULL,
    keywords TEXT NOT NULL,
    centre TEXT NOT NULL,
    examples TEXT NOT NULL,
    size BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
INSERT INTO theme_groups (id, titles, keywords, centre, examples, size, created_at, updated_at)
    SELECT id, titles, keywords, centre, examples, size, created_at, updated_at FROM themes;
ALTER TABLE themes ADD COLUMN pinned BIGINT NOT NULL DEFAULT 0;
ALTER TABLE themes ADD COLUMN hidden BIGINT NOT NULL DEFAULT 0;

-- theme_nearest names a group from now on.
ALTER TABLE feedback ADD COLUMN group_id TEXT;
UPDATE feedback SET group_id = theme_id WHERE theme_id IS NOT NULL;

-- What became of each theme in each run; of "same" only the last is kept.
CREATE TABLE theme_lineage (
    id TEXT NOT NULL PRIMARY KEY,
    run_at BIGINT NOT NULL,
    theme_id TEXT NOT NULL,
    event TEXT NOT NULL,
    other_id TEXT,
    titles TEXT NOT NULL,
    other_titles TEXT NOT NULL,
    shared BIGINT NOT NULL,
    size_before BIGINT NOT NULL,
    size_after BIGINT NOT NULL
);
CREATE INDEX theme_lineage_by_theme ON theme_lineage (theme_id, run_at);
CREATE INDEX theme_lineage_by_other ON theme_lineage (other_id, run_at) WHERE other_id IS NOT NULL;
