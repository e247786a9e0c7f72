-- Where the pieces of a text lie, if it has two or more: a run tells from them anew what else the text says. spans is JSON
-- of [start, end] in characters; places is base64 of one byte for each number of each place, one place after the other.
CREATE TABLE pieces (
    feedback_id TEXT NOT NULL PRIMARY KEY REFERENCES feedback (id) ON DELETE CASCADE,
    spans TEXT NOT NULL,
    places TEXT NOT NULL
);

-- Which stretches of a text speak of which group; theme_id is what people see of the group, and empty where that is the
-- text's own theme. piece is the stretch's piece that is nearest to the group.
CREATE TABLE mentions (
    feedback_id TEXT NOT NULL REFERENCES feedback (id) ON DELETE CASCADE,
    piece BIGINT NOT NULL,
    group_id TEXT NOT NULL,
    theme_id TEXT,
    span_start BIGINT NOT NULL,
    span_end BIGINT NOT NULL,
    similarity DOUBLE PRECISION NOT NULL,
    PRIMARY KEY (feedback_id, piece)
);
CREATE INDEX mentions_by_theme ON mentions (theme_id, feedback_id) WHERE theme_id IS NOT NULL;
