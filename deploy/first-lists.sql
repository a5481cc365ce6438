-- The sectors and the kinds of post that a new community begins with. Change them to yours; running it again changes nothing.
-- SQLite:     sqlite3 var/community.sqlite3 < deploy/first-lists.sql
-- PostgreSQL: psql "$DATABASE_URL" --file deploy/first-lists.sql

INSERT INTO sectors (key, name_it, name_en, position, active) VALUES
    ('pharma', 'Farmaceutica e terapie avanzate', 'Pharma & advanced therapies', 0, true),
    ('devices', 'Dispositivi medici e diagnostica in vitro', 'Medical devices & in-vitro diagnostics', 1, true),
    ('ict', 'ICT per la salute', 'ICT for health', 2, true)
ON CONFLICT (key) DO NOTHING;

INSERT INTO post_kinds (key, name_it, name_en, has_deadline, position, active) VALUES
    ('practice', 'Buona pratica', 'Best practice', false, 0, true),
    ('offer', 'Offerta di tecnologia', 'Technology offer', false, 1, true),
    ('request', 'Richiesta di tecnologia', 'Technology request', false, 2, true),
    ('question', 'Domanda', 'Question', false, 3, true),
    ('result', 'Risultato', 'Result', false, 4, true),
    ('call', 'Bando', 'Funding call', true, 5, true)
ON CONFLICT (key) DO NOTHING;
