DELETE FROM domain_claim WHERE id = $1
