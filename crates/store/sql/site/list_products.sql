SELECT s.id, s.slug, p.product
FROM site s JOIN site_product p ON p.site_id = s.id
WHERE s.organization_id = $1
ORDER BY s.slug_folded, p.product
