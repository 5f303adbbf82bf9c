-- What a shop sells. `free` is what can still be sold: not counting what is set aside for somebody.
CREATE TABLE products (
  id TEXT PRIMARY KEY, position INTEGER NOT NULL, name TEXT NOT NULL, category TEXT NOT NULL, description TEXT NOT NULL,
  material TEXT NOT NULL, weight_grams INTEGER NOT NULL, image TEXT NOT NULL, tags TEXT NOT NULL
);
CREATE TABLE variants (
  sku TEXT PRIMARY KEY, product_id TEXT NOT NULL REFERENCES products (id), position INTEGER NOT NULL,
  size TEXT NOT NULL, colour TEXT NOT NULL, price INTEGER NOT NULL CHECK (price >= 0),
  free INTEGER NOT NULL CHECK (free >= 0)
);
CREATE INDEX variants_of ON variants (product_id, position);

-- Who buys, and what. `conversation_id` is where its news are told.
CREATE TABLE addresses (
  id TEXT PRIMARY KEY, contact_id TEXT NOT NULL REFERENCES contacts (id), label TEXT NOT NULL, recipient TEXT NOT NULL,
  phone TEXT NOT NULL, full_address TEXT NOT NULL, city TEXT NOT NULL, province TEXT NOT NULL,
  postal_code TEXT NOT NULL, is_default INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX addresses_of ON addresses (contact_id);
CREATE TABLE orders (
  number TEXT PRIMARY KEY, contact_id TEXT NOT NULL REFERENCES contacts (id), conversation_id TEXT,
  status TEXT NOT NULL, subtotal INTEGER NOT NULL, shipping INTEGER NOT NULL, discount INTEGER NOT NULL,
  total INTEGER NOT NULL, voucher TEXT, address TEXT, courier TEXT, tracking TEXT,
  invoice_number TEXT REFERENCES invoices (number), created_at TEXT NOT NULL, paid_at TEXT, shipped_at TEXT,
  delivered_at TEXT, CHECK (total = subtotal + shipping - discount AND total >= 0)
);
CREATE INDEX orders_of ON orders (contact_id, created_at);
CREATE INDEX orders_by_status ON orders (status, created_at);
CREATE UNIQUE INDEX orders_billed ON orders (invoice_number);
CREATE TABLE order_items (
  order_number TEXT NOT NULL REFERENCES orders (number), position INTEGER NOT NULL, sku TEXT NOT NULL,
  name TEXT NOT NULL, qty INTEGER NOT NULL CHECK (qty > 0), unit_price INTEGER NOT NULL,
  PRIMARY KEY (order_number, position)
);

-- Stock set aside, for an order (`holder` is its number) or an exchange (the key of its task): held until it is paid
-- or runs out, sold until it leaves the house; then it is freed, or gone.
CREATE TABLE reservations (
  holder TEXT NOT NULL, sku TEXT NOT NULL REFERENCES variants (sku), qty INTEGER NOT NULL CHECK (qty > 0),
  state TEXT NOT NULL, expires_at TEXT, PRIMARY KEY (holder, sku)
);
CREATE INDEX reservations_of ON reservations (sku) WHERE state IN ('held', 'sold');
CREATE INDEX reservations_ending ON reservations (expires_at) WHERE state = 'held';

CREATE TABLE shipping_rates (
  courier TEXT NOT NULL, city TEXT NOT NULL, first_kg INTEGER NOT NULL, next_kg INTEGER NOT NULL, days TEXT NOT NULL,
  PRIMARY KEY (city, courier)
);
CREATE TABLE vouchers (
  code TEXT PRIMARY KEY, percent INTEGER, amount INTEGER, least_subtotal INTEGER NOT NULL, most_discount INTEGER,
  begins_at TEXT, ends_at TEXT, uses INTEGER, once_per_contact INTEGER NOT NULL
);
CREATE TABLE voucher_uses (
  order_number TEXT PRIMARY KEY REFERENCES orders (number), code TEXT NOT NULL REFERENCES vouchers (code),
  contact_id TEXT NOT NULL, at TEXT NOT NULL
);
CREATE INDEX voucher_uses_of ON voucher_uses (code, contact_id);

-- Numbers given, counted in the transaction that uses them: no gap and none twice.
CREATE TABLE order_years (year INTEGER PRIMARY KEY, last INTEGER NOT NULL);
CREATE TABLE invoice_days (day TEXT PRIMARY KEY, last INTEGER NOT NULL);
