SELECT last_number FROM invoice_sequence WHERE one = 1
