UPDATE mail SET content = REPLACE(content, $1, $2) WHERE content <> REPLACE(content, $1, $2)
