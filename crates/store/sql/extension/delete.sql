DELETE FROM installed_extension WHERE id = $1
