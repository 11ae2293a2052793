DELETE FROM link_plan WHERE valid_until < $1 AND NOT EXISTS (SELECT 1 FROM link WHERE link.plan_digest = link_plan.digest)
