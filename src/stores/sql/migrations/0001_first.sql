-- One text for SQLite and PostgreSQL: BIGINT (times are milliseconds since 1970, UTC), TEXT (ids are UUIDs) and
-- DOUBLE PRECISION mean the same to both. JSON is TEXT, because we never search inside it.

CREATE TABLE feedback (
    id TEXT NOT NULL PRIMARY KEY,
    source TEXT NOT NULL,
    external_id TEXT,
    text TEXT NOT NULL,
    question TEXT,
    rating_method TEXT,
    rating_value BIGINT,
    channel TEXT NOT NULL,
    source_kind TEXT NOT NULL,
    touchpoint TEXT,
    customer TEXT,
    segment TEXT,
    collected_at BIGINT NOT NULL,
    received_at BIGINT NOT NULL,
    metadata TEXT NOT NULL,
    analysed_at BIGINT,
    analysis TEXT,
    language TEXT,
    sentiment TEXT,
    sentiment_score DOUBLE PRECISION,
    priority TEXT,
    queue TEXT,
    theme_id TEXT,
    theme_nearest TEXT,
    theme_similarity DOUBLE PRECISION,
    CONSTRAINT feedback_natural_key UNIQUE (source, external_id)
);
CREATE INDEX feedback_by_arrival ON feedback (received_at, id);
CREATE INDEX feedback_by_time ON feedback (collected_at);
CREATE INDEX feedback_by_customer ON feedback (customer, received_at, id) WHERE customer IS NOT NULL;
CREATE INDEX feedback_by_touchpoint ON feedback (touchpoint, received_at, id) WHERE touchpoint IS NOT NULL;
CREATE INDEX feedback_by_language ON feedback (language, received_at, id) WHERE language IS NOT NULL;
CREATE INDEX feedback_by_sentiment ON feedback (sentiment, received_at, id) WHERE sentiment IS NOT NULL;
CREATE INDEX feedback_by_priority ON feedback (priority, received_at, id) WHERE priority IS NOT NULL;
CREATE INDEX feedback_by_queue ON feedback (queue, received_at, id) WHERE queue IS NOT NULL;
CREATE INDEX feedback_by_rating ON feedback (rating_method, collected_at) WHERE rating_method IS NOT NULL;
CREATE INDEX feedback_by_theme ON feedback (theme_id, theme_similarity, id) WHERE theme_id IS NOT NULL;

CREATE TABLE tickets (
    id TEXT NOT NULL PRIMARY KEY,
    feedback_id TEXT NOT NULL UNIQUE REFERENCES feedback (id),
    customer TEXT,
    priority TEXT NOT NULL,
    queue TEXT NOT NULL,
    triggers TEXT NOT NULL,
    status TEXT NOT NULL,
    first_reply_due BIGINT NOT NULL,
    resolution_due BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX tickets_by_priority ON tickets (priority, first_reply_due, id);
CREATE INDEX tickets_by_customer ON tickets (customer, queue) WHERE customer IS NOT NULL;

-- A feedback belongs to one ticket at most: the one it opened, or the one it is attached to.
CREATE TABLE ticket_feedback (
    feedback_id TEXT NOT NULL PRIMARY KEY REFERENCES feedback (id),
    ticket_id TEXT NOT NULL REFERENCES tickets (id)
);
CREATE INDEX ticket_feedback_by_ticket ON ticket_feedback (ticket_id, feedback_id);

CREATE TABLE themes (
    id TEXT NOT NULL PRIMARY KEY,
    titles TEXT NOT NULL,
    given_titles TEXT NOT NULL,
    keywords TEXT NOT NULL,
    centre TEXT NOT NULL,
    examples TEXT NOT NULL,
    size BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);

CREATE TABLE tokens (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    hash TEXT NOT NULL UNIQUE,
    scopes TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT,
    revoked_at BIGINT
);

CREATE TABLE users (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    role TEXT NOT NULL,
    password TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE sessions (
    hash TEXT NOT NULL PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id),
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX sessions_by_user ON sessions (user_id);
CREATE INDEX sessions_by_end ON sessions (expires_at);

CREATE TABLE idempotency (
    token_id TEXT NOT NULL,
    key TEXT NOT NULL,
    request_hash TEXT NOT NULL,
    status BIGINT,
    body TEXT,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (token_id, key)
);
CREATE INDEX idempotency_by_age ON idempotency (created_at);

-- A job that is done is deleted. While it is leased, visible_at is the end of the lease, so that a lease that runs out
-- needs nobody to notice it.
CREATE TABLE jobs (
    id TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    payload TEXT NOT NULL,
    unique_key TEXT UNIQUE,
    state TEXT NOT NULL,
    visible_at BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    lease TEXT,
    last_error TEXT,
    created_at BIGINT NOT NULL
);
CREATE INDEX jobs_due ON jobs (kind, visible_at, id) WHERE state = 'live';
CREATE INDEX jobs_leased ON jobs (lease) WHERE lease IS NOT NULL;

CREATE TABLE meta (
    key TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
);
