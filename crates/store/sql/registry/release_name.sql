DELETE FROM registry_name WHERE name = $1
