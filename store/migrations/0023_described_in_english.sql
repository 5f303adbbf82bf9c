-- A product's description for those who write in English; empty where it was written in one language only.
ALTER TABLE products ADD COLUMN description_en TEXT NOT NULL DEFAULT '';
