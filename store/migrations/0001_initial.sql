-- Times are TEXT (UTC, six decimals), money INTEGER rupiah, JSON TEXT: all of it ports to PostgreSQL.
CREATE TABLE migrations (number INTEGER PRIMARY KEY, name TEXT NOT NULL);

-- Checkpoints: one row per thread and namespace in practice, older ones are pruned with the turn.
CREATE TABLE checkpoints (
  thread_id TEXT NOT NULL, ns TEXT NOT NULL, id TEXT NOT NULL, parent_id TEXT,
  encoding TEXT NOT NULL, body BLOB NOT NULL, metadata TEXT NOT NULL,
  PRIMARY KEY (thread_id, ns, id)
);
CREATE TABLE checkpoint_writes (
  thread_id TEXT NOT NULL, ns TEXT NOT NULL, checkpoint_id TEXT NOT NULL,
  task_id TEXT NOT NULL, idx INTEGER NOT NULL, task_path TEXT NOT NULL, channel TEXT NOT NULL,
  encoding TEXT NOT NULL, body BLOB NOT NULL,
  PRIMARY KEY (thread_id, ns, checkpoint_id, task_id, idx)
);

-- Who writes to us.
CREATE TABLE contacts (
  id TEXT PRIMARY KEY, rev INTEGER NOT NULL DEFAULT 0, registered INTEGER NOT NULL DEFAULT 0,
  wa_name TEXT, full_name TEXT, email TEXT, phone TEXT,
  tags TEXT NOT NULL DEFAULT '[]', notes TEXT NOT NULL DEFAULT '',
  vip INTEGER NOT NULL DEFAULT 0, opt_out INTEGER NOT NULL DEFAULT 0, first_seen TEXT NOT NULL
);
CREATE TABLE aliases (
  kind TEXT NOT NULL, value TEXT NOT NULL, contact_id TEXT NOT NULL REFERENCES contacts (id),
  added_at TEXT NOT NULL, PRIMARY KEY (kind, value)
);
CREATE INDEX aliases_of ON aliases (contact_id);
CREATE TABLE conversations (
  id TEXT PRIMARY KEY, desk TEXT NOT NULL, account TEXT NOT NULL, contact_id TEXT NOT NULL REFERENCES contacts (id),
  channel_address TEXT NOT NULL, language TEXT, student_id TEXT, verified_contact TEXT,
  failed_attempts INTEGER NOT NULL DEFAULT 0, locked_until TEXT, injection_count INTEGER NOT NULL DEFAULT 0,
  window_opened_at TEXT
);
CREATE INDEX conversations_of ON conversations (contact_id);

-- The inbox: what came in, once; `id` is the order.
CREATE TABLE inbox (
  id INTEGER PRIMARY KEY AUTOINCREMENT, channel TEXT NOT NULL, account TEXT NOT NULL, external_id TEXT NOT NULL,
  conversation_id TEXT NOT NULL, state TEXT NOT NULL DEFAULT 'unread', body TEXT NOT NULL, received_at TEXT NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0, why TEXT, turn_id TEXT,
  UNIQUE (channel, account, external_id)
);
CREATE INDEX inbox_unread ON inbox (conversation_id, id) WHERE state = 'unread';

-- Cases, as people search them; `body` is the case file of the last turn.
CREATE TABLE cases (
  id TEXT PRIMARY KEY, desk TEXT NOT NULL, conversation_id TEXT NOT NULL, contact_id TEXT NOT NULL,
  state TEXT NOT NULL, owner TEXT NOT NULL, intent TEXT NOT NULL, tier TEXT NOT NULL,
  opened_at TEXT NOT NULL, updated_at TEXT NOT NULL, due_at TEXT, body TEXT NOT NULL
);
CREATE INDEX cases_of ON cases (conversation_id, updated_at);
CREATE INDEX cases_by_state ON cases (desk, state, updated_at);
CREATE TABLE case_numbers (prefix TEXT NOT NULL, year INTEGER NOT NULL, next INTEGER NOT NULL, PRIMARY KEY (prefix, year));
CREATE TABLE turns (id TEXT PRIMARY KEY, conversation_id TEXT NOT NULL, at TEXT NOT NULL);
CREATE INDEX turns_of ON turns (conversation_id, at);
CREATE TABLE turn_records (
  case_id TEXT NOT NULL, turn INTEGER NOT NULL, turn_id TEXT NOT NULL, body BLOB NOT NULL, PRIMARY KEY (case_id, turn)
);
CREATE TABLE transitions (
  id INTEGER PRIMARY KEY AUTOINCREMENT, case_id TEXT NOT NULL, turn_id TEXT NOT NULL,
  old TEXT NOT NULL, new TEXT NOT NULL, actor TEXT NOT NULL, at TEXT NOT NULL
);
CREATE INDEX transitions_of ON transitions (case_id);
CREATE TABLE transcript (
  id INTEGER PRIMARY KEY AUTOINCREMENT, conversation_id TEXT NOT NULL, case_id TEXT NOT NULL, direction TEXT NOT NULL,
  author TEXT NOT NULL, text TEXT NOT NULL, at TEXT NOT NULL, external_id TEXT NOT NULL
);
CREATE INDEX transcript_of ON transcript (case_id);
CREATE INDEX transcript_in ON transcript (conversation_id);

-- The ledger: `queue` is what has to stay in order, `pending` is 1 while queued or attempting.
CREATE TABLE outbox (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL UNIQUE, turn_id TEXT NOT NULL, case_id TEXT NOT NULL,
  conversation_id TEXT NOT NULL, kind TEXT NOT NULL, queue TEXT NOT NULL, body TEXT NOT NULL,
  state TEXT NOT NULL, pending INTEGER NOT NULL, attempts INTEGER NOT NULL DEFAULT 0,
  created_at TEXT NOT NULL, due_at TEXT NOT NULL, attempted_at TEXT, changed_at TEXT NOT NULL,
  provider_id TEXT, error TEXT
);
CREATE INDEX outbox_open ON outbox (pending, seq) WHERE pending = 1;
CREATE INDEX outbox_queue ON outbox (queue, pending, seq);
CREATE INDEX outbox_provider ON outbox (provider_id);
CREATE INDEX outbox_of ON outbox (case_id);
CREATE INDEX outbox_sent ON outbox (conversation_id, attempted_at);

CREATE TABLE timers (
  key TEXT PRIMARY KEY, case_id TEXT NOT NULL, conversation_id TEXT NOT NULL, timer TEXT NOT NULL,
  due_at TEXT NOT NULL, state TEXT NOT NULL, armed INTEGER NOT NULL DEFAULT 1
);
CREATE INDEX timers_armed ON timers (due_at) WHERE state = 'armed';

CREATE TABLE approvals (
  id TEXT PRIMARY KEY, case_id TEXT NOT NULL, token TEXT NOT NULL UNIQUE, state TEXT NOT NULL, digest TEXT NOT NULL,
  kind TEXT NOT NULL, lane TEXT NOT NULL, body TEXT NOT NULL, requested_at TEXT NOT NULL, deadline TEXT NOT NULL,
  decided_by TEXT, decided_at TEXT, why TEXT
);
CREATE INDEX approvals_of ON approvals (case_id, state);
CREATE TABLE evidence (
  key TEXT PRIMARY KEY, case_id TEXT NOT NULL, media_id TEXT NOT NULL, kind TEXT NOT NULL, caption TEXT NOT NULL,
  at TEXT NOT NULL
);
CREATE INDEX evidence_of ON evidence (case_id);
CREATE TABLE audit (
  id INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL UNIQUE, at TEXT NOT NULL, case_id TEXT, actor TEXT NOT NULL,
  service TEXT NOT NULL, action TEXT NOT NULL, result TEXT NOT NULL, body TEXT NOT NULL
);
CREATE INDEX audit_of ON audit (case_id);

-- The school's records.
CREATE TABLE staff (
  id TEXT PRIMARY KEY, position INTEGER NOT NULL, name TEXT NOT NULL, telegram_user_id INTEGER NOT NULL UNIQUE,
  roles TEXT NOT NULL
);
CREATE TABLE coaches (id TEXT PRIMARY KEY, name TEXT NOT NULL, body TEXT NOT NULL);
CREATE TABLE students (
  id TEXT PRIMARY KEY, name TEXT NOT NULL, own_contact TEXT REFERENCES contacts (id),
  package_name TEXT, sessions_left INTEGER, package_expires TEXT
);
CREATE TABLE guardians (
  student_id TEXT NOT NULL REFERENCES students (id), contact_id TEXT NOT NULL REFERENCES contacts (id),
  PRIMARY KEY (student_id, contact_id)
);
CREATE INDEX guardians_of ON guardians (contact_id);
CREATE TABLE sessions (
  id TEXT PRIMARY KEY, student_id TEXT NOT NULL REFERENCES students (id), coach TEXT NOT NULL,
  start_at TEXT NOT NULL, end_at TEXT NOT NULL, status TEXT NOT NULL, moved_to TEXT
);
CREATE INDEX sessions_of ON sessions (student_id, start_at);
CREATE INDEX sessions_by_coach ON sessions (coach, start_at);
CREATE TABLE slots (
  id TEXT PRIMARY KEY, coach TEXT NOT NULL, start_at TEXT NOT NULL, end_at TEXT NOT NULL,
  session_id TEXT, UNIQUE (coach, start_at)
);
CREATE INDEX slots_free ON slots (start_at) WHERE session_id IS NULL;
CREATE TABLE reschedules (
  id TEXT PRIMARY KEY, student_id TEXT NOT NULL REFERENCES students (id), session_id TEXT, at TEXT NOT NULL,
  request_month TEXT NOT NULL, session_month TEXT NOT NULL, source TEXT NOT NULL, approval_id TEXT,
  old_start TEXT, new_start TEXT
);
CREATE INDEX reschedules_of ON reschedules (student_id, request_month);
CREATE TABLE invoices (
  number TEXT PRIMARY KEY, contact_id TEXT NOT NULL REFERENCES contacts (id), student_id TEXT, description TEXT NOT NULL,
  amount INTEGER NOT NULL, due TEXT NOT NULL, status TEXT NOT NULL,
  payment_state TEXT NOT NULL, payment_source TEXT NOT NULL, confirmed_by TEXT, evidence TEXT, payment_at TEXT
);
CREATE INDEX invoices_of ON invoices (contact_id, number);
CREATE TABLE refunds (
  id TEXT PRIMARY KEY, invoice_number TEXT, contact_id TEXT NOT NULL, amount INTEGER, state TEXT NOT NULL,
  approver TEXT NOT NULL, conditions TEXT NOT NULL, approval_id TEXT NOT NULL, case_id TEXT NOT NULL,
  released_at TEXT NOT NULL
);
CREATE TABLE due_tasks (
  id TEXT PRIMARY KEY, action TEXT NOT NULL, subject TEXT NOT NULL, contact_id TEXT NOT NULL, case_id TEXT NOT NULL,
  params TEXT NOT NULL, assignee TEXT NOT NULL, approval_id TEXT, state TEXT NOT NULL, at TEXT NOT NULL
);
CREATE TABLE snapshots (
  contact_id TEXT PRIMARY KEY REFERENCES contacts (id), rev INTEGER NOT NULL, as_of TEXT NOT NULL, body TEXT NOT NULL
);
CREATE TABLE operations (
  key TEXT PRIMARY KEY, case_id TEXT NOT NULL, action TEXT NOT NULL, subject TEXT NOT NULL, status TEXT NOT NULL,
  result TEXT NOT NULL, at TEXT NOT NULL
);
CREATE INDEX operations_of ON operations (case_id);

-- Knowledge: bodies by hash, releases as sets of them.
CREATE TABLE kb_bodies (content_hash TEXT PRIMARY KEY, page_id TEXT NOT NULL, language TEXT NOT NULL, source TEXT NOT NULL);
CREATE TABLE kb_releases (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, release TEXT NOT NULL UNIQUE, at TEXT NOT NULL, published_by TEXT NOT NULL
);
CREATE TABLE kb_pages (
  release TEXT NOT NULL, page_id TEXT NOT NULL, language TEXT NOT NULL, content_hash TEXT NOT NULL,
  PRIMARY KEY (release, page_id, language)
);
CREATE TABLE kb_in_force (slot INTEGER PRIMARY KEY CHECK (slot = 1), release TEXT NOT NULL);
