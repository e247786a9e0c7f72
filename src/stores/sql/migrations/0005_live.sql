-- Who changed what, kept with the change itself; details is JSON of names and numbers, never a customer's words.
CREATE TABLE audit (
    id TEXT NOT NULL PRIMARY KEY,
    happened_at BIGINT NOT NULL,
    actor_kind TEXT NOT NULL,
    actor_id TEXT,
    actor_name TEXT,
    action TEXT NOT NULL,
    subject_kind TEXT,
    subject_id TEXT,
    details TEXT NOT NULL
);
CREATE INDEX audit_by_time ON audit (happened_at, id);
CREATE INDEX audit_by_subject ON audit (subject_id, happened_at, id) WHERE subject_id IS NOT NULL;

-- Files that people import on the pages. lines is how many lines of the file are done: it moves in the transaction that
-- stores them, so that whoever goes on after a crash neither loses nor doubles a line.
CREATE TABLE imports (
    id TEXT NOT NULL PRIMARY KEY,
    user_id TEXT NOT NULL,
    user_name TEXT NOT NULL,
    file_name TEXT NOT NULL,
    bytes BIGINT NOT NULL,
    choice TEXT NOT NULL,
    state TEXT NOT NULL,
    lines BIGINT NOT NULL,
    accepted BIGINT NOT NULL,
    duplicates BIGINT NOT NULL,
    refused BIGINT NOT NULL,
    fault TEXT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX imports_by_time ON imports (created_at, id);
CREATE INDEX imports_by_change ON imports (updated_at, id);

-- Why lines were refused, masked; the first ten thousand of an import.
CREATE TABLE import_refusals (
    import_id TEXT NOT NULL REFERENCES imports (id),
    line BIGINT NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (import_id, line)
);

-- What is new since a moment, for events.
CREATE INDEX feedback_by_analysis ON feedback (analysed_at, id) WHERE analysed_at IS NOT NULL;
CREATE INDEX tickets_by_opening ON tickets (created_at, id);
CREATE INDEX tickets_by_change ON tickets (updated_at, id);
