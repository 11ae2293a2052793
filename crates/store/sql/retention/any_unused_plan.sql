SELECT COUNT(*) FROM (
    SELECT digest FROM link_plan
    WHERE valid_until < $1 AND NOT EXISTS (SELECT 1 FROM link WHERE link.plan_digest = link_plan.digest)
      AND NOT EXISTS (SELECT 1 FROM proposal_consent c WHERE c.plan_digest = link_plan.digest)
      AND NOT EXISTS (SELECT 1 FROM users_migration m WHERE m.plan_digest = link_plan.digest)
    LIMIT 1) unused
