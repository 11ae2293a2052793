SELECT extension, COUNT(*) FROM installed_extension GROUP BY extension ORDER BY extension
