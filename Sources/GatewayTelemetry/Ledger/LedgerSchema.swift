/// The tables of the ledger, step by step. A step that was once released never changes.
enum LedgerSchema {
    static let steps = [first, second]

    /// `sequence` numbers the rows that are closed, in the order of their closing, and is never given twice: what
    /// ships rows elsewhere goes by it. Sums of a day are updated by the transaction that closes a row.
    private static let first = """
        CREATE TABLE meta(name TEXT PRIMARY KEY, value ANY NOT NULL) STRICT, WITHOUT ROWID;
        INSERT INTO meta VALUES ('node', lower(hex(randomblob(8)))), ('sequence', 0);
        CREATE TABLE sessions(
            session TEXT PRIMARY KEY,
            state TEXT NOT NULL CHECK (state IN ('open', 'closed', 'lost')),
            sequence INTEGER UNIQUE CHECK ((sequence IS NULL) = (state = 'open')),
            updated_at_ms INTEGER NOT NULL,
            client TEXT NOT NULL, rule TEXT NOT NULL, policy TEXT,
            verdict TEXT, adjusted INTEGER, observed INTEGER, adjustments TEXT, origin TEXT, address TEXT,
            started_at_ms INTEGER NOT NULL, duration_ms INTEGER NOT NULL,
            audio_seconds REAL NOT NULL, audio_bytes INTEGER NOT NULL,
            forwarded_seconds REAL NOT NULL, forwarded_bytes INTEGER NOT NULL,
            frames INTEGER NOT NULL, dropped_frames INTEGER NOT NULL,
            speech_seconds REAL, silence_seconds REAL,
            utterances INTEGER NOT NULL, finals INTEGER NOT NULL, partials INTEGER NOT NULL,
            words INTEGER NOT NULL, characters INTEGER NOT NULL, upstream_errors INTEGER NOT NULL,
            mint_ms INTEGER, connect_ms INTEGER, ready_ms INTEGER, first_transcript_ms INTEGER,
            final_delay_median_ms INTEGER, final_delay_max_ms INTEGER,
            declared_bytes_per_second INTEGER NOT NULL, observed_bytes_per_second INTEGER,
            ended_by TEXT, close_code INTEGER, reason TEXT
        ) STRICT;
        CREATE INDEX sessions_open ON sessions(session) WHERE state = 'open';
        CREATE INDEX sessions_started ON sessions(started_at_ms);
        CREATE TABLE days(
            day TEXT NOT NULL, client TEXT NOT NULL, rule TEXT NOT NULL, policy TEXT NOT NULL, origin TEXT NOT NULL,
            sessions INTEGER NOT NULL, lost INTEGER NOT NULL, duration_ms INTEGER NOT NULL,
            audio_seconds REAL NOT NULL, audio_bytes INTEGER NOT NULL,
            forwarded_seconds REAL NOT NULL, forwarded_bytes INTEGER NOT NULL,
            utterances INTEGER NOT NULL, words INTEGER NOT NULL, characters INTEGER NOT NULL,
            PRIMARY KEY (day, client, rule, policy, origin)
        ) STRICT, WITHOUT ROWID;
        """

    /// The names that a proxy gave a session's request.
    private static let second = """
        ALTER TABLE sessions ADD COLUMN request_id TEXT;
        ALTER TABLE sessions ADD COLUMN trace_id TEXT;
        """
}
