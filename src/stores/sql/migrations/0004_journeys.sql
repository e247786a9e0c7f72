-- Journeys that people wrote, in place of the built-in one of the same id or beside them; the file is kept as written.
CREATE TABLE journeys (
    id TEXT NOT NULL PRIMARY KEY,
    toml TEXT NOT NULL,
    author TEXT NOT NULL,
    changed_at BIGINT NOT NULL
);

-- On which step of a journey a feedback falls, if on any: told from the feedback and the journey of that version, so that
-- it may be deleted and computed anew at any time.
CREATE TABLE journey_records (
    journey TEXT NOT NULL,
    feedback_id TEXT NOT NULL REFERENCES feedback (id) ON DELETE CASCADE,
    version TEXT NOT NULL,
    step TEXT,
    placed_by TEXT,
    nearness DOUBLE PRECISION NOT NULL,
    expectation TEXT,
    PRIMARY KEY (journey, feedback_id)
);
CREATE INDEX journey_records_by_step ON journey_records (journey, step, feedback_id);
CREATE INDEX journey_records_by_feedback ON journey_records (feedback_id);
