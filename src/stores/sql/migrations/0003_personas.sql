-- What each look at all customers came to; the last one says whether there are personas now.
CREATE TABLE persona_runs (
    id TEXT NOT NULL PRIMARY KEY,
    at BIGINT NOT NULL,
    run TEXT NOT NULL
);
CREATE INDEX persona_runs_by_time ON persona_runs (at, id);

-- Personas of the last run that found some; they stay when a later one finds none, so that their ids can be taken up again.
CREATE TABLE personas (
    id TEXT NOT NULL PRIMARY KEY,
    run_id TEXT NOT NULL REFERENCES persona_runs (id),
    place BIGINT NOT NULL,
    card TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);

CREATE TABLE persona_members (
    customer TEXT NOT NULL PRIMARY KEY,
    persona_id TEXT NOT NULL REFERENCES personas (id),
    probability DOUBLE PRECISION NOT NULL
);
CREATE INDEX persona_members_by_persona ON persona_members (persona_id, customer);
