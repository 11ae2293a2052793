SELECT linking_frozen, freeze_reason, version FROM installation WHERE name = 'orglink'
