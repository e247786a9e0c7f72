-- What corrections taught: a text stands for the queue that its ticket was moved to.
CREATE TABLE lessons (
    feedback_id TEXT NOT NULL PRIMARY KEY REFERENCES feedback (id) ON DELETE CASCADE,
    queue TEXT NOT NULL,
    instead_of TEXT NOT NULL,
    taught_at BIGINT NOT NULL
);
CREATE INDEX lessons_by_time ON lessons (taught_at, feedback_id);
