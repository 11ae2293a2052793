UPDATE proposal SET payer = 'a former address', payer_folded = 'a former address' WHERE payer_folded = $1
